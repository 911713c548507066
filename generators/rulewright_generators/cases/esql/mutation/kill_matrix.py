"""Which cases kill which mutants of an ES|QL rule: over which the changed rule raises other alerts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rulewright_engine.esql.analysis.plan import Plan
from rulewright_engine.esql.execution.alerts import run_alerts
from rulewright_engine.esql.execution.execute import Execution
from rulewright_engine.evaluate.event import Event
from rulewright_engine.rules import (
    CompiledRule,
    time_of,
    time_of_run,
    window_of,
)
from rulewright_engine.rules.alerts import created, limit_of, of_row
from rulewright_generators.cases.esql.mutation.mutants import Mutant, mutants_of
from rulewright_generators.cases.esql.plan.overrides import Asked, Switches
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.mutation.rule_mutants import structural_mutants

__all__ = ["Runs", "Scene", "alive", "lacking"]

Raised = list[tuple[int, ...]]
"""Alerts, in the form of `Case.alerts` and in their order."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Events, the positions of those in the window of a run, what COMPLETION is told, and what follows: the alerts, and
    which rows the conditions of the query were asked about."""

    events: tuple[Event, ...]
    positions: tuple[int, ...]
    answers: Mapping[str, Any]
    raised: Raised
    asked: Asked


class Runs:
    """Runs a rule as it is, and as each of its mutants, over the same events. `spent` counts events that were run."""

    def __init__(self, compiled: CompiledRule, plan: Plan) -> None:
        self.mutants = (*mutants_of(plan), *_of_suppression(compiled))
        self.spent = 0
        self._rule = compiled.rule
        self._compiled = compiled
        self._switches = Switches(plan, (mutant.node for mutant in self.mutants if mutant.node is not None))
        self._execution = Execution(self._switches.plan)
        self._others: dict[Mutant, Execution] = {}

    def scene(self, events: Sequence[Event], answers: Mapping[str, Any]) -> Scene:
        window = window_of(self._rule, time_of_run(events, self._rule))
        positions = tuple(place for place, event in enumerate(events) if window.holds(time_of(event, self._rule)))
        scene = Scene(tuple(events), positions, answers, [], self._switches.watch())
        scene.raised.extend(self._raised(scene, self._execution, self._compiled))
        return scene

    def scene_of(self, case: Case) -> Scene:
        return self.scene([Event(document) for document in case.events], case.answers)

    def kills(self, scene: Scene, mutant: Mutant) -> bool:
        """Whether the mutant raises other alerts over the events."""
        if mutant.node is not None and mutant.changed is not None:
            self._switches.release()
            if not self._switches.differs(scene.asked, mutant.node, mutant.changed):
                return False
        return self.raised(scene, mutant) != scene.raised

    def raised(self, scene: Scene, mutant: Mutant) -> Raised:
        """The alerts that the mutant raises over the events."""
        self._switches.release()
        execution, compiled = self._execution, self._compiled
        if mutant.node is not None and mutant.changed is not None:
            self._switches.change(mutant.node, mutant.changed)
        elif mutant.plan is not None:
            if mutant not in self._others:
                self._others[mutant] = Execution(mutant.plan)
            execution = self._others[mutant]
        elif mutant.rule is not None:
            compiled = replace(compiled, rule=mutant.rule)
        return self._raised(scene, execution, compiled)

    def _raised(self, scene: Scene, execution: Execution, compiled: CompiledRule) -> Raised:
        self.spent += len(scene.positions)
        execution.answers = scene.answers
        chosen = [scene.events[place] for place in scene.positions]
        found = [of_row(row, scene.positions) for row in run_alerts(execution, chosen, limit_of(compiled.rule))]
        return sorted(alert.events for alert in created(compiled, found, scene.events))


def lacking(runs: Runs, cases: Sequence[Case], fresh: Sequence[Case]) -> list[Case]:
    """Those of `fresh` that are needed for every mutant to die that they kill, beside `cases`."""
    live = alive(runs, [runs.scene_of(case) for case in cases])
    needed = []
    for case in fresh if live else ():
        scene = runs.scene_of(case)
        killed = [mutant for mutant in live if runs.kills(scene, mutant)]
        for mutant in killed:
            del live[mutant]
        needed += [case] if killed else []
    return needed


def alive(runs: Runs, scenes: Sequence[Scene]) -> dict[Mutant, None]:
    """The mutants that no scene kills, in order. What kills one mutant often kills the next, and is asked first."""
    waiting = list(scenes)
    live: dict[Mutant, None] = {}
    for mutant in runs.mutants:
        killer = next((place for place, scene in enumerate(waiting) if runs.kills(scene, mutant)), None)
        if killer is None:
            live[mutant] = None
        else:
            waiting.insert(0, waiting.pop(killer))
    return live


def _of_suppression(compiled: CompiledRule) -> Iterator[Mutant]:
    for mutant in structural_mutants(compiled):
        yield Mutant(mutant.operator.value, mutant.what, rule=mutant.compiled.rule)
