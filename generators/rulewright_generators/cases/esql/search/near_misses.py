"""For each condition, an event set that alerts because of it, and one beside it that it alone keeps quiet."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice

from rulewright_engine.ir.expression import Condition
from rulewright_engine.solver import ConditionOutcome, Outcome
from rulewright_generators.cases.esql.events.event_builder import FieldPatch
from rulewright_generators.cases.esql.events.event_set import EventSet
from rulewright_generators.cases.esql.events.lowering import TRUE
from rulewright_generators.cases.esql.events.positives import MAX_POPULATIONS, Positives, Targets
from rulewright_generators.cases.esql.plan.backward_slice import deciding_fields
from rulewright_generators.cases.esql.plan.column_lineage import fields_asked
from rulewright_generators.cases.esql.plan.conditions import Atom
from rulewright_generators.cases.esql.plan.null_rejection import is_implied
from rulewright_generators.cases.esql.search.edits import (
    MAX_ALIKE_GROUPS,
    alike_events,
    changed_fields,
    edits,
    patched,
)
from rulewright_generators.cases.esql.search.goals import Goals
from rulewright_generators.cases.esql.search.guided_search import Effort, GuidedSearch
from rulewright_generators.cases.esql.search.proofs import MAX_ROWS_RUN, Proofs
from rulewright_generators.cases.format.wording import change_of

__all__ = ["bounds_of", "prove"]

EFFORT = Effort(cost=10_000, cost_of_one=2_500, runs=20, failures=3, tries=70)


def prove(positives: Positives, atoms: tuple[Atom, ...], base: EventSet) -> Proofs:
    """Show as many conditions as can be shown: by small changes of the events, by what the solver says, and by a search
    step by step.
    """
    proofs = Proofs(positives, atoms, base)
    read = {atom: fields_asked(positives.view, atom) for atom in atoms}
    for edit in edits(base, deciding_fields(positives.plan), bounds_of(positives)):
        if proofs.spent > MAX_ROWS_RUN // 3 or not proofs.unmissed:
            break
        concerned = [atom for atom in atoms if atom.segment > 0 or edit.name is None or edit.name in read[atom]]
        proofs.take(edit.event_set, edit.change, concerned)
    for outcome in _flip(positives, proofs, positives.single, range(len(base.candidates))):
        for atom in proofs.named(outcome.leaf.text):
            known = proofs.outcomes.setdefault(atom, outcome)
            if known.outcome in (Outcome.REDUNDANT, Outcome.IMPOSSIBLE):  # what counts is where it can be flipped
                proofs.outcomes[atom] = outcome
    for condition, positions in base.kinds():
        if condition is not positives.single:
            deque(_flip(positives, proofs, condition, positions), 0)
    for atom in list(proofs.unheld | proofs.unmissed):
        if atom.segment == 0 and not proofs.is_exhausted and proofs.is_open(atom) and not proofs.is_explained(atom):
            _steer(positives, proofs, atom)
    if positives.grouped != TRUE:
        _aim(positives, proofs, atoms)
    _climb(proofs, atoms)
    return proofs


# Conditions of single events


def _flip(
    positives: Positives, proofs: Proofs, condition: Condition, positions: Sequence[int]
) -> Iterator[ConditionOutcome]:
    """Flip each condition that asks about single events, as the solver proposes, in the events at `positions`."""
    for outcome in positives.builder.solver(condition).outcomes():
        yield outcome
        for atom in proofs.named(outcome.leaf.text):
            if proofs.is_open(atom) and outcome.positive is not None and not proofs.is_exhausted:
                _flip_atom(positives, proofs, atom, outcome, positions)


def _flip_atom(
    positives: Positives, proofs: Proofs, atom: Atom, outcome: ConditionOutcome, positions: Sequence[int]
) -> None:
    """Try the pair that the solver found in the place of events of the base."""
    assert outcome.positive is not None and outcome.negative is not None
    first = positives.builder.candidate(outcome.positive, positives.later)
    second = positives.builder.candidate(outcome.negative, positives.later)
    towards = changed_fields(proofs.base.candidates[positions[0]].values, first.values, first.decided)
    if atom in proofs.unheld:
        proofs.first_alert(patched(proofs.base, towards, positions), atom)
    flip = changed_fields(first.values, second.values, first.decided | second.decided)
    if atom in proofs.unmissed and atom in proofs.holders:
        held = proofs.holders[atom]
        positions = [position for position in positions if position < len(held.candidates)]
        proofs.first_miss(patched(held, flip, positions), _change(held, flip), atom)


def _change(event_set: EventSet, patch: FieldPatch) -> str:
    values = event_set.candidates[0].values
    return change_of({name: values.get(name, ()) for name in patch}, patch)


def _steer(positives: Positives, proofs: Proofs, atom: Atom) -> None:
    """Make a condition true, or false, in some events, and change nothing but the fields that it reads."""
    for value in (True, False):
        for patch, positions in (
            _field_patches(positives, proofs.base, atom, holds=value) if atom in proofs.unheld else ()
        ):
            proofs.first_alert(patched(proofs.base, patch, positions), atom)
    held = proofs.holders.get(atom, proofs.base)
    for value in (False, True):
        for patch, positions in _field_patches(positives, held, atom, holds=value) if atom in proofs.unmissed else ():
            proofs.first_miss(patched(held, patch, positions), _change(held, patch), atom)


def _field_patches(
    positives: Positives, event_set: EventSet, atom: Atom, *, holds: bool
) -> Iterator[tuple[FieldPatch, Sequence[int]]]:
    """What makes a condition true, or false, and the positions of the events for which that is so."""
    condition = positives.lowering.asked(atom.occurrences[0], atom.segment, holds=holds)
    names = sorted({read.name for read in condition.fields()})
    for positions in list(alike_events(event_set, names, range(len(event_set.candidates))).values())[:MAX_ALIKE_GROUPS]:
        patch = positives.builder.adapted(event_set.candidates[positions[0]], condition)
        if patch:
            yield patch, positions


# Conditions behind STATS


def _aim(positives: Positives, proofs: Proofs, atoms: Sequence[Atom]) -> None:
    """Event sets made for each condition behind STATS to be so, and to be the other way round."""
    texts = {leaf.text for leaf in positives.grouped.leaves()}
    if not any(atom.texts & texts for atom in proofs.unheld | proofs.unmissed):
        return
    for outcome in positives.builder.solver(positives.whole).outcomes():
        named = proofs.named(outcome.leaf.text) if outcome.leaf.text in texts else []
        if outcome.positive is not None and any(atom in proofs.unheld for atom in named):
            _try(positives, proofs, outcome.positive, atoms)
        if outcome.negative is not None and any(atom in proofs.unmissed for atom in named):
            _try(positives, proofs, outcome.negative, atoms)


def _try(positives: Positives, proofs: Proofs, targets: Targets, atoms: Sequence[Atom]) -> None:
    for event_set in islice(positives.event_sets(targets), MAX_POPULATIONS):
        if not proofs.is_exhausted:
            proofs.take(event_set, "the events are other ones", atoms)


def _climb(proofs: Proofs, atoms: Sequence[Atom]) -> None:
    """Search for events that the open conditions alone let pass, or keep back."""
    goals, guided = Goals(proofs.positives.view), GuidedSearch(proofs.positives, atoms, EFFORT)
    plan = proofs.positives.plan
    waiting = [each for each in proofs.unheld | proofs.unmissed if not proofs.is_explained(each)]
    waiting = [atom for atom in waiting if not is_implied(plan, atom)]
    for atom, fired in ((atom, fired) for atom in waiting for fired in (True, False)):
        for objective in goals.of_atom(atom, fired=fired):
            if atom not in (proofs.unheld if fired else proofs.unmissed):
                break
            found = guided.reach(proofs.holders.get(atom, proofs.base), objective)
            if found is not None:
                proofs.take(found, "the events are other ones", list(proofs.unheld | proofs.unmissed))


def bounds_of(positives: Positives) -> list[int]:
    """The numbers that conditions behind STATS compare with."""
    bounds = set()
    for leaf in positives.grouped.leaves():
        bound = getattr(leaf.test, "bound", getattr(leaf.test, "value", None))
        if isinstance(bound, int | float) and not isinstance(bound, bool) and 0 <= bound <= 200:
            bounds.add(int(bound))
    return sorted(bounds)
