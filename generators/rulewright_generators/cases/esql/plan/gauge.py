"""How near events come to an alert: which WHERE they fail at, and how far the best row is from passing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from rulewright_engine.esql.analysis.plan import AggregateStep, Apply, Filter, Plan, Row, Typed
from rulewright_engine.esql.execution.compile import Compiled
from rulewright_engine.esql.execution.execute import CompiledPlan
from rulewright_engine.esql.functions.registry import Function, FunctionKind
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.evaluate.event import Event
from rulewright_generators.cases.esql.plan.column_lineage import View
from rulewright_generators.cases.esql.plan.distance import Distance, Distances

__all__ = ["Gauge", "Part", "Reading", "segments_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the conditions that a row must meet, and what it asks about."""

    distance: Distance
    asks: Typed


@dataclass(frozen=True, slots=True)
class Reading:
    """`score` is 0 where some row passes every WHERE, and smaller the nearer events come to that.

    `unmet` are the parts that the best row fails at the first WHERE that no row passes, which is one of `segment`.
    """

    score: float
    unmet: tuple[Part, ...] = ()
    segment: int = 0


@dataclass(slots=True)
class _Seen:
    """What happened at one WHERE in a run."""

    passed: bool = False
    nearest: float = 1.0
    gaps: list[float] = field(default_factory=list)


class Gauge:
    """Of one plan; `instead` are the parts of a WHERE, by its step, that count in the place of its own condition."""

    def __init__(self, view: View, instead: Mapping[int, Sequence[Part]]) -> None:
        self.spent = 0
        self._distances = Distances(view)
        self._segments = segments_of(view.plan)
        self._seen: dict[int, _Seen] = {}
        self._parts: dict[int, list[Part]] = {}
        steps = list(view.plan.steps)
        for number, step in enumerate(steps):
            if isinstance(step, Filter):
                segment = self._segments[number]
                own = step.condition.conjuncts()
                parts = [Part(self._distances.to(each, segment, wanted=True), each) for each in own]
                self._parts[number] = list(instead.get(number, parts))
                steps[number] = replace(step, condition=self._watched(number, step.condition, number in instead))
        self._compiled = CompiledPlan(replace(view.plan, steps=tuple(steps)))

    def read(self, events: Sequence[Event], answers: Mapping[str, Any]) -> Reading:
        self.spent += len(events)
        self._seen = {number: _Seen() for number in self._parts}
        self._compiled.answers = answers
        for _ in self._compiled.rows(events):
            return Reading(0.0)
        waiting = [number for number, seen in self._seen.items() if not seen.passed]
        if not waiting:
            return Reading(0.0)
        first = waiting[0]
        seen = self._seen[first]
        gaps = seen.gaps or [1.0] * len(self._parts[first])
        unmet = tuple(part for part, gap in zip(self._parts[first], gaps, strict=True) if gap > 0)
        return Reading(len(waiting) - 1 + seen.nearest, unmet, self._segments[first])

    def _watched(self, number: int, condition: Typed, is_replaced: bool) -> Apply:
        parts = self._parts[number]

        def test(row: Row, evaluate: Compiled) -> bool:
            seen = self._seen[number]
            if not is_replaced and evaluate(row) is True:
                seen.passed = True
                return True
            if seen.passed and not is_replaced:
                return False
            gaps = [part.distance(row) for part in parts]
            nearest = sum(gaps) / len(gaps)
            if is_replaced and nearest == 0:
                seen.passed = True
                return True
            if not seen.gaps or nearest < seen.nearest:
                seen.nearest, seen.gaps = nearest, gaps
            return False

        watching = Function("watched", FunctionKind.LAZY, (), lambda binding: test)
        return Apply(watching, (condition,), Type.BOOLEAN, test, condition.span)


def segments_of(plan: Plan) -> list[int]:
    """For each step the number of STATS before it."""
    found, segment = [], 0
    for step in plan.steps:
        found.append(segment)
        segment += isinstance(step, AggregateStep) and not step.inline
    return found
