"""The query of a rule, read once for everything that asks for it: checks, cases, documents, exports."""

from dataclasses import dataclass, replace
from functools import lru_cache

from rulewright_engine.ir.fields import CatalogueFields, FieldTypes
from rulewright_engine.ir.query import AnyQuery, Language, Parsed, QueryOptions
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_schema.catalogue import Catalogue
from rulewright_schema.config import Config
from rulewright_schema.rule import EqlRule, Rule

__all__ = ["RuleQuery", "read_query", "rule_query"]


@dataclass(frozen=True, slots=True)
class RuleQuery:
    """A rule's query: its text, what it means (`parsed.query` is None where it is wrong), and what it was read with."""

    text: str
    language: Language
    parsed: Parsed[AnyQuery]
    fields: CatalogueFields
    options: QueryOptions


def rule_query(rule: Rule, config: Config, *, now: int = REFERENCE_TIME) -> RuleQuery | None:
    """The query of a rule, or None for a rule without one; `now` is for date math. Equal queries are read once."""
    text, language = rule.query_text, rule.query_language
    if text is None or language is None or language not in frozenset(Language):
        return None
    return _read(Language(language), text, replace(_options_of(rule), now=now), config.catalogue)


def read_query(
    language: Language, text: str, fields: FieldTypes, options: QueryOptions = QueryOptions()
) -> Parsed[AnyQuery]:
    """The one door from text to a query, whatever its language. Every problem is a diagnostic."""
    if language is Language.ESQL:
        from rulewright_engine.esql.analysis.query import read  # imported late: most rule sets hold no ES|QL

        return read(text, fields, options)
    return parse_query(language, text, fields, options)


def _options_of(rule: Rule) -> QueryOptions:
    """The fields that a rule names for EQL, else the defaults."""
    if not isinstance(rule, EqlRule):
        return QueryOptions()
    defaults = QueryOptions()
    return QueryOptions(
        event_category_field=rule.event_category_override or defaults.event_category_field,
        timestamp_field=rule.timestamp_field or defaults.timestamp_field,
        tiebreaker_field=rule.tiebreaker_field,
    )


@lru_cache(maxsize=4096)
def _read(language: Language, text: str, options: QueryOptions, catalogue: Catalogue) -> RuleQuery:
    fields = _fields(catalogue)
    return RuleQuery(text, language, read_query(language, text, fields, options), fields, options)


@lru_cache(maxsize=8)
def _fields(catalogue: Catalogue) -> CatalogueFields:
    return CatalogueFields(catalogue)
