"""Cases of an event query: a positive and a near miss for each leaf that can decide."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import replace

from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.solver import BudgetExceeded, LeafOutcome, Outcome, UnknownReason
from rulewright_generators.cases.events.event_writer import EventWriter
from rulewright_generators.cases.events.profiles import Setting
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.format.conditions import names_of
from rulewright_generators.cases.mutation.boundaries import sharpen
from rulewright_generators.cases.mutation.candidates import Drafts, Pair
from rulewright_generators.cases.mutation.condition_mutants import Mutants

__all__ = ["event_cases", "event_drafts"]


def event_cases(
    condition: Condition, fields: FieldTypes, setting: Setting, identity: str
) -> tuple[list[Case], list[LeafOutcome]]:
    """The cases of a condition, each confirmed, and the outcome of each leaf."""
    drafts, outcomes = event_drafts(condition, fields, setting, identity)
    return drafts.cases(), outcomes


def event_drafts(
    condition: Condition, fields: FieldTypes, setting: Setting, identity: str, needed: Collection[str] = ()
) -> tuple[Drafts, list[LeafOutcome]]:
    """Events that prove a condition, one of a query or of a stage, and the outcome of each leaf.

    They show each leaf both ways where it can decide, and kill each mutant that can be killed by events with all of the
    fields in `needed`.
    """
    writer = EventWriter(condition, fields, setting, identity)
    drafts = Drafts(writer)
    names = names_of(occurrence.leaf for occurrence in writer.solver.formula.occurrences)
    outcomes, pairs = [], []
    for name, outcome in zip(names, writer.solver.outcomes(), strict=True):
        pairs.append(_pair(drafts, name, outcome))
        outcomes.append(outcome if pairs[-1] or outcome.positive is None else _unconfirmed(outcome))
    if not any(draft.matches for draft in drafts):
        with suppress(BudgetExceeded):  # the outcomes of the leaves say what was given up
            model = writer.solver.model()
            if isinstance(model, Mapping):
                drafts.positive(model)
    sharpen(drafts, Mutants(condition, fields, writer.hints), names, pairs, needed)
    return drafts, outcomes


def _pair(drafts: Drafts, name: str, outcome: LeafOutcome) -> Pair | None:
    """Draft the pair of a leaf."""
    if outcome.positive is None or outcome.negative is None:
        return None
    positive = drafts.positive(outcome.positive)
    near = positive and drafts.near_miss(name, outcome, positive)
    if positive is None or near is None:
        return None
    (positive.holding if outcome.expected else positive.failing).append(name)
    near.flips = near.flips or name
    return Pair(positive, near) if outcome.expected else Pair(near, positive)


def _unconfirmed(outcome: LeafOutcome) -> LeafOutcome:
    return replace(outcome, outcome=Outcome.UNDECIDED, reason=UnknownReason.UNCONFIRMED)
