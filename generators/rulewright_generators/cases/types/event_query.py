"""Cases of an event query: a positive and a near miss for each condition that can decide."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.work import WorkExceeded, budget
from rulewright_engine.solver import BudgetExceeded, ConditionOutcome, Outcome, UnknownReason
from rulewright_generators.cases.events.event_writer import EventWriter
from rulewright_generators.cases.events.profiles import Setting
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.format.conditions import names_of
from rulewright_generators.cases.mutation.boundaries import kill_survivors
from rulewright_generators.cases.mutation.candidates import Candidates, Pair
from rulewright_generators.cases.mutation.condition_mutants import Mutants

__all__ = ["event_candidates", "event_cases"]

MAX_PAIR_WORK = 5_000_000
"""Work on the independence pairs of one condition; a public rule of 2,714 conditions takes 4.3 million at most."""

MAX_MUTANT_WORK = 5_000_000
"""Work on the events that kill mutants of one condition."""


def event_cases(
    condition: Condition, fields: FieldTypes, setting: Setting, identity: str
) -> tuple[list[Case], list[ConditionOutcome]]:
    """The cases of a query, each confirmed, and the outcome of each condition."""
    candidates, outcomes = event_candidates(condition, fields, setting, identity)
    return candidates.cases(), outcomes


def event_candidates(
    condition: Condition, fields: FieldTypes, setting: Setting, identity: str, needed: Collection[str] = ()
) -> tuple[Candidates, list[ConditionOutcome]]:
    """Events that prove what a query or a stage asks, and the outcome of each condition.

    They show each condition both ways where it can decide, and kill each mutant that can be killed by events with all
    of the fields in `needed`.
    """
    writer = EventWriter(condition, fields, setting, identity)
    candidates = Candidates(writer)
    names = names_of(occurrence.leaf for occurrence in writer.solver.formula.occurrences)
    outcomes, pairs = _pairs(candidates, names)
    if not any(candidate.matches for candidate in candidates):
        with suppress(BudgetExceeded, WorkExceeded):  # the outcomes of the conditions say what was given up
            model = writer.solver.model()
            if isinstance(model, Mapping):
                candidates.positive(model)
    made = list(candidates)
    try:
        with budget(MAX_MUTANT_WORK):
            kill_survivors(candidates, Mutants(condition, fields, writer.hints), names, pairs, needed)
    except WorkExceeded:
        candidates.keep(made)  # the pairs prove each condition as they are
    return candidates, outcomes


def _pairs(candidates: Candidates, names: Sequence[str]) -> tuple[list[ConditionOutcome], list[Pair | None]]:
    """The outcome of each condition and its pair, as far as the budget of work goes."""
    solver = candidates.writer.solver
    outcomes: list[ConditionOutcome] = []
    pairs: list[Pair | None] = []
    with suppress(WorkExceeded), budget(MAX_PAIR_WORK):
        for name, outcome in zip(names, solver.outcomes(), strict=True):
            pair = _pair(candidates, name, outcome)
            pairs.append(pair)
            outcomes.append(outcome if pair or outcome.positive is None else _unconfirmed(outcome))
    left = solver.formula.occurrences[len(pairs) :]
    return outcomes + [solver.unasked(occurrence) for occurrence in left], pairs + [None] * len(left)


def _pair(candidates: Candidates, name: str, outcome: ConditionOutcome) -> Pair | None:
    """Candidate the pair of a condition."""
    if outcome.positive is None or outcome.negative is None:
        return None
    positive = candidates.positive(outcome.positive)
    near = positive and candidates.near_miss(name, outcome, positive)
    if positive is None or near is None:
        return None
    (positive.holding if outcome.expected else positive.failing).append(name)
    near.flips = near.flips or name
    return Pair(positive, near) if outcome.expected else Pair(near, positive)


def _unconfirmed(outcome: ConditionOutcome) -> ConditionOutcome:
    return replace(outcome, outcome=Outcome.UNDECIDED, reason=UnknownReason.UNCONFIRMED)
