"""What was done to a condition: each part of it, down to one element of a list, that is gone, new or another.

Two conditions are laid side by side with their negations inward (De Morgan) and nested ANDs and ORs merged, so order,
nesting and negation make no edit. What both have is no edit; what is left is paired by what it is about.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rulewright._explain.wording import condition_text
from rulewright_engine.ir.expression import And, Condition, Constant, Equals, Leaf, MatchesGlob, Not, Or
from rulewright_engine.ir.tree import Path
from rulewright_engine.solver.analysis.difference import NormalForm, normal_form

__all__ = ["Edit", "Profile", "edits_between", "flat", "whole_text"]

MIN_LIKENESS = 0.3
"""Of the conditions in two ANDs or ORs that are taken for one, the share that both have, or that ask the same field."""


@dataclass(frozen=True, slots=True)
class Edit:
    """`old` and `new` are the paths of a part of each condition, None on the side that does not have it.

    `conjunctive`: the part stands among others that must all hold; else one of them is enough.
    """

    old: Path | None
    new: Path | None
    conjunctive: bool

    def turned(self) -> "Edit":
        return Edit(self.new, self.old, self.conjunctive)


def flat(condition: Condition) -> Condition:
    """The same condition with `Not` at atomic conditions only, and no AND in an AND or OR in an OR.

    >>> from rulewright_engine.ir.expression import Exists, Field, FieldType
    >>> a, b = (Leaf(Field(name, FieldType.KEYWORD), Exists(), name) for name in "ab")
    >>> flat(And((a, Not(Or((a, b)))))) == And((a, Not(a), Not(b)))
    True
    """
    return condition.fold(_both_ways)[0]


def _both_ways(node: Condition, forms: tuple[tuple[Condition, Condition], ...]) -> tuple[Condition, Condition]:
    """A flat condition and its flat complement."""
    match node:
        case Not():
            holds, fails = forms[0]
            return fails, holds
        case Constant(value):
            return node, Constant(not value)
        case And() | Or():
            is_and = isinstance(node, And)
            positive = _joined([form[0] for form in forms], conjunctive=is_and)
            return positive, _joined([form[1] for form in forms], conjunctive=not is_and)
        case _:
            return node, Not(node)


def _joined(operands: Sequence[Condition], *, conjunctive: bool) -> Condition:
    kind = And if conjunctive else Or
    merged = tuple(part for each in operands for part in (each.children if isinstance(each, kind) else (each,)))
    return merged[0] if len(merged) == 1 else kind(merged)


def edits_between(old: Condition, new: Condition) -> Iterator[Edit]:
    """Every edit that makes `new` of `old`, both flat."""
    readings = [list(_edits(_Side(old, ()), _Side(new, ()), conjunctive=conjunctive)) for conjunctive in (True, False)]
    yield from min(readings, key=lambda edits: sum(_size(old, edit.old) + _size(new, edit.new) for edit in edits))


def _size(condition: Condition, path: Path | None) -> int:
    """The atomic conditions at a path."""
    return 0 if path is None else len(list(condition.at(path).leaves()))


@dataclass(frozen=True, slots=True)
class _Side:
    """A part of a flat condition and the path to it."""

    node: Condition
    path: Path

    def operands(self, *, conjunctive: bool) -> list["_Side"]:
        """What an AND (an OR) consists of; anything else is the only operand of one."""
        if not isinstance(self.node, And if conjunctive else Or):
            return [self]
        return [_Side(child, (*self.path, index)) for index, child in enumerate(self.node.children)]


def _edits(old: _Side, new: _Side, *, conjunctive: bool) -> Iterator[Edit]:
    olds, news = old.operands(conjunctive=conjunctive), new.operands(conjunctive=conjunctive)
    old_forms, new_forms = ({normal_form(side.node) for side in sides} for sides in (olds, news))
    olds = [side for side in olds if normal_form(side.node) not in new_forms]
    news = [side for side in news if normal_form(side.node) not in old_forms]
    paired = _pairs(olds, news, conjunctive=conjunctive)
    for index, side in enumerate(olds):
        if index not in paired:
            yield Edit(side.path, None, conjunctive)
            continue
        other = news[paired[index]]
        if isinstance(side.node, And | Or) or isinstance(other.node, And | Or):
            yield from _edits(side, other, conjunctive=not conjunctive)
        else:
            yield Edit(side.path, other.path, conjunctive)
    taken = set(paired.values())
    yield from (Edit(None, side.path, conjunctive) for index, side in enumerate(news) if index not in taken)


def _pairs(olds: Sequence[_Side], news: Sequence[_Side], *, conjunctive: bool) -> dict[int, int]:
    """The operands that are one and the same before and after, the likest first."""
    before, after = ([Profile.of(side.node) for side in sides] for sides in (olds, news))
    likeness = [
        (-score, index, other)
        for index, one in enumerate(before)
        for other, two in enumerate(after)
        if (score := one.likeness(two, conjunctive=conjunctive)) >= MIN_LIKENESS
    ]
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, index, other in sorted(likeness):
        if index not in pairs and other not in taken:
            pairs[index] = other
            taken.add(other)
    return pairs


@dataclass(frozen=True, slots=True)
class Profile:
    """What tells parts of conditions apart: their literals and the fields that these ask, each with its sign."""

    literals: frozenset[tuple[NormalForm, bool]]
    fields: frozenset[tuple[str, bool]]
    element: tuple[str, bool] | None
    is_literal: bool

    @staticmethod
    def of(node: Condition) -> "Profile":
        literals = list(node.literals())
        is_literal = not isinstance(node, And | Or) and len(literals) == 1
        return Profile(
            frozenset((normal_form(leaf), sign) for leaf, sign in literals),
            frozenset((field.name, sign) for leaf, sign in literals for field in leaf.value.fields()),
            (_value_of(literals[0][0]), literals[0][1]) if is_literal else None,
            is_literal,
        )

    def likeness(self, other: "Profile", *, conjunctive: bool) -> float:
        """From 0 to 1. Elements of lists are one only where they hold the same text but for case and wildcards."""
        if self.element is not None and other.element is not None:
            if self.fields != other.fields or self.element[1] != other.element[1]:
                return 0
            is_element = self.element[1] is not conjunctive
            return 1 if self.element[0] == other.element[0] else 0 if is_element else 0.5
        shared = _share(self.literals, other.literals)
        return (shared + _share(self.fields, other.fields)) / 2


def _share(one: frozenset[object], other: frozenset[object]) -> float:
    return len(one & other) / max(len(one | other), 1)


def _value_of(leaf: Leaf) -> str:
    """The text that a test asks for, without case and wildcards; of other tests all of it."""
    match leaf.test:
        case Equals(str(text)):
            return text.lower()
        case MatchesGlob(parts):
            return "".join(part for part in parts if isinstance(part, str)).lower()
        case test:
            return str(test)


def whole_text(condition: Condition) -> str:
    """All of a condition in one line, each atomic condition as it is written."""
    match condition:
        case And(children) | Or(children):
            texts = (f"({whole_text(it)})" if isinstance(it, And | Or) else whole_text(it) for it in children)
            return (" and " if isinstance(condition, And) else " or ").join(texts)
        case _:
            return condition_text(condition)
