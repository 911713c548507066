"""Which cases kill which mutants of an ES|QL rule: over which the changed rule raises other alerts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rulewright_engine.esql.analysis.plan import Plan
from rulewright_engine.esql.execution.alerts import run_alerts
from rulewright_engine.esql.execution.execute import CompiledPlan
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import Outside
from rulewright_engine.rules import (
    CompiledRule,
    time_of_run,
    window_of,
)
from rulewright_engine.rules.alerts import created
from rulewright_engine.rules.compiled_rule import limit_of
from rulewright_engine.rules.types.esql import alert_of_row
from rulewright_engine.rules.window import is_found
from rulewright_generators.cases.esql.mutation.mutants import Mutant, mutants_of
from rulewright_generators.cases.esql.plan.overrides import Asked, Overrides
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.mutation.rule_mutants import rule_mutants

__all__ = ["ObservedRun", "Runs", "lacking", "surviving"]

Raised = list[tuple[int, ...]]
"""Alerts, in the form of `Case.alerts` and in their order."""


@dataclass(frozen=True, slots=True, eq=False)
class ObservedRun:
    """Events, the positions of those in the window of a run, what comes from outside, and what follows: the alerts, and
    which rows the conditions of the query were asked about."""

    events: tuple[Event, ...]
    positions: tuple[int, ...]
    outside: Outside
    raised: Raised
    asked: Asked


class Runs:
    """Runs a rule as it is, and as each of its mutants, over the same events. `spent` counts events that were run."""

    def __init__(self, compiled: CompiledRule, plan: Plan) -> None:
        self.mutants = (*mutants_of(plan), *_of_suppression(compiled))
        self.spent = 0
        self._rule = compiled.rule
        self._compiled = compiled
        self._overrides = Overrides(plan, (mutant.node for mutant in self.mutants if mutant.node is not None))
        self._plan = CompiledPlan(self._overrides.plan)
        self._others: dict[Mutant, CompiledPlan] = {}

    def observed(self, events: Sequence[Event], outside: Outside) -> ObservedRun:
        window = window_of(self._rule, time_of_run(events, self._rule))
        positions = tuple(index for index, event in enumerate(events) if is_found(event, self._rule, window))
        observed = ObservedRun(tuple(events), positions, outside, [], self._overrides.watch())
        observed.raised.extend(self._raised(observed, self._plan, self._compiled))
        return observed

    def observe(self, case: Case) -> ObservedRun:
        return self.observed([Event(document) for document in case.events], case.outside)

    def kills(self, observed: ObservedRun, mutant: Mutant) -> bool:
        """Whether the mutant raises other alerts over the events."""
        if mutant.node is not None and mutant.changed is not None:
            self._overrides.release()
            if not self._overrides.differs(observed.asked, mutant.node, mutant.changed):
                return False
        return self.raised(observed, mutant) != observed.raised

    def raised(self, observed: ObservedRun, mutant: Mutant) -> Raised:
        """The alerts that the mutant raises over the events."""
        self._overrides.release()
        plan, compiled = self._plan, self._compiled
        if mutant.node is not None and mutant.changed is not None:
            self._overrides.change(mutant.node, mutant.changed)
        elif mutant.plan is not None:
            if mutant not in self._others:
                self._others[mutant] = CompiledPlan(mutant.plan)
            plan = self._others[mutant]
        elif mutant.rule is not None:
            compiled = replace(compiled, rule=mutant.rule)
        return self._raised(observed, plan, compiled)

    def _raised(self, observed: ObservedRun, plan: CompiledPlan, compiled: CompiledRule) -> Raised:
        self.spent += len(observed.positions)
        plan.outside = observed.outside
        chosen = [observed.events[index] for index in observed.positions]
        found = [alert_of_row(row, observed.positions) for row in run_alerts(plan, chosen, limit_of(compiled.rule))]
        return sorted(alert.events for alert in created(compiled, found, observed.events))


def lacking(runs: Runs, cases: Sequence[Case], fresh: Sequence[Case]) -> list[Case]:
    """Those of `fresh` that are needed for every mutant to die that they kill, beside `cases`."""
    survivors = surviving(runs, [runs.observe(case) for case in cases])
    needed = []
    for case in fresh if survivors else ():
        observed = runs.observe(case)
        killed = [mutant for mutant in survivors if runs.kills(observed, mutant)]
        for mutant in killed:
            del survivors[mutant]
        needed += [case] if killed else []
    return needed


def surviving(runs: Runs, observed_runs: Sequence[ObservedRun]) -> dict[Mutant, None]:
    """The mutants that no run kills, in order. What kills one mutant often kills the next, and is asked first."""
    waiting = list(observed_runs)
    survivors: dict[Mutant, None] = {}
    for mutant in runs.mutants:
        killer = next((index for index, observed in enumerate(waiting) if runs.kills(observed, mutant)), None)
        if killer is None:
            survivors[mutant] = None
        else:
            waiting.insert(0, waiting.pop(killer))
    return survivors


def _of_suppression(compiled: CompiledRule) -> Iterator[Mutant]:
    for mutant in rule_mutants(compiled):
        yield Mutant(mutant.operator.value, mutant.what, rule=mutant.compiled.rule)
