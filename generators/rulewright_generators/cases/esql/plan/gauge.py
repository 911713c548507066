"""How near events come to an alert, or to none: which WHERE rows fail at, and how far they are from passing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rulewright_engine.esql.analysis.plan import AggregateStep, Apply, Filter, Plan, Row, Typed
from rulewright_engine.esql.execution.compile import Compiled
from rulewright_engine.esql.execution.execute import CompiledPlan
from rulewright_engine.esql.functions.registry import Function, FunctionKind
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import Outside
from rulewright_generators.cases.esql.plan.column_lineage import view_of
from rulewright_generators.cases.esql.plan.distance import Distance, Distances

__all__ = ["About", "Difference", "Gauge", "Part", "Reading", "Silence", "segments_of"]

About = tuple[Typed, int]
"""What is asked about, and the segment of the rows that are asked."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the conditions that a row must meet, and what it asks about."""

    distance: Distance
    asks: Typed


@dataclass(frozen=True, slots=True)
class Reading:
    """`score` is 0 where events do what is wanted, and smaller the nearer they come to it; `about` is what is amiss."""

    score: float
    about: tuple[About, ...] = ()


class _Watched:
    """A plan that reports of every row at a WHERE to `judge`, which says whether the row passes."""

    def __init__(self, plan: Plan) -> None:
        self.spent = 0
        self.segments = segments_of(plan)
        self.filters = {number: step for number, step in enumerate(plan.steps) if isinstance(step, Filter)}
        steps = list(plan.steps)
        for number, step in self.filters.items():
            steps[number] = replace(step, condition=self._with_report(number, step.condition))
        self._compiled = CompiledPlan(replace(plan, steps=tuple(steps)))

    def fires(self, events: Sequence[Event], outside: Outside) -> bool:
        self.spent += len(events)
        self._compiled.outside = outside
        return any(True for _ in self._compiled.rows(events))

    def judge(self, number: int, row: Row, evaluate: Compiled) -> bool:
        raise NotImplementedError

    def _with_report(self, number: int, condition: Typed) -> Apply:
        def test(row: Row, evaluate: Compiled) -> bool:
            return self.judge(number, row, evaluate)

        watching = Function("watched", FunctionKind.LAZY, (), lambda binding: test)
        return Apply(watching, (condition,), Type.BOOLEAN, test, condition.span)


class Gauge(_Watched):
    """How near events come to an alert of a plan; `instead` are the parts of a WHERE, by its step, that count in the
    place of its own condition."""

    def __init__(self, plan: Plan, instead: Mapping[int, Sequence[Part]] | None = None) -> None:
        super().__init__(plan)
        self._instead = instead or {}
        distances = Distances(view_of(plan))
        self._parts = {
            number: list(self._instead.get(number, ()))
            or [
                Part(distances.to(each, self.segments[number], wanted=True), each)
                for each in step.condition.conjuncts()
            ]
            for number, step in self.filters.items()
        }
        self._passed: set[int] = set()
        self._gaps: dict[int, list[float]] = {}

    def read(self, events: Sequence[Event], outside: Outside) -> Reading:
        self._passed, self._gaps = set(), {}
        if self.fires(events, outside):
            return Reading(0.0)
        waiting = [number for number in self.filters if number not in self._passed]
        if not waiting:
            return Reading(0.0)
        first = waiting[0]
        parts = self._parts[first]
        gaps = self._gaps.get(first) or [1.0] * len(parts)
        unmet = tuple((part.asks, self.segments[first]) for part, gap in zip(parts, gaps, strict=True) if gap > 0)
        return Reading(len(waiting) - 1 + sum(gaps) / len(gaps), unmet)

    def judge(self, number: int, row: Row, evaluate: Compiled) -> bool:
        if number not in self._instead and evaluate(row) is True:
            self._passed.add(number)
            return True
        if number not in self._instead and number in self._passed:
            return False
        gaps = [part.distance(row) for part in self._parts[number]]
        total = sum(gaps)
        if number in self._instead and total == 0:
            self._passed.add(number)
            return True
        nearest = self._gaps.get(number)
        if nearest is None or total < sum(nearest):
            self._gaps[number] = gaps
        return False


class Silence(_Watched):
    """How near events come to no alert of a plan: how far the row that is furthest from it is from failing a WHERE."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        distances = Distances(view_of(plan))
        self._parts = {
            number: [distances.to(each, self.segments[number], wanted=False) for each in step.condition.conjuncts()]
            for number, step in self.filters.items()
        }
        self._furthest: dict[int, float] = {}

    def read(self, events: Sequence[Event], outside: Outside) -> Reading:
        self._furthest = {}
        return Reading(min(self._furthest.values(), default=1.0) if self.fires(events, outside) else 0.0)

    def judge(self, number: int, row: Row, evaluate: Compiled) -> bool:
        passes = evaluate(row) is True
        if passes:
            gap = min(part(row) for part in self._parts[number])
            self._furthest[number] = max(gap, self._furthest.get(number, 0.0))
        return passes


class Difference:
    """How near events come to an alert of one plan and none of another, which differ in what they say of `about`."""

    def __init__(self, loud: Plan, quiet: Plan, about: Sequence[About]) -> None:
        self._loud = Gauge(loud)
        self._quiet = Silence(quiet)
        self._about = tuple(about)

    @property
    def spent(self) -> int:
        return self._loud.spent + self._quiet.spent

    def read(self, events: Sequence[Event], outside: Outside) -> Reading:
        loud = self._loud.read(events, outside)
        quiet = self._quiet.read(events, outside)
        return Reading(loud.score + quiet.score, (*loud.about, *(self._about if quiet.score else ())))


def segments_of(plan: Plan) -> list[int]:
    """For each step the number of STATS before it."""
    found, segment = [], 0
    for step in plan.steps:
        found.append(segment)
        segment += isinstance(step, AggregateStep) and not step.inline
    return found
