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
    conjuncts,
)
from rulewright_engine.solver import spelled

__all__ = ["Normal", "difference", "normal"]

Normal = tuple[object, ...]
"""A form that is equal for conditions that mean the same by their shape alone; hashable."""


def normal(condition: Condition) -> Normal:
    match condition:
        case Leaf():
            return ("leaf", spelled(condition))
        case Not(Not(child)):
            return normal(child)
        case Not(child):
            return ("not", normal(child))
        case And(children) | Or(children):
            kind = "and" if isinstance(condition, And) else "or"
            forms: set[Normal] = set()
            for child in children:
                form = normal(child)
                inner = form[1] if form[0] == kind else {form}
                assert isinstance(inner, set | frozenset)
                forms |= inner
            return next(iter(forms)) if len(forms) == 1 else (kind, frozenset(forms))
        case Nested(path, child):
            return ("nested", path, normal(child))
        case _:
            return ("constant", condition.value)


def difference(one: Condition, other: Condition) -> Condition | None:
    """True of exactly the events that `one` matches and `other` does not; None where the shapes say there are none."""
    shared = {normal(part) for part in conjuncts(one)}
    if normal(one) == normal(other):
        return None
    left = [part for part in conjuncts(other) if normal(part) not in shared]
    return And((one, Not(And(tuple(left))))) if left else None
