"""Runs a query over events: which of them are results, and in which order (semantics B1)."""

from collections.abc import Callable, Iterator
from collections.abc import Sequence as Items
from dataclasses import dataclass, replace
from typing import Any

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.samples import match_sample
from rulewright_engine.evaluate.sequences import SequenceMatcher
from rulewright_engine.ir.expression import Field, FieldType, Scalar
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import (
    EventQuery,
    Pipe,
    Query,
    QueryOptions,
    Sample,
    Sequence,
)
from rulewright_schema.source import NOWHERE

__all__ = ["Result", "Runner", "newest", "run", "runner"]


@dataclass(frozen=True, slots=True)
class Result:
    """The positions of the events that make a result, -1 for a missing event.

    `keys` are the values that the events of a sequence or sample share, in the order of the join keys; None is null.
    """

    events: tuple[int, ...]
    keys: tuple[Scalar, ...] = ()


Runner = Callable[[Items[Event]], list[Result]]
"""Finds the results of one query among events."""


def run(
    query: Query,
    events: Items[Event],
    *,
    fields: FieldTypes,
    options: QueryOptions,
    size: int | None = None,
) -> list[Result]:
    """The results in order: events by time, sequences by their last event, samples by key; at most `size` of them.

    Time is (timestamp, tiebreaker, position). Raises `LimitExceeded` for events beyond the limits of evaluation.
    """
    results = runner(query, fields=fields, options=options)(events)
    return results if size is None else results[:size]


def newest(query: Query, size: int) -> Query:
    """An EQL query that finds at most `size` results, as an EQL search does.

    It answers from the end, in ascending order; from the start where the first pipe is `head`. The limit comes before
    the pipes. Samples have no order in time: there it keeps the first.
    """
    begins = isinstance(query, Sample) or any(pipe.name == "head" for pipe in query.pipes[:1])
    return replace(query, pipes=(Pipe("head" if begins else "tail", size, NOWHERE), *query.pipes))


def runner(query: Query, *, fields: FieldTypes, options: QueryOptions) -> Runner:
    """What runs `query` over one set of events after another; a condition is compiled once for all of them."""
    clock = _Clock(fields, options)
    find = _finder(query, clock)

    def run_over(events: Items[Event]) -> list[Result]:
        results = find(events)
        for pipe in query.pipes:
            results = _piped(pipe, results)
        return results

    return run_over


def _finder(query: Query, clock: "_Clock") -> Runner:
    """The results before any pipe."""
    match query:
        case EventQuery(condition):
            meets = compile_condition(condition)
            return lambda events: [
                Result((position,))
                for position in clock.in_order(events, [at for at, event in enumerate(events) if meets(event)])
            ]
        case Sequence():
            matcher = SequenceMatcher(query)
            return lambda events: [Result(*found) for found in matcher.run(clock.stream(events))]
        case Sample():
            return lambda events: [Result(*found) for found in match_sample(query, events)]


def _piped(pipe: Pipe, results: list[Result]) -> list[Result]:
    if pipe.name == "head":
        return results[: pipe.count]
    return results[max(0, len(results) - pipe.count) :]


class _Clock:
    """Puts events in the order of time; what has no time comes first."""

    def __init__(self, fields: FieldTypes, options: QueryOptions) -> None:
        self._timestamp = Field(options.timestamp_field, FieldType.DATE)
        self._tiebreaker: Field | None = None
        if options.tiebreaker_field is not None:
            info = fields.lookup(options.tiebreaker_field)
            self._tiebreaker = Field(options.tiebreaker_field, info.type if info else FieldType.NULL)

    def time_of(self, event: Event) -> int | None:
        """Epoch milliseconds; the earliest of several."""
        return min(event.values(self._timestamp), default=None)

    def stream(self, events: Items[Event]) -> Iterator[tuple[int, int, Event]]:
        """Position, time and event of all that have a time, in order."""
        for position in self.in_order(events):
            if (time := self.time_of(events[position])) is not None:
                yield position, time, events[position]

    def in_order(self, events: Items[Event], positions: Items[int] | None = None) -> list[int]:
        """Positions by time; all of them where `positions` is not given."""
        chosen = range(len(events)) if positions is None else positions
        return sorted(chosen, key=lambda position: self._key(events[position]))

    def _key(self, event: Event) -> tuple[Any, ...]:
        time = self.time_of(event)
        ties = event.values(self._tiebreaker) if self._tiebreaker else ()
        return (time is not None, time or 0, bool(ties), min(ties, default=0))
