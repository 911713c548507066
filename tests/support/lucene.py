"""Reads Lucene queries over a mapping."""

from collections.abc import Mapping

from rulewright_engine.evaluate import Check, compile_condition
from rulewright_engine.ir.fields import FieldTypes, MappingFields
from rulewright_engine.ir.query import EventQuery, Language, Parsed, QueryOptions
from rulewright_engine.languages.parse import parse_query


def read(text: str, mapping: Mapping[str, str]) -> Parsed:
    return parse_query(Language.LUCENE, text, MappingFields(mapping))


def checked(text: str, fields: FieldTypes, options: QueryOptions | None = None) -> tuple[Check, list[str]]:
    """The query as a check of one event, and the codes of what is said of it."""
    parsed = parse_query(Language.LUCENE, text, fields, options or QueryOptions())
    assert isinstance(parsed.query, EventQuery), parsed.diagnostics
    return compile_condition(parsed.query.condition), [problem.code for problem in parsed.diagnostics]
