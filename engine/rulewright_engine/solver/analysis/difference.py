"""The condition that is true of what one condition matches and another does not.

`normal` gives conditions that differ in order, in nesting or in repeats the same form, so what is only written
otherwise is equal without a search; what both demand is asked for once.
"""

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Leaf,
    Nested,
    Not,
    Or,
)
from rulewright_engine.solver import spelled

__all__ = ["Normal", "difference", "normal"]

Normal = tuple[object, ...]
"""A form that is equal for conditions that mean the same by their shape alone; hashable."""


def normal(condition: Condition) -> Normal:
    return condition.fold(_normal)


def _normal(node: Condition, forms: tuple[Normal, ...]) -> Normal:
    match node:
        case Leaf():
            return ("leaf", spelled(node))
        case Not():
            (form,) = forms
            return form[1] if form[0] == "not" and isinstance(form[1], tuple) else ("not", form)
        case And() | Or():
            kind = "and" if isinstance(node, And) else "or"
            joined: set[Normal] = set()
            for form in forms:
                inner = form[1] if form[0] == kind else {form}
                assert isinstance(inner, set | frozenset)
                joined |= inner
            return next(iter(joined)) if len(joined) == 1 else (kind, frozenset(joined))
        case Nested(path):
            return ("nested", path, forms[0])
        case _:
            return ("constant", node.value)


def difference(one: Condition, other: Condition) -> Condition | None:
    """True of exactly the events that `one` matches and `other` does not; None where the shapes say there are none."""
    shared = {normal(part) for part in one.conjuncts()}
    if normal(one) == normal(other):
        return None
    left = [part for part in other.conjuncts() if normal(part) not in shared]
    return And((one, Not(And(tuple(left))))) if left else None
