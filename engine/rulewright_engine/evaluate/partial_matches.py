"""How far events came through a sequence or a sample that found no result, and what was missing.

Every answer is one of evaluation: of a query with fewer stages (how far), or with a demand less (what was missing).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.run import Result, run
from rulewright_engine.evaluate.sequences import stage_keys
from rulewright_engine.ir.expression import Scalar
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import QueryOptions, Sample, Stage
from rulewright_engine.ir.query import Sequence as SequenceQuery

__all__ = ["Demand", "SampleProgress", "SequenceProgress", "events_of", "sample_progress", "sequence_progress"]


class Demand(StrEnum):
    """What a sequence asks for beside conditions and their order."""

    KEYS = "keys"  # the events share the join keys
    SPAN = "span"  # they are within `maxspan` of each other
    UNTIL = "until"  # no event of `until` stands between them
    ABSENCE = "absence"  # the event that a missing stage speaks of is not there


@dataclass(frozen=True, slots=True)
class SequenceProgress:
    """`best` is the latest that came furthest, through `reached` steps (a stage with `runs` is as many; None and 0:
    not even through the first), and `lacking` the index of the stage that comes next.

    `in_the_way` are the fewest demands without which that stage would have been reached, and `without` the result
    then. Where none is in the way, no event meets the stage, or none at the right time.
    """

    best: Result | None
    reached: int
    lacking: int
    in_the_way: tuple[Demand, ...] = ()
    without: Result | None = None


@dataclass(frozen=True, slots=True)
class SampleProgress:
    """`key` has events for the most stages, `lacking` are the indices of the others; where there are none, one event
    would have to serve two stages. None: no event meets any stage."""

    key: tuple[Scalar, ...] | None
    lacking: tuple[int, ...]


Find = Callable[[SequenceQuery], Result | None]


def events_of(stage: Stage, events: Sequence[Event]) -> tuple[int, ...]:
    """The positions of the events that meet a stage by themselves."""
    meets = compile_condition(stage.condition)
    return tuple(position for position, event in enumerate(events) if meets(event))


def sequence_progress(
    query: SequenceQuery, events: Sequence[Event], *, fields: FieldTypes, options: QueryOptions
) -> SequenceProgress:
    """What is to be said of a sequence that is not among `events`."""
    query = replace(query, pipes=())

    def find(shorter: SequenceQuery) -> Result | None:
        found = run(shorter, events, fields=fields, options=options)
        return found[-1] if found else None

    steps = sum(stage.runs for stage in query.stages if not stage.missing)
    lengths = range(steps, 0, -1)
    reached, best = next(((n, found) for n in lengths if (found := find(_shortened(query, n)))), (0, None))
    wanted = _shortened(query, reached + 1) if reached < steps - 1 else query
    in_the_way, without = _obstacles(wanted, find)
    return SequenceProgress(best, reached, _stage_behind(query.stages, reached), in_the_way, without)


def sample_progress(query: Sample, events: Sequence[Event]) -> SampleProgress:
    """What is to be said of a sample that is not among `events`."""
    stages_of: dict[tuple[Scalar, ...], set[int]] = {}
    for index, stage in enumerate(query.stages):
        keys_of = stage_keys(stage)
        for position in events_of(stage, events):
            for key in keys_of(events[position]):
                stages_of.setdefault(key, set()).add(index)
    every = set(range(len(query.stages)))
    if not stages_of:
        return SampleProgress(None, tuple(sorted(every)))
    best = max(stages_of, key=lambda key: len(stages_of[key]))
    return SampleProgress(best, tuple(sorted(every - stages_of[best])))


def _shortened(query: SequenceQuery, steps: int) -> SequenceQuery:
    """The first steps, with the missing stages that stand before or between them."""
    stages: list[Stage] = []
    missing: list[Stage] = []
    for stage in query.stages:
        if stage.missing:
            missing.append(stage)
        elif steps > 0:
            stages += [*missing, replace(stage, runs=min(stage.runs, steps))]
            steps -= stage.runs
            missing = []
    return replace(query, stages=tuple(stages))


def _stage_behind(stages: Sequence[Stage], steps: int) -> int:
    """The index of the stage that so many steps lead up to; behind the last step, of the last missing stage."""
    for index, stage in enumerate(stages):
        if not stage.missing:
            if steps < stage.runs:
                return index
            steps -= stage.runs
    return max((index for index, stage in enumerate(stages) if stage.missing), default=len(stages) - 1)


def _obstacles(wanted: SequenceQuery, find: Find) -> tuple[tuple[Demand, ...], Result | None]:
    """The fewest demands without which there is a result."""
    demands = list(_demands(wanted))
    for count in range(1, len(demands) + 1):
        for some in combinations(demands, count):
            if found := find(_without(wanted, some)):
                return some, found
    return (), None


def _demands(query: SequenceQuery) -> Iterator[Demand]:
    if any(stage.missing for stage in query.stages):
        yield Demand.ABSENCE
    if query.until is not None:
        yield Demand.UNTIL
    if query.maxspan is not None:
        yield Demand.SPAN
    if any(stage.keys for stage in query.stages):
        yield Demand.KEYS


def _without(query: SequenceQuery, demands: Sequence[Demand]) -> SequenceQuery:
    if Demand.ABSENCE in demands:
        query = replace(query, stages=tuple(stage for stage in query.stages if not stage.missing))
    if Demand.UNTIL in demands:
        query = replace(query, until=None)
    if Demand.SPAN in demands:
        query = replace(query, maxspan=None)
    if Demand.KEYS in demands:
        until = query.until and replace(query.until, keys=())
        query = replace(query, stages=tuple(replace(stage, keys=()) for stage in query.stages), until=until)
    return query
