"""The condition that is true of what one condition matches and another does not.

`normal_form` is equal for conditions that differ in order, in nesting or in repeats alone, so what is only written
otherwise is equal without a search; and a conjunct that both share is asked for once.
"""

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Leaf,
    Nested,
    Not,
    Or,
)
from rulewright_engine.solver.formula import canonical_form

__all__ = ["NormalForm", "difference", "normal_form"]

NormalForm = tuple[object, ...]
"""A form that is equal for conditions that mean the same by their shape alone; hashable."""


def normal_form(condition: Condition) -> NormalForm:
    """Sets of operands in place of ANDs and ORs, nested ones of one kind merged."""
    return condition.fold(_normal_form)


def _normal_form(node: Condition, forms: tuple[NormalForm, ...]) -> NormalForm:
    match node:
        case Leaf():
            return ("leaf", canonical_form(node))
        case Not():
            (form,) = forms
            return form[1] if form[0] == "not" and isinstance(form[1], tuple) else ("not", form)
        case And() | Or():
            kind = "and" if isinstance(node, And) else "or"
            joined: set[NormalForm] = set()
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
    """True of exactly the events that `one` matches and `other` does not; None where the shapes say there are none.

    Of an event that `one` matches, every conjunct that both share is true; so `other` is false of it exactly where one
    of the conjuncts that it has alone is false.

    >>> from rulewright_engine.ir.expression import Equals, Field, FieldType
    >>> fields = [Field(name, FieldType.KEYWORD) for name in ("host", "user", "process")]
    >>> host, user, process = [Leaf(field, Equals("a"), f"{field.name} == a") for field in fields]
    >>> difference(And((host, user)), And((user, host)))
    >>> found = difference(And((host, user)), And((host, process)))
    >>> found == And((And((host, user)), Not(And((process,)))))
    True
    """
    shared = {normal_form(part) for part in one.conjuncts()}
    if normal_form(one) == normal_form(other):
        return None
    left = [part for part in other.conjuncts() if normal_form(part) not in shared]
    return And((one, Not(And(tuple(left))))) if left else None
