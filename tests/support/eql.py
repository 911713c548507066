"""Runs EQL over documents the way the `query` command does: types come from a mapping, else from the documents."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.event_types import types_of_events
from rulewright_engine.evaluate.run import Result, run
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import Language, Parsed, QueryOptions
from rulewright_engine.languages.parse import parse_query

DEFAULT = QueryOptions()


def fields_of(documents: Iterable[Mapping[str, Any]], mapping: Mapping[str, str] | None = None) -> MappingFields:
    inferred = types_of_events([Event(document) for document in documents])
    return MappingFields({**inferred, **(mapping or {})})


def read(text: str, mapping: Mapping[str, str], options: QueryOptions = DEFAULT) -> Parsed:
    return parse_query(Language.EQL, text, MappingFields(mapping), options)


def results(
    text: str,
    documents: Sequence[Mapping[str, Any]],
    *,
    mapping: Mapping[str, str] | None = None,
    options: QueryOptions = DEFAULT,
    size: int | None = None,
) -> list[Result]:
    fields = fields_of(documents, mapping)
    parsed = parse_query(Language.EQL, text, fields, options)
    assert parsed.query is not None, parsed.diagnostics
    return run(parsed.query, [Event(document) for document in documents], fields=fields, options=options, size=size)
