"""The one way from query text to a `Query`, whatever its language."""

from dataclasses import dataclass

from rulewright_engine.dates import REFERENCE_TIME
from rulewright_engine.fields import FieldTypes
from rulewright_engine.query import Language, Query
from rulewright_schema.diagnostics import Diagnostic

__all__ = ["Parsed", "QueryOptions", "parse_query"]


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """The fields that EQL gives a meaning to; a rule or the command line may name others.

    `now` is what `now` means in date math, in epoch milliseconds; never the clock.
    """

    event_category_field: str = "event.category"
    timestamp_field: str = "@timestamp"
    tiebreaker_field: str | None = None
    now: int = REFERENCE_TIME


@dataclass(frozen=True, slots=True)
class Parsed:
    """The query, or None when it has errors; spans of the diagnostics are offsets into the query text."""

    query: Query | None
    diagnostics: tuple[Diagnostic, ...]


def parse_query(language: Language, text: str, fields: FieldTypes, options: QueryOptions = QueryOptions()) -> Parsed:
    """Parse, type and lower `text`. Never raises for bad input: every problem is a diagnostic."""
    raise NotImplementedError(language, text, fields, options)
