"""The one way from query text to a `Query`, whatever its language."""

from collections.abc import Callable
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
    """The query, or None when it has errors or cannot be run; spans are offsets into the query text."""

    query: Query | None
    diagnostics: tuple[Diagnostic, ...]


def parse_query(language: Language, text: str, fields: FieldTypes, options: QueryOptions = QueryOptions()) -> Parsed:
    """Parse, type and lower `text`. Never raises for bad input: every problem is a diagnostic.

    An ES|QL query computes rows and is no `Query`; `engine.esql` reads and runs it, and nothing is said of it here.
    """
    reader = _READERS.get(language)
    return Parsed(None, ()) if reader is None else reader(text, fields, options)


# One function a language, so that a language is imported when its first query comes


def _read_eql(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed:
    from rulewright_engine.eql.reader import read

    return read(text, fields, options)


def _read_kql(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed:
    from rulewright_engine.kql.query import parse_kql

    return Parsed(*parse_kql(text, fields, now=options.now))


def _read_lucene(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed:
    from rulewright_engine.lucene.query import parse_lucene

    return Parsed(*parse_lucene(text, fields, now=options.now))


_READERS: dict[Language, Callable[[str, FieldTypes, QueryOptions], Parsed]] = {
    Language.EQL: _read_eql,
    Language.KQL: _read_kql,
    Language.LUCENE: _read_lucene,
}
