"""The atoms about one field: what the theories of single fields are made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from rulewright_engine.evaluate import compile_value
from rulewright_engine.evaluate.predicates import compile_test
from rulewright_engine.ir.expression import Equals, Exists, Field, FieldType, Leaf, MatchesGlob, Scalar
from rulewright_engine.ir.work import spend
from rulewright_engine.solver.value_hints import ValueHints
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["TEXT_TYPES", "FieldAtoms", "atoms_of_field", "holds_of"]

TEXT_TYPES = frozenset({FieldType.KEYWORD, FieldType.WILDCARD, FieldType.TEXT, FieldType.VERSION, FieldType.FLATTENED})

KeyT = TypeVar("KeyT")


@dataclass(frozen=True, slots=True)
class FieldAtoms:
    """Conditions about one field and no other, each with the bit of its atom, and what is asked of all of them.

    `multi_valued`: the field holds arrays (True), one value (False), or nobody knows (None). `truth_of` gives the
    atoms that are true of one value; `present` are the atoms that ask only for a value, `absent` those that are true
    without one.
    """

    field: Field
    leaves: Mapping[int, Leaf]
    multi_valued: bool | None
    hints: ValueHints
    all: int
    present: int
    absent: int
    truth_of: Callable[[Scalar], int]


def atoms_of_field(
    field: Field, leaves: Mapping[int, Leaf], hints: ValueHints, multi_valued: bool | None
) -> FieldAtoms:
    return FieldAtoms(
        field=field,
        leaves=leaves,
        multi_valued=multi_valued,
        hints=hints,
        all=sum(leaves),
        present=sum(bit for bit, leaf in leaves.items() if isinstance(leaf.value, Field) and leaf.test == Exists()),
        absent=sum(bit for bit, leaf in leaves.items() if holds_of(leaf, {field.name: None})),
        truth_of=_compile(field, leaves),
    )


def holds_of(leaf: Leaf, choice: Mapping[str, Scalar]) -> bool:
    """Whether a condition is true of one value of each of its fields."""
    value = compile_value(leaf.value)(choice)
    return value is not None and compile_test(leaf.test, leaf.value.type if isinstance(leaf.value, Field) else None)(
        value
    )


def _compile(field: Field, leaves: Mapping[int, Leaf]) -> Callable[[Scalar], int]:
    """The atoms that are true of one value; equalities and prefixes of texts are looked up together."""
    exact: dict[Scalar, int] = {}
    folded: dict[str, int] = {}
    prefixes = _Prefixes()
    others: list[tuple[int, Callable[[Scalar], bool]]] = []
    for bit, leaf in leaves.items():
        match leaf.value, leaf.test:
            case Field(type=type_), Equals(str(text), insensitive) if type_ in TEXT_TYPES:
                if insensitive:
                    _join(folded, fold_case(text), bit)
                else:
                    _join(exact, text, bit)
            case Field(type=type_), MatchesGlob((text, Wild.ANY), insensitive) if (
                type_ in TEXT_TYPES and type(text) is str
            ):
                prefixes.add(text, bit, insensitive)
            case Field(type=type_), test:
                others.append((bit, compile_test(test, type_)))
            case _:
                others.append((bit, _computed(field.name, leaf)))

    def truth_of(value: Scalar) -> int:
        spend(1 + len(others))
        truth = exact.get(value, 0)
        if folded and isinstance(value, str):
            truth |= folded.get(fold_case(value), 0)
        if prefixes and isinstance(value, str):
            truth |= prefixes.of(value)
        for bit, predicate in others:
            if predicate(value):
                truth |= bit
        return truth

    return truth_of


def _join(bits: dict[KeyT, int], key: KeyT, bit: int) -> None:
    """Add a bit to those of a key; a single one stays the same object, for it is large where there are many."""
    before = bits.get(key)
    bits[key] = bit if before is None else before | bit


class _Prefixes:
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
