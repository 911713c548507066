"""Fields that some leaf relates to each other: one is solved by itself, and what it says of the others is then known.

A relation with all fields but one replaced by their values is a leaf about that one field, which its own domain
solves. What is found is right; not to find anything proves nothing, unless the leaves about single fields already
contradict each other.
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
from rulewright_engine.solver.theories.field_theory import FieldDomain
from rulewright_engine.solver.theories.protocol import Choice, Refusal, Values

__all__ = ["RelatedDomain"]

ORDERS = 6
"""Orders of the fields that are tried."""

CHOICES = 10_000
"""Combinations of the values of several fields that a relation is asked about."""

GIVEN_UP = "the conditions relate fields to each other, and no values were found"

MakeDomain = Callable[[Field, Mapping[int, Leaf]], FieldDomain]


class RelatedDomain:
    def __init__(self, variable: Variable, leaves: Mapping[int, Leaf], make: MakeDomain) -> None:
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
        self._domains = [make(field, own) for field, own in zip(self._fields, self._own, strict=True)]
        self._checks = {bit: _relation_check(leaf) for bit, leaf in self._relations.items()}
        self._answers: dict[tuple[int, int], Choice | Refusal] = {}

    def initial(self) -> Choice:
        return self.judge(((),) * len(self._fields))

    def solve(self, yes: int, no: int) -> Choice | Refusal:
        key = (yes, no)
        if key not in self._answers:
            self._answers[key] = self._solve(yes, no)
        return self._answers[key]

    def pair(self, atom: int, yes: int, no: int, current: tuple[Choice, Choice]) -> tuple[Choice, Choice] | Refusal:
        """The two differ in the fields of `atom` alone."""
        plus = current[0] if current[0].meets(yes | atom, no) else self.solve(yes | atom, no)
        if isinstance(plus, Refusal):
            return plus
        minus = self.solve(yes, no | atom)
        if isinstance(minus, Refusal):
            return minus
        own = [self._names.index(field.name) for field in self._leaves[atom].value.fields()]
        without = self.changed(plus.values, own, plus.truth & ~atom)
        if without is not None:
            return plus, without
        with_it = self.changed(minus.values, own, minus.truth | atom)
        return Refusal(yes, no, GIVEN_UP) if with_it is None else (with_it, minus)

    def changed(self, values: Values, own: Iterable[int], truth: int) -> Choice | None:
        """`values` with one of the fields `own` changed, so that exactly the atoms `truth` are true."""
        for position in own:
            changed = self._place(values, position, truth, self._atoms & ~truth)
            if changed is not None:
                return changed
        return None

    def _solve(self, yes: int, no: int) -> Choice | Refusal:
        for domain, own in zip(self._domains, self._own, strict=True):
            alone = domain.solve(yes & sum(own), no & sum(own))
            if isinstance(alone, Refusal):
                return alone
        for order in islice(permutations(range(len(self._fields))), ORDERS):
            for start in self._starts(order[0], yes, no):
                found = self._follow(start, order[1:], yes, no)
                if found is not None:
                    return found
        return Refusal(yes, no, GIVEN_UP)

    def _starts(self, first: int, yes: int, no: int) -> Iterator[Values]:
        """Values of all fields as each is by itself, with several values of the field `first`."""
        values = []
        for domain, own in zip(self._domains, self._own, strict=True):
            alone = domain.solve(yes & sum(own), no & sum(own))
            assert isinstance(alone, Choice)
            values.append(alone.values[0])
        yes_first, no_first = yes & sum(self._own[first]), no & sum(self._own[first])
        found = self._domains[first].find(yes_first, no_first)
        options = [values[first]] if isinstance(found, Refusal) else [values[first], (found.value,)]
        for option in dict.fromkeys(options):
            yield (*values[:first], option, *values[first + 1 :])

    def _follow(self, values: Values, order: tuple[int, ...], yes: int, no: int) -> Choice | None:
        for position in order:
            placed = self._place(values, position, yes, no)
            if placed is None:
                continue
            values = placed.values
            if placed.meets(yes, no):
                return placed
        return None

    def _place(self, values: Values, position: int, yes: int, no: int) -> Choice | None:
        """`values` with a value of one field that meets the demands, the other fields as they are."""
        known: dict[str, Scalar] = {
            name: held[0] if held else None for name, held in zip(self._names, values, strict=True)
        }
        field = self._fields[position]
        leaves = dict(self._own[position])
        for bit, leaf in self._relations.items():
            if any(used.name == field.name for used in leaf.value.fields()):
                leaves[bit] = Leaf(_substituted(leaf.value, field.name, known), leaf.test, leaf.text)
        mask = sum(leaves)
        answer = self._make(field, leaves).solve(yes & mask, no & mask)
        if isinstance(answer, Refusal):
            return None
        choice = self.judge((*values[:position], answer.values[0], *values[position + 1 :]))
        return choice if choice.meets(yes, no) or len(self._fields) > 2 else None

    def judge(self, values: Values) -> Choice:
        truth = 0
        for domain, held in zip(self._domains, values, strict=True):
            truth |= domain.truth_of(held)
        for bit, check in self._checks.items():
            if check(dict(zip(self._names, values, strict=True))):
                truth |= bit
        return Choice(values, truth)


def _relation_check(leaf: Leaf) -> Callable[[Mapping[str, tuple[Scalar, ...]]], bool]:
    evaluate, predicate = compile_value(leaf.value), compile_test(leaf.test, None)

    def holds(values: Mapping[str, tuple[Scalar, ...]]) -> bool:
        for chosen in islice(product(*(held or (None,) for held in values.values())), CHOICES):
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
