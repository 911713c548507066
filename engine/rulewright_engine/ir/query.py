"""What a query is once its language no longer matters."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import Generic, TypeVar

from rulewright_engine.ir.expression import Condition, Field, Leaf, Value
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
    "Part",
    "Pipe",
    "Query",
    "QueryOptions",
    "Role",
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


class Role(StrEnum):
    """What an event that meets a condition of a query does."""

    EVENT = "event"  # it is a result by itself
    STAGE = "stage"  # it takes part in a result
    MISSING = "missing"  # it prevents one: `![ ... ]`
    UNTIL = "until"  # it ends a sequence that is not complete


@dataclass(frozen=True, slots=True)
class Part:
    """One condition of a query, with the join keys of its stage; `runs` events must meet it one behind the other."""

    condition: Condition
    role: Role
    keys: tuple[Value, ...] = ()
    runs: int = 1

    @property
    def wanted(self) -> bool:
        """Whether a result needs an event that meets the condition."""
        return self.role in (Role.EVENT, Role.STAGE)

    @property
    def required_keys(self) -> tuple[Field, ...]:
        """The key fields; an event that lacks one takes part in nothing."""
        return tuple(key for key in self.keys if isinstance(key, Field) and not key.optional)


class _Conditions:
    """The conditions of a query, whatever its shape, in the order of its text."""

    __slots__ = ()

    @property
    @abstractmethod
    def parts(self) -> tuple[Part, ...]: ...

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return tuple(part.condition for part in self.parts)

    def leaves(self) -> Iterator[Leaf]:
        """The atomic conditions of all stages."""
        return chain.from_iterable(condition.leaves() for condition in self.conditions)

    def fields(self) -> Iterator[Field]:
        """The fields of all conditions, repeats included; join keys are no conditions."""
        return chain.from_iterable(condition.fields() for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class EventQuery(_Conditions):
    """One condition; each event that meets it is a result."""

    condition: Condition
    pipes: tuple[Pipe, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return (Part(self.condition, Role.EVENT),)

    def with_condition(self, number: int, condition: Condition) -> "EventQuery":
        """The query with another condition in the place of its only one."""
        return replace(self, condition=condition)


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

    @property
    def part(self) -> Part:
        return Part(self.condition, Role.MISSING if self.missing else Role.STAGE, self.keys, self.runs)


@dataclass(frozen=True, slots=True)
class Sequence(_Conditions):
    """Events that meet the stages in order for one key. `maxspan` is in milliseconds."""

    stages: tuple[Stage, ...]
    maxspan: int | None = None
    until: Stage | None = None
    pipes: tuple[Pipe, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Those of the stages, and behind them that of `until`."""
        parts = tuple(stage.part for stage in self.stages)
        return parts if self.until is None else (*parts, replace(self.until.part, role=Role.UNTIL))

    def with_condition(self, number: int, condition: Condition) -> "Sequence":
        """The query with another condition in one part."""
        if self.until is not None and number == len(self.stages):
            return replace(self, until=replace(self.until, condition=condition))
        return replace(self, stages=_with_condition(self.stages, number, condition))


@dataclass(frozen=True, slots=True)
class Sample(_Conditions):
    """One event for each stage, in any order, for one key."""

    stages: tuple[Stage, ...]
    pipes: tuple[Pipe, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(stage.part for stage in self.stages)

    def with_condition(self, number: int, condition: Condition) -> "Sample":
        """The query with another condition in one part."""
        return replace(self, stages=_with_condition(self.stages, number, condition))


def _with_condition(stages: tuple[Stage, ...], number: int, condition: Condition) -> tuple[Stage, ...]:
    return (*stages[:number], replace(stages[number], condition=condition), *stages[number + 1 :])


Query = EventQuery | Sequence | Sample
"""A query about events: in EQL, KQL or Lucene."""


@dataclass(frozen=True, slots=True)
class EsqlQuery(_Conditions):
    """A query in ES|QL, which computes rows: its text, free of errors over `fields`; `now` is for date math.

    Its conditions are of another kind, and have no part here.
    """

    text: str
    types: FieldTypes
    now: int

    @property
    def parts(self) -> tuple[Part, ...]:
        return ()

    def with_condition(self, number: int, condition: Condition) -> "EsqlQuery":
        """The query itself."""
        return self


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
