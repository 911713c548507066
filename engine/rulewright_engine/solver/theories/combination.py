"""Which domain a variable has, and what its atoms mean of one value."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rulewright_engine.evaluate import compile_value
from rulewright_engine.evaluate.predicates import compile_test
from rulewright_engine.ir.expression import (
    Between,
    Compare,
    Equals,
    Exists,
    Field,
    FieldType,
    InNetwork,
    IsTrue,
    Leaf,
    Literal,
    MatchesGlob,
    MatchesText,
    MatchesToken,
    Scalar,
    Value,
)
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.solver.formula import Formula, Variable, bits_of
from rulewright_engine.solver.theories.field_theory import FieldDomain
from rulewright_engine.solver.theories.interval import PointDomain, points_of
from rulewright_engine.solver.theories.plain_tests import plain_test
from rulewright_engine.solver.theories.protocol import (
    Choice,
    Domain,
    Refusal,
    Values,
)
from rulewright_engine.solver.theories.relational import RelatedDomain
from rulewright_engine.solver.theories.string import StringDomain
from rulewright_engine.solver.theories.token import TokenDomain
from rulewright_engine.solver.value_hints import Hints
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["Several", "domain_of", "field_domain", "several_in"]

Several = Callable[[str], bool | None]
"""Whether a field holds several values (arrays): yes, no, or nobody knows."""


def several_in(fields: FieldTypes) -> Several:
    """What a schema says."""

    def several(name: str) -> bool | None:
        info = fields.lookup(name)
        return info.array if info else None

    return several


VALUELESS = frozenset({FieldType.OBJECT, FieldType.NULL})
TEXTS = frozenset({FieldType.KEYWORD, FieldType.WILDCARD, FieldType.TEXT, FieldType.VERSION})

Judge = Callable[[Scalar], int]
KeyT = TypeVar("KeyT")


def domain_of(formula: Formula, variable: Variable, hints: Hints, several: Several) -> Domain:
    leaves = {1 << position: formula.atoms[position] for position in bits_of(variable.atoms)}
    match variable.fields:
        case ():
            return _Fixed(sum(bit for bit, leaf in leaves.items() if holds_of(leaf, {})))
        case (only,):
            return field_domain(only, leaves, hints, several)
        case _:
            return RelatedDomain(variable, leaves, lambda field, own: field_domain(field, own, hints, several))


def field_domain(field: Field, leaves: Mapping[int, Leaf], hints: Hints, several: Several) -> FieldDomain:
    """The domain of one field for leaves that refer to no other, by bit."""
    atoms = sum(leaves)
    present = sum(bit for bit, leaf in leaves.items() if isinstance(leaf.value, Field) and leaf.test == Exists())
    absent = sum(bit for bit, leaf in leaves.items() if holds_of(leaf, {field.name: None}))
    judge = _judge(field, leaves)
    many = several(field.name)
    if field.type in TEXTS:
        if any(isinstance(leaf.test, MatchesText | MatchesToken) for leaf in leaves.values()):
            tests = {bit: leaf.test for bit, leaf in leaves.items()}
            return TokenDomain(
                field=field,
                atoms=atoms,
                present=present,
                absent=absent,
                hints=hints,
                several=many,
                judge=judge,
                tests=tests,
            )
        plain = {bit: test for bit, leaf in leaves.items() if (test := plain_test(leaf))}
        tries = [text for bit, leaf in leaves.items() if bit not in plain for text in leaf.value.fold(_texts_in)]
        return StringDomain(
            field=field, atoms=atoms, present=present, absent=absent, hints=hints, several=many, judge=judge,
            tests=plain, tries=tries,
        )  # fmt: skip
    return PointDomain(
        atoms=atoms,
        present=present,
        absent=absent,
        suggestions=hints.values(field),
        several=many,
        judge=judge,
        points=[] if field.type in VALUELESS else points_of(field.type, leaves.values()),
        open_ended=_open_ended(leaves),
    )


def holds_of(leaf: Leaf, choice: Mapping[str, Scalar]) -> bool:
    """Whether a leaf is true of one value of each of its fields."""
    value = compile_value(leaf.value)(choice)
    return value is not None and compile_test(leaf.test, leaf.value.type if isinstance(leaf.value, Field) else None)(
        value
    )


def _open_ended(leaves: Mapping[int, Leaf]) -> str:
    """Why points may not do: the leaves that compare something else than the value with something else than a bound."""
    plain = (Equals, Compare, Between, InNetwork, Exists, IsTrue)
    odd = [leaf for leaf in leaves.values() if not (isinstance(leaf.value, Field) and isinstance(leaf.test, plain))]
    return f"`{odd[0].text}` can only be tried out" if odd else ""


def _texts_in(node: Value, below: Sequence[list[str]]) -> list[str]:
    """The texts that a value mentions, together and alone; `below` are those of its arguments."""
    if isinstance(node, Literal) and isinstance(text := node.value, str):
        return [text, text[1:], text[:-1], text[:1], text[-1:]]
    texts = [text for mentioned in below for text in mentioned]
    return [*texts, "".join(texts), "".join(reversed(texts))] if len(texts) > 1 else texts


@dataclass(slots=True)
class _Fixed:
    """The domain of atoms that depend on no field."""

    truth: int

    def judge(self, values: Values) -> Choice:
        return self.initial()

    def initial(self) -> Choice:
        return Choice((), self.truth)

    def solve(self, yes: int, no: int) -> Choice | Refusal:
        return self.initial() if self.initial().meets(yes, no) else Refusal(yes & ~self.truth, no & self.truth)

    def pair(self, atom: int, yes: int, no: int, current: tuple[Choice, Choice]) -> Refusal:
        return Refusal(atom & ~self.truth, atom & self.truth)


# What atoms mean of one value


def _judge(field: Field, leaves: Mapping[int, Leaf]) -> Judge:
    """The atoms that are true of one value; equalities and beginnings of texts are looked up together."""
    exact: dict[Scalar, int] = {}
    folded: dict[str, int] = {}
    beginnings = _Beginnings()
    others: list[tuple[int, Callable[[Scalar], bool]]] = []
    for bit, leaf in leaves.items():
        match leaf.value, leaf.test:
            case Field(type=type_), Equals(str(text), insensitive) if type_ in TEXTS:
                if insensitive:
                    _join(folded, fold_case(text), bit)
                else:
                    _join(exact, text, bit)
            case Field(type=type_), MatchesGlob((text, Wild.ANY), insensitive) if type_ in TEXTS and type(text) is str:
                beginnings.add(text, bit, insensitive)
            case Field(type=type_), test:
                others.append((bit, compile_test(test, type_)))
            case _:
                others.append((bit, _computed(field.name, leaf)))

    def judge(value: Scalar) -> int:
        truth = exact.get(value, 0)
        if folded and isinstance(value, str):
            truth |= folded.get(fold_case(value), 0)
        if beginnings and isinstance(value, str):
            truth |= beginnings.of(value)
        for bit, predicate in others:
            if predicate(value):
                truth |= bit
        return truth

    return judge


def _join(bits: dict[KeyT, int], key: KeyT, bit: int) -> None:
    """Add a bit to those of a key; a single one stays the same object, for it is large where there are many."""
    before = bits.get(key)
    bits[key] = bit if before is None else before | bit


class _Beginnings:
    """Texts that a value may begin with, each with a bit, by their length."""

    def __init__(self) -> None:
        self._exact: dict[int, dict[str, int]] = {}
        self._folded: dict[int, dict[str, int]] = {}

    def __bool__(self) -> bool:
        return bool(self._exact or self._folded)

    def add(self, text: str, bit: int, insensitive: bool) -> None:
        known = self._folded if insensitive else self._exact
        text = fold_case(text) if insensitive else text
        _join(known.setdefault(len(text), {}), text, bit)

    def of(self, value: str) -> int:
        """The bits of all texts that the value begins with."""
        truth = 0
        for length, texts in self._exact.items():
            truth |= texts.get(value[:length], 0)
        if self._folded:
            value = fold_case(value)
            for length, texts in self._folded.items():
                truth |= texts.get(value[:length], 0)
        return truth


def _computed(name: str, leaf: Leaf) -> Callable[[Scalar], bool]:
    evaluate, predicate = compile_value(leaf.value), compile_test(leaf.test, None)

    def holds(value: Scalar) -> bool:
        result = evaluate({name: value})
        return result is not None and predicate(result)

    return holds
