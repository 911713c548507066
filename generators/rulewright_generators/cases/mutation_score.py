"""The mutation score of cases: which mutants of a rule they kill, and what is to be said of those that they do not.

A case kills a mutant when the mutated rule raises other alerts over it. What a mutant changes is the verdict of one
condition on some events; so the rule is run again with that verdict inverted on just these events, once for all
mutants that turn the same ones. Mutants of what the rule's type does with the events are run as they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from rulewright_engine.evaluate import Check, compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    And,
    Condition,
    Equals,
    Field,
    FieldType,
    Leaf,
    Not,
    Or,
)
from rulewright_engine.rules import CompiledRule, judges_events
from rulewright_engine.rules.keys import key_presence_condition
from rulewright_engine.solver import Assignment, BudgetExceeded
from rulewright_engine.solver.formula import bits_of
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_generators.cases.evidence.score import Score, Survivor
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.format.wording import change_of
from rulewright_generators.cases.mutation.condition_mutants import Mutant, Mutants
from rulewright_generators.cases.mutation.rule_mutants import rule_mutants

__all__ = ["condition_score", "kills"]

INVERTED = Leaf(Field("rulewright.inverted", FieldType.BOOLEAN), Equals(True), "rulewright.inverted == true")
"""Marks the events to which a mutant gives another verdict."""


def condition_score(compiled: CompiledRule, cases: Sequence[Case]) -> Score:
    """How many mutants of a rule whose query is conditions its cases kill."""
    result = Score()
    _score_structure(result, compiled, cases)
    for part, (mutants, killers) in enumerate(kills(compiled, cases)):
        base = _Base(mutants, cases, key_presence_condition(compiled, part))
        for mutant, killed in zip(mutants.all, killers, strict=True):
            operator = mutant.change.operator.value
            result.total[operator] += 1
            if killed:
                result.killed[operator] += 1
            elif (survivor := base.survivor(mutant)) is None:
                result.equivalent[operator] += 1
            else:
                result.survivors.append(survivor)
    return result


def _score_structure(result: Score, compiled: CompiledRule, cases: Sequence[Case]) -> None:
    for mutant in rule_mutants(compiled):
        runner = CaseRunner(mutant.compiled)
        result.total[mutant.operator.value] += 1
        if any(sorted(runner.alerts(case)) != sorted(case.alerts) for case in cases):
            result.killed[mutant.operator.value] += 1
        else:
            result.survivors.append(Survivor(mutant.what))


@dataclass
class _Base:
    """The first event among cases that meets a condition: what kills a mutant is sought near it.

    Of events that do not meet `presence` the rule takes no notice.
    """

    mutants: Mutants
    cases: Sequence[Case]
    presence: Condition

    def survivor(self, mutant: Mutant) -> Survivor | None:
        """What is to be said of a mutant that no case kills; None where it is proven to mean the same."""
        what, span = mutant.change.what, mutant.change.span
        try:
            found = self.mutants.witness(mutant, self._values)
            if found is not None and not self._counts(Event(found)):
                found = self.mutants.witness_with(mutant, self.presence)
        except BudgetExceeded as error:
            return Survivor(what, span, reason=str(error))
        return None if found is None else Survivor(what, span, self._event[0], change_of(self._values, found))

    @cached_property
    def _counts(self) -> Check:
        return compile_condition(self.presence)

    @cached_property
    def _event(self) -> tuple[str, Event]:
        events = ((case.name, Event(document)) for case in self.cases for document in case.events)
        return next((found for found in events if self.mutants.solver.matches(found[1])), ("", Event({})))

    @cached_property
    def _values(self) -> Assignment:
        return {read.name: self._event[1].values(read) for read in self.mutants.solver.fields}


def kills(compiled: CompiledRule, cases: Sequence[Case]) -> Iterator[tuple[Mutants, list[int]]]:
    """For each condition of a rule its mutants, and for each of them the cases that kill it, as bits."""
    positions: list[tuple[int, int]] = []  # for each event its case, and its position there, history behind the rest
    events: list[Event] = []
    for number, case in enumerate(cases):
        for position, document in enumerate((*case.events, *case.history)):
            positions.append((number, position))
            events.append(Event(document))
    for number, condition in enumerate(compiled.query.conditions):
        mutants = Mutants(condition, compiled.fields)
        inverted = mutants.kills(events)
        if judges_events(compiled):
            yield mutants, inverted if len(events) == len(cases) else [_cases_of(bits, positions) for bits in inverted]
        else:
            rerun = _Rerun(compiled, cases, number, condition)
            yield mutants, [rerun.killers([positions[event] for event in bits_of(bits)]) for bits in inverted]


def _cases_of(events: int, positions: Sequence[tuple[int, int]]) -> int:
    cases = 0
    for event in bits_of(events):
        cases |= 1 << positions[event][0]
    return cases


class _Rerun:
    """Runs a rule with the verdict of one of its conditions inverted on some events."""

    def __init__(self, compiled: CompiledRule, cases: Sequence[Case], part: int, condition: Condition) -> None:
        invertible = Or((And((condition, Not(INVERTED))), And((Not(condition), INVERTED))))
        self._runner = CaseRunner(replace(compiled, query=compiled.query.with_condition(part, invertible)))
        self._cases = cases
        self._alerts = [sorted(self._runner.alerts(case)) for case in cases]
        self._known: dict[tuple[int, int], bool] = {}

    def killers(self, positions: Sequence[tuple[int, int]]) -> int:
        """The cases that raise other alerts when the verdict on the events at these positions is inverted."""
        inverted: dict[int, int] = {}
        for case, position in positions:
            inverted[case] = inverted.get(case, 0) | 1 << position
        return sum(1 << case for case, positions in inverted.items() if self._is_other(case, positions))

    def _is_other(self, number: int, positions: int) -> bool:
        key = (number, positions)
        if key not in self._known:
            self._known[key] = (
                sorted(self._runner.alerts(_inverted(self._cases[number], positions))) != self._alerts[number]
            )
        return self._known[key]


def _inverted(case: Case, positions: int) -> Case:
    documents = [
        {**document, INVERTED.text.split()[0]: True} if positions >> position & 1 else document
        for position, document in enumerate((*case.events, *case.history))
    ]
    count = len(case.events)
    return replace(case, events=tuple(documents[:count]), history=tuple(documents[count:]))
