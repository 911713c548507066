"""Which rules of a set find only what others find.

One rule implies another when every event that it alerts on is one that the other alerts on; two that imply each other
are duplicates. Compared are rules whose alerts are single events; the other one must alert on every event of its query,
which a new_terms rule, say, does not. Rules whose indices have nothing in common are never compared, and where the
indices of the narrower rule reach further, the claim is about those that both read.

A few events of each rule are run with all others first. What one of them tells apart needs no proof, so of a million
pairs some hundred are left for the solver.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from rulewright._compare.conditions import compare_conditions
from rulewright._compare.parts import Witness
from rulewright._compare.witnesses import event_of
from rulewright._project.project import Rule
from rulewright_engine.evaluate import Check, compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules import judges_events, type_of
from rulewright_engine.solver import Assignment, BudgetExceeded, SmtSolver, multi_valued_in
from rulewright_engine.solver.analysis.difference import difference
from rulewright_engine.solver.analysis.index_patterns import intersects, subsumes

__all__ = ["Candidate", "Overlap", "OverlapKind", "candidates", "overlaps"]

MAX_EVENTS_COMPARED = 6
"""Events of one rule that are run with the others."""

MAX_CONDITIONS_COMPARED = 24
"""Conditions that are looked at for these events."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule whose alerts are single events, and some events of its query.

    `whole`: it alerts on every event of its query.
    """

    rule: Rule
    whole: bool
    condition: Condition
    matches: Check
    fields: FieldTypes
    events: tuple[Event, ...]

    @property
    def index(self) -> tuple[str, ...]:
        return self.rule.rule.index


class OverlapKind(StrEnum):
    DUPLICATE = "duplicate"  # each finds what the other finds
    IMPLIED = "implied"  # the first finds only what the other finds
    UNDECIDED = "undecided"  # no event tells them apart, and the search for one was given up


@dataclass(frozen=True, slots=True)
class Overlap:
    """`both` is an event that both rules find, `beyond` one that `other` alone finds. `within`: the claim is about the
    indices that both read, and `rule` reads more; `single`: the fields of which it is proven only as long as each holds
    one value."""

    kind: OverlapKind
    rule: Rule
    other: Rule
    within: bool
    both: Witness | None
    beyond: Witness | None
    single: tuple[str, ...]


def candidates(rules: Iterable[Rule]) -> list[Candidate]:
    """The rules that can be compared; one that can never fire implies everything, and is left out."""
    return [found for rule in rules if (found := _candidate(rule)) is not None]


def overlaps(found: Sequence[Candidate]) -> Iterator[Overlap]:
    """Every pair of which one implies the other, in the order of the rules."""
    implied = [
        {other: _implies(one, found[other]) for other in range(len(found)) if _may_imply(one, found[other])}
        for one in found
    ]
    for position, others in enumerate(implied):
        for other, certain in others.items():
            back = implied[other].get(position, False)
            if certain and not (back and other < position):
                kind = OverlapKind.DUPLICATE if back else OverlapKind.IMPLIED
                yield _overlap(kind, found[position], found[other])
            elif certain is None:
                yield _overlap(OverlapKind.UNDECIDED, found[position], found[other])


def _candidate(rule: Rule) -> Candidate | None:
    compiled = rule.compiled
    if compiled is None or not isinstance(compiled.query, EventQuery) or not type_of(rule.rule).alerts_on_single_events:
        return None
    if compiled.query.pipes or rule.rule.is_deprecated:
        return None
    whole = judges_events(compiled)
    condition = compiled.query.condition
    events = tuple(_events(condition, compiled.fields))
    return Candidate(rule, whole, condition, compile_condition(condition), compiled.fields, events) if events else None


def _events(condition: Condition, fields: FieldTypes) -> Iterator[Event]:
    """Some events that a condition is true of, as different as its first parts make them."""
    solver = SmtSolver(condition, multi_valued=multi_valued_in(fields))
    matches = compile_condition(condition)
    try:
        model = solver.model()
    except BudgetExceeded:
        return
    if not isinstance(model, Mapping):
        return
    positives = (
        outcome.positive
        for outcome in islice(solver.outcomes(), MAX_CONDITIONS_COMPARED)
        if outcome.positive is not None
    )
    seen: dict[tuple[object, ...], Assignment] = {}
    for assignment in (model, *positives):
        seen.setdefault(tuple(assignment.values()), assignment)
    events = (Event({name: list(held) for name, held in each.items() if held}) for each in seen.values())
    yield from islice(filter(matches, events), MAX_EVENTS_COMPARED)


def _may_imply(one: Candidate, other: Candidate) -> bool:
    """False where an event of the one, which the other does not find, or their indices say so."""
    return (
        one is not other and other.whole and all(map(other.matches, one.events)) and intersects(one.index, other.index)
    )


def _implies(one: Candidate, other: Candidate) -> bool | None:
    """None where the search was given up."""
    question = difference(one.condition, other.condition)
    if question is None:
        return True
    try:
        return isinstance(SmtSolver(question, multi_valued=multi_valued_in(one.fields)).model(), tuple)
    except BudgetExceeded:
        return None


def _overlap(kind: OverlapKind, one: Candidate, other: Candidate) -> Overlap:
    try:
        both = event_of(
            one.condition, one.rule.rule, one.fields, lambda event: one.matches(event) and other.matches(event)
        )
    except BudgetExceeded:
        both = None
    within = not subsumes(other.index, one.index) or (
        kind is OverlapKind.DUPLICATE and not subsumes(one.index, other.index)
    )
    part = compare_conditions("query", one.condition, other.condition, one.rule.rule, one.fields)
    return Overlap(kind, one.rule, other.rule, within, both, part.gained, part.single)
