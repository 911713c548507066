"""When events happen: close together, in one bucket of time, or as far apart as a query asks for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rulewright_engine.esql.analysis.plan import (
    AggregateStep,
    Apply,
    AssignStep,
    Constant,
    Filter,
    Plan,
)
from rulewright_engine.esql.functions.instants import add, truncate
from rulewright_engine.esql.syntax.timespans import Duration, Period, TimeAmount
from rulewright_engine.ir.expression import Scalar
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_generators.cases.esql.events.event_builder import Candidate
from rulewright_generators.cases.esql.events.event_set import START, EventSet
from rulewright_generators.cases.esql.events.lowering import Lowering
from rulewright_schema.durations import time_words

__all__ = ["TIME", "arranged", "bucket_end", "lengths_of", "spans_of", "stretched"]

TIME = "@timestamp"

SPREADS = (1_000, 30_000, 300_000, 1_800_000, 7_200_000, 86_400_000)
"""Milliseconds between events that are tried where a query asks how much time has passed."""


def arranged(plan: Plan, candidates: tuple[Candidate, ...]) -> Iterator[EventSet]:
    """The events close together, and where a query asks how much time has passed, further apart; both orders."""
    room = min((bucket_end(START, span) - START for span in spans_of(plan)), default=REFERENCE_TIME - START)
    steps = [max(1, min(1_000, room // (len(candidates) + 1))), *(SPREADS if asks_for_time(plan) else ())]
    asked = [value for value in candidates[0].values.get(TIME, ()) if isinstance(value, int)]
    for step in dict.fromkeys(steps):
        for start in dict.fromkeys((min(START, REFERENCE_TIME - step * len(candidates)), *asked)):
            yield EventSet(candidates, start, step)
            if len(candidates) > 1:
                yield EventSet(candidates[::-1], start, step)


def lengths_of(lowering: Lowering, targets: Mapping[str, Sequence[Scalar]]) -> Iterator[int]:
    """The milliseconds that are to lie between events, where what is wanted of a DATE_DIFF says so."""
    for name, values in targets.items():
        value = lowering.variables[name].value if name in lowering.variables else None
        elapsed = value.function.traits.elapsed if isinstance(value, Apply) else None
        if isinstance(value, Apply) and elapsed is not None:
            lengths = (elapsed(value.given, each) for each in values if isinstance(each, int) and each >= 0)
            yield from (length for length in lengths if length is not None)


def stretched(plan: Plan, event_set: EventSet, length: int) -> tuple[EventSet, str]:
    """The same events, with so many milliseconds from the first to the last: from the beginning of a bucket."""
    start = min(event_set.start, REFERENCE_TIME - length)
    for span in spans_of(plan):
        start = truncate(start, span)
    last = replace(event_set.candidates[-1], instant=start + length)
    step = length // max(len(event_set.candidates) - 1, 1)
    changed = replace(event_set, candidates=(*event_set.candidates[:-1], last), start=start, step=step)
    return changed, f"{time_words(length)} lie between the first and the last event"


def spans_of(plan: Plan) -> Iterator[TimeAmount]:
    """The widths of the buckets of time that a query makes."""
    for node in _calls_of(plan):
        if node.function.traits.rounds_time:
            for argument in node.arguments:
                if isinstance(argument, Constant) and isinstance(argument.value, Duration | Period):
                    yield argument.value


def bucket_end(instant: int, span: TimeAmount) -> int:
    return add(truncate(instant, span), span)


def asks_for_time(plan: Plan) -> bool:
    return any(call.function.traits.time_as_number for call in _calls_of(plan))


def _calls_of(plan: Plan) -> Iterator[Apply]:
    for step in plan.steps:
        match step:
            case Filter(condition):
                yield from condition.find(Apply)
            case AssignStep(assigns):
                for assign in assigns:
                    yield from assign.expression.find(Apply)
            case AggregateStep(before=before, after=after):
                for assign in (*before, *after):
                    yield from assign.expression.find(Apply)
