"""Fields that some condition relates to each other, such as `startsWith(process.name, user.name)`.

A relation with all fields but one replaced by their values is a condition about that one field, which its own theory
decides. So fields are given values one after the other, in a few orders. What is found is right, because evaluation
judges it. That nothing is found proves nothing, except where the conditions about one field alone contradict each
other.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice, permutations, product

from rulewright_engine.evaluate import compile_value, fold
from rulewright_engine.evaluate.predicates import compile_test
from rulewright_engine.ir.expression import (
    Call,
    Field,
    Leaf,
    Literal,
    Scalar,
    Value,
)
from rulewright_engine.solver.formula import Variable
from rulewright_engine.solver.reasons import UnknownReason
from rulewright_engine.solver.theories.field_theory import FieldTheory
from rulewright_engine.solver.theories.protocol import Choice, Conflict, Values

__all__ = ["RelationalTheory"]

MAX_FIELD_ORDERS = 6
"""Orders of the fields that are tried."""

MAX_VALUE_COMBINATIONS = 10_000
"""Combinations of the values of several fields that a relation is asked about."""

MakeTheory = Callable[[Field, Mapping[int, Leaf]], FieldTheory]


class RelationalTheory:
    def __init__(self, variable: Variable, leaves: Mapping[int, Leaf], make: MakeTheory) -> None:
        self._fields = variable.fields
        self._names = [field.name for field in variable.fields]
        self._atoms = variable.atoms
        self._make = make
        self._leaves = leaves
        self._own: list[dict[int, Leaf]] = [{} for _ in self._fields]
        self._relations: dict[int, Leaf] = {}
        for bit, leaf in leaves.items():
            names = {field.name for field in leaf.value.fields()}
            if len(names) == 1:
                self._own[self._names.index(names.pop())][bit] = leaf
            else:
                self._relations[bit] = leaf
        self._theories = [make(field, own) for field, own in zip(self._fields, self._own, strict=True)]
        self._checks = {bit: _relation_check(leaf) for bit, leaf in self._relations.items()}
        self._answers: dict[tuple[int, int], Choice | Conflict] = {}

    def initial(self) -> Choice:
        return self.evaluate(((),) * len(self._fields))

    def solve(self, yes: int, no: int) -> Choice | Conflict:
        key = (yes, no)
        if key not in self._answers:
            self._answers[key] = self._solve(yes, no)
        return self._answers[key]

    def pair(self, atom: int, yes: int, no: int, current: tuple[Choice, Choice]) -> tuple[Choice, Choice] | Conflict:
        """The two differ in the fields of `atom` alone."""
        plus = current[0] if current[0].meets(yes | atom, no) else self.solve(yes | atom, no)
        if isinstance(plus, Conflict):
            return plus
        minus = self.solve(yes, no | atom)
        if isinstance(minus, Conflict):
            return minus
        own = [self._names.index(field.name) for field in self._leaves[atom].value.fields()]
        without = self.changed(plus.values, own, plus.truth & ~atom)
        if without is not None:
            return plus, without
        with_it = self.changed(minus.values, own, minus.truth | atom)
        return Conflict(yes, no, UnknownReason.RELATED_FIELDS) if with_it is None else (with_it, minus)

    def changed(self, values: Values, own: Iterable[int], truth: int) -> Choice | None:
        """`values` with one of the fields `own` changed, so that exactly the atoms `truth` are true."""
        for index in own:
            changed = self._solve_field(values, index, truth, self._atoms & ~truth)
            if changed is not None:
                return changed
        return None

    def _solve(self, yes: int, no: int) -> Choice | Conflict:
        for theory, own in zip(self._theories, self._own, strict=True):
            alone = theory.solve(yes & sum(own), no & sum(own))
            if isinstance(alone, Conflict):
                return alone
        for order in islice(permutations(range(len(self._fields))), MAX_FIELD_ORDERS):
            for start in self._starts(order[0], yes, no):
                found = self._solve_in_order(start, order[1:], yes, no)
                if found is not None:
                    return found
        return Conflict(yes, no, UnknownReason.RELATED_FIELDS)

    def _starts(self, first: int, yes: int, no: int) -> Iterator[Values]:
        """Values of all fields as each is by itself, with several values of the field `first`."""
        values = []
        for theory, own in zip(self._theories, self._own, strict=True):
            alone = theory.solve(yes & sum(own), no & sum(own))
            assert isinstance(alone, Choice)
            values.append(alone.values[0])
        yes_first, no_first = yes & sum(self._own[first]), no & sum(self._own[first])
        found = self._theories[first].find(yes_first, no_first)
        options = [values[first]] if isinstance(found, Conflict) else [values[first], (found.value,)]
        for option in dict.fromkeys(options):
            yield (*values[:first], option, *values[first + 1 :])

    def _solve_in_order(self, values: Values, order: tuple[int, ...], yes: int, no: int) -> Choice | None:
        for index in order:
            choice = self._solve_field(values, index, yes, no)
            if choice is None:
                continue
            values = choice.values
            if choice.meets(yes, no):
                return choice
        return None

    def _solve_field(self, values: Values, index: int, yes: int, no: int) -> Choice | None:
        """`values` with a value of one field that meets the question, the other fields as they are.

        Of more than two fields, one value need not settle the relation yet: the next field may.
        """
        known: dict[str, Scalar] = {
            name: held[0] if held else None for name, held in zip(self._names, values, strict=True)
        }
        field = self._fields[index]
        leaves = dict(self._own[index])
        for bit, leaf in self._relations.items():
            if any(used.name == field.name for used in leaf.value.fields()):
                leaves[bit] = Leaf(_substituted(leaf.value, field.name, known), leaf.test, leaf.text)
        mask = sum(leaves)
        answer = self._make(field, leaves).solve(yes & mask, no & mask)
        if isinstance(answer, Conflict):
            return None
        choice = self.evaluate((*values[:index], answer.values[0], *values[index + 1 :]))
        return choice if choice.meets(yes, no) or len(self._fields) > 2 else None

    def evaluate(self, values: Values) -> Choice:
        truth = 0
        for theory, held in zip(self._theories, values, strict=True):
            truth |= theory.truth_of(held)
        for bit, check in self._checks.items():
            if check(dict(zip(self._names, values, strict=True))):
                truth |= bit
        return Choice(values, truth)


def _relation_check(leaf: Leaf) -> Callable[[Mapping[str, tuple[Scalar, ...]]], bool]:
    evaluate, predicate = compile_value(leaf.value), compile_test(leaf.test, None)

    def holds(values: Mapping[str, tuple[Scalar, ...]]) -> bool:
        for chosen in islice(product(*(held or (None,) for held in values.values())), MAX_VALUE_COMBINATIONS):
            result = evaluate(dict(zip(values, chosen, strict=True)))
            if result is not None and predicate(result):
                return True
        return False

    return holds


def _substituted(value: Value, kept: str, known: Mapping[str, Scalar]) -> Value:
    """`value` with every field but `kept` replaced by its value, and what is then constant by what it comes to."""

    def substituted(node: Value) -> Value:
        match node:
            case Field(name) if name != kept:
                return Literal(known[name])
            case Call() if next(node.fields(), None) is None:
                return Literal(fold(node))
            case _:
                return node

    return value.transform(substituted)
