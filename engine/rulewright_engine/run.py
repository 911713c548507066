"""Runs a query over events: which of them are results, and in which order (semantics B1)."""

from collections.abc import Sequence as Items
from dataclasses import dataclass
from typing import Any

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.event import Event
from rulewright_engine.expression import Field, FieldType, Scalar
from rulewright_engine.fields import FieldTypes
from rulewright_engine.languages import QueryOptions
from rulewright_engine.query import EventQuery, Pipe, Query, Sample, Sequence
from rulewright_engine.samples import match_sample
from rulewright_engine.sequences import match_sequence

__all__ = ["Result", "run"]


@dataclass(frozen=True, slots=True)
class Result:
    """The positions of the events that make a result, -1 for a missing event.

    `keys` are the values that the events of a sequence or sample share, in the order of the join keys; None is null.
    """

    events: tuple[int, ...]
    keys: tuple[Scalar, ...] = ()


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
    clock = _Clock(fields, options)
    match query:
        case EventQuery(condition):
            meets = compile_condition(condition)
            found = clock.in_order(events, [position for position, event in enumerate(events) if meets(event)])
            results = [Result((position,)) for position in found]
        case Sequence():
            order = [position for position in clock.in_order(events) if clock.time_of(events[position]) is not None]
            stream = ((position, clock.time_of(events[position]) or 0, events[position]) for position in order)
            results = [Result(positions, keys) for positions, keys in match_sequence(query, stream)]
        case Sample():
            results = [Result(positions, keys) for positions, keys in match_sample(query, events)]
    for pipe in query.pipes:
        results = _piped(pipe, results)
    return results if size is None else results[:size]


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

    def in_order(self, events: Items[Event], positions: Items[int] | None = None) -> list[int]:
        """Positions by time; all of them where `positions` is not given."""
        chosen = range(len(events)) if positions is None else positions
        return sorted(chosen, key=lambda position: self._key(events[position]))

    def _key(self, event: Event) -> tuple[Any, ...]:
        time = self.time_of(event)
        ties = event.values(self._tiebreaker) if self._tiebreaker else ()
        return (time is not None, time or 0, bool(ties), min(ties, default=0))
