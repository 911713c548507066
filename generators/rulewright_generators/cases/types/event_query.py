"""Cases of an event query: a positive and a near miss for each condition that can decide."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace

from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.solver import BudgetExceeded, ConditionOutcome, Outcome, UnknownReason
from rulewright_generators.cases.events.event_writer import EventWriter
from rulewright_generators.cases.events.profiles import Setting
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.format.conditions import names_of
from rulewright_generators.cases.mutation.boundaries import kill_survivors
from rulewright_generators.cases.mutation.candidates import Candidates, Pair
from rulewright_generators.cases.mutation.condition_mutants import Mutants

__all__ = ["event_candidates", "event_cases"]


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
    outcomes, pairs = [], []
    for name, outcome in zip(names, writer.solver.outcomes(), strict=True):
        pairs.append(_pair(candidates, name, outcome))
        outcomes.append(outcome if pairs[-1] or outcome.positive is None else _unconfirmed(outcome))
    if not any(candidate.matches for candidate in candidates):
        with suppress(BudgetExceeded):  # the outcomes of the conditions say what was given up
            model = writer.solver.model()
            if isinstance(model, Mapping):
                candidates.positive(model)
    kill_survivors(candidates, Mutants(condition, fields, writer.hints), names, pairs, needed)
    return candidates, outcomes


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
