"""What a query is once its language no longer matters."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from rulewright_engine.ir.expression import Condition, Value
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import NOWHERE, Span

__all__ = [
    "AnyQuery",
    "EsqlQuery",
    "EventQuery",
    "Language",
    "Parsed",
    "Pipe",
    "Query",
    "QueryOptions",
    "Sample",
    "Sequence",
    "Stage",
]


class Language(StrEnum):
    """The query languages; the value is what a rule file says in `language` (KQL is `kuery` there)."""

    EQL = "eql"
    KQL = "kuery"
    LUCENE = "lucene"
    ESQL = "esql"


@dataclass(frozen=True, slots=True)
class Pipe:
    """`head` or `tail` and how many results it keeps."""

    name: str
    count: int
    span: Span


@dataclass(frozen=True, slots=True)
class EventQuery:
    """One condition; each event that meets it is a result."""

    condition: Condition
    pipes: tuple[Pipe, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One `[ ... ]` of a sequence or sample. `keys` holds the shared keys, then its own; `runs` repeats it.

    `missing` is EQL's `![ ... ]`: no such event.
    """

    condition: Condition
    keys: tuple[Value, ...]
    runs: int = 1
    missing: bool = False
    span: Span = NOWHERE


@dataclass(frozen=True, slots=True)
class Sequence:
    """Events that meet the stages in order for one key. `maxspan` is in milliseconds."""

    stages: tuple[Stage, ...]
    maxspan: int | None = None
    until: Stage | None = None
    pipes: tuple[Pipe, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """One event for each stage, in any order, for one key."""

    stages: tuple[Stage, ...]
    pipes: tuple[Pipe, ...] = ()


Query = EventQuery | Sequence | Sample
"""A query about events: in EQL, KQL or Lucene."""


@dataclass(frozen=True, slots=True)
class EsqlQuery:
    """A query in ES|QL, which computes rows: its text, free of errors over `fields`; `now` is for date math."""

    text: str
    fields: FieldTypes
    now: int


AnyQuery = Query | EsqlQuery


@dataclass(frozen=True, slots=True)
class QueryOptions:
    """The fields that EQL gives a meaning to; a rule or the command line may name others.

    `now` is what `now` means in date math, in epoch milliseconds; never the clock.
    """

    event_category_field: str = "event.category"
    timestamp_field: str = "@timestamp"
    tiebreaker_field: str | None = None
    now: int = REFERENCE_TIME


QueryT = TypeVar("QueryT", covariant=True)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[QueryT]):
    """The query, or None when it has errors or cannot be run; spans are offsets into the query text."""

    query: QueryT | None
    diagnostics: tuple[Diagnostic, ...]
