"""Two conditions: whether an event meets one alone, each way, with a plausible event that does."""

from dataclasses import dataclass

from rulewright._compare.changes import changes_between
from rulewright._compare.parts import Part, Witness
from rulewright._compare.witnesses import witness_of
from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.solver import BudgetExceeded, SmtSolver, multi_valued_in
from rulewright_engine.solver.analysis.difference import difference
from rulewright_engine.solver.analysis.relation import Relation
from rulewright_schema.rule import Rule

__all__ = ["compare_conditions"]


def compare_conditions(name: str, old: Condition, new: Condition, rule: Rule, fields: FieldTypes) -> Part:
    """The part called `name`; `rule` says what documents look like."""
    away, added = _only(old, new, rule, fields), _only(new, old, rule, fields)
    loses, gains = (bool(only.witness or only.reason) for only in (away, added))
    changes = changes_between(old, new, rule, fields, loses=loses, gains=gains)
    lost = away.witness or next((each.lost for each in changes if each.lost), None)
    gained = added.witness or next((each.gained for each in changes if each.gained), None)
    reason = (away.reason if lost is None else "") or (added.reason if gained is None else "")
    match bool(lost), bool(gained):
        case True, True:
            relation = Relation.BOTH
        case _ if reason:
            relation = Relation.UNDECIDED
        case True, False:
            relation = Relation.NARROWER
        case False, True:
            relation = Relation.WIDER
        case _:
            relation = Relation.EQUAL
    single = tuple(dict.fromkeys((*away.single, *added.single)))
    return Part(
        name,
        relation,
        lost=lost,
        gained=gained,
        reason=reason if relation is Relation.UNDECIDED else "",
        single=() if relation is Relation.UNDECIDED else single,
        changes=changes,
    )


@dataclass(frozen=True, slots=True)
class _Only:
    """An event that one condition alone matches. Where there is none: `reason` says why that proves nothing, and
    `single` which fields would have to hold several values for one."""

    witness: Witness | None = None
    reason: str = ""
    single: tuple[str, ...] = ()


def _only(one: Condition, other: Condition, rule: Rule, fields: FieldTypes) -> _Only:
    question = difference(one, other)
    if question is None:
        return _Only()
    try:
        found = witness_of(question, one, other, rule, fields)
    except BudgetExceeded as error:
        return _Only(reason=str(error))
    return _Only(found) if found else _Only(single=_single(question, fields))


def _single(condition: Condition, fields: FieldTypes) -> tuple[str, ...]:
    """The fields that a condition would be true of if only they held several values, against what the schema says."""
    several = multi_valued_in(fields)
    solver = SmtSolver(condition, multi_valued=lambda name: True)
    try:
        model = solver.model()
    except BudgetExceeded:
        return tuple(field.name for field in solver.fields if not several(field.name))
    if isinstance(model, tuple):
        return ()
    return tuple(name for name, held in model.items() if len(held) > 1 and not several(name))
