"""Which conditions `x IS NOT NULL` say nothing new: another condition is true only where `x` is there.

Three-valued logic makes that so common that it is worth a proof of its own: nearly every function of null is null, and
a WHERE keeps no null.
"""

from collections.abc import Iterable, Sequence

from rulewright_engine.esql.analysis.plan import (
    AggregateStep,
    Apply,
    AssignStep,
    CaptureStep,
    Constant,
    Expand,
    Filter,
    JoinStep,
    Plan,
    Reference,
    Typed,
)
from rulewright_engine.esql.functions.registry import FunctionKind
from rulewright_engine.ir.operators import NULL_TESTS, Operator
from rulewright_generators.cases.esql.plan.backward_slice import Slots, relevant_slots
from rulewright_generators.cases.esql.plan.conditions import Atom

__all__ = ["counted_slots", "is_implied"]

_STRICT = frozenset({FunctionKind.SCALAR, FunctionKind.ELEMENTWISE, FunctionKind.MULTIVALUE, FunctionKind.LOGIC})
_MORE = frozenset({Operator.GREATER, Operator.GREATER_EQUAL, Operator.EQUALS})
_JOINING = frozenset({Operator.AND, Operator.OR})
_NONE: Slots = frozenset()


def is_implied(plan: Plan, atom: Atom) -> bool:
    """Whether what `atom` asks to be there must be there for other conditions to be true."""
    occurrence, *others = atom.occurrences
    node = occurrence.node
    if (
        others
        or occurrence.negated
        or not isinstance(node, Apply)
        or node.function.operator is not Operator.IS_NOT_NULL
    ):
        return False
    (asked,) = node.arguments
    if not isinstance(asked, Reference) or not isinstance(plan.steps[occurrence.step], Filter):
        return False
    relevant = relevant_slots(plan)
    needed, more_than_none = _NONE, _NONE
    for position in range(len(plan.steps) - 1, occurrence.step - 1, -1):
        step = plan.steps[position]
        match step:
            case Filter(condition):
                needed |= _where(condition, holds=True, without=node)
                more_than_none |= counted_slots(condition)
            case AssignStep(assigns):
                for assign in reversed(assigns):
                    if assign.slot in needed:
                        needed |= _there(assign.expression)
            case CaptureStep(value, slots=slots) if needed & set(slots):
                needed |= _there(value)
            case JoinStep(keys=keys, slots=slots) if needed & slots:
                needed |= _all(_there(value) for value, _ in keys)
            case Expand(source, target) if target in needed:
                needed |= {source}
            case AggregateStep(inline=False):
                needed = _before_stats(step, needed) | _gathered(step, relevant[position], needed, more_than_none)
                more_than_none = _NONE
            case _:
                pass
    return asked.column.slot in needed | _before(plan, occurrence.step)


def _before(plan: Plan, position: int) -> Slots:
    """What earlier conditions on the same rows need."""
    needed = _NONE
    for step in plan.steps[:position]:
        if isinstance(step, AggregateStep) and not step.inline:
            needed = _NONE
        elif isinstance(step, Filter):
            needed |= _where(step.condition, holds=True)
    return needed


def _before_stats(step: AggregateStep, needed: Slots) -> Slots:
    """Of the rows that are gathered, only the keys must be there: aggregates leave nulls out."""
    for assign in reversed(step.after):
        if assign.slot in needed:
            needed |= _there(assign.expression)
    keys = frozenset(old for old, new in step.keys if new in needed)
    for assign in reversed(step.before):
        if assign.slot in keys:
            keys |= _there(assign.expression)
    return keys


def _gathered(step: AggregateStep, relevant: Slots, needed: Slots, more_than_none: Slots) -> Slots:
    """What all aggregates that matter leave out rows without, if an alert needs one of them to gather some row."""
    matter = [each for each in step.aggregates if each.slot in relevant]
    must_gather = [each.slot in (more_than_none if each.is_count else needed) for each in matter]
    if not any(must_gather):
        return _NONE
    return frozenset.intersection(*(_all(map(_there, each.arguments)) for each in matter))


def counted_slots(condition: Typed) -> Slots:
    """The counts that a condition wants to be more than none."""
    counted: set[int] = set()
    for conjunct in condition.conjuncts():
        match conjunct:
            case Apply(function, (Reference(column), Constant(int() | float() as bound))) if function.operator in _MORE:
                if bound >= 0 if function.operator is Operator.GREATER else bound > 0:
                    counted.add(column.slot)
    return frozenset(counted)


def _there(value: Typed) -> Slots:
    """What must not be null for the value not to be null."""
    return value.fold(_needed)


def _needed(node: Typed, below: Sequence[Slots]) -> Slots:
    match node:
        case Reference(column):
            return frozenset({column.slot})
        case Apply(function) if function.operator is Operator.IN:
            return below[0]
        case Apply(function) if function.kind in _STRICT and function.operator not in _JOINING:
            return _all(below)
        case _:
            return _NONE


def _where(condition: Typed, *, holds: bool, without: Typed | None = None) -> Slots:
    """What must not be null for the condition to be true, or false; `without` one that is given."""
    if condition is without or not isinstance(condition, Apply):
        return _NONE
    operator = condition.function.operator
    if operator is Operator.NOT:
        return _where(condition.arguments[0], holds=not holds, without=without)
    if operator in _JOINING:
        parts = [_where(each, holds=holds, without=without) for each in condition.arguments]
        return _all(parts) if (operator is Operator.AND) == holds else frozenset.intersection(*parts)
    if operator in NULL_TESTS:
        return _there(condition.arguments[0]) if (operator is Operator.IS_NOT_NULL) == holds else _NONE
    return _there(condition)


def _all(parts: Iterable[Slots]) -> Slots:
    return _NONE.union(*parts)
