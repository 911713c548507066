"""A condition as an indented tree of sentences, so that a reader need not know the query language."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rulewright_engine.evaluate.functions import FUNCTIONS
from rulewright_engine.ir.expression import (
    And,
    Between,
    Call,
    Compare,
    Comparison,
    Condition,
    Constant,
    Equals,
    Exists,
    Field,
    FieldType,
    InNetwork,
    InOtherFields,
    IsTrue,
    Leaf,
    Literal,
    MatchesFuzzy,
    MatchesGlob,
    MatchesRegex,
    MatchesText,
    MatchesToken,
    Nested,
    Not,
    Or,
    Scalar,
    Test,
    Value,
)
from rulewright_engine.ir.operators import Operator
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["Line", "Shown", "in_words", "scalar_text", "value_text"]

_COMPARISONS = {
    Comparison.LESS: "is less than",
    Comparison.LESS_EQUAL: "is at most",
    Comparison.GREATER: "is greater than",
    Comparison.GREATER_EQUAL: "is at least",
}
_LISTED = {Equals: "text", MatchesGlob: "text", MatchesRegex: "regex", InNetwork: "network"}
"""The tests that read well as one list, and which may share it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A value of a line and the number of its single condition (in the order of `leaves`)."""

    text: str
    condition: int


@dataclass(frozen=True, slots=True)
class Line:
    """`subject` is a field or an expression (code); `words` say what is asked of it; `values` are what it may be.

    A line without subject heads its `children`. `condition` numbers the one of a line without values.
    """

    words: str
    subject: str = ""
    values: tuple[Shown, ...] = ()
    qualifier: str = ""
    condition: int | None = None
    children: tuple["Line", ...] = ()


def in_words(condition: Condition) -> Line:
    """The tree of a condition; its single conditions are numbered from 0 in the order of `leaves`."""
    return _Writer().line(condition, negated=False)


class _Writer:
    def __init__(self) -> None:
        self._numbered = 0

    def line(self, condition: Condition, *, negated: bool) -> Line:
        match condition:
            case Not(child):
                return self.line(child, negated=not negated)
            case Constant(value):
                return Line("always" if value is not negated else "never")
            case Leaf():
                return self._leaf(condition, negated)
            case Or(children) if leaves := _alike(children):
                return self._list(leaves, negated)
            case Or():
                return Line("none of" if negated else "any of", children=self._lines(_operands(condition)))
            case And():
                return Line("not all of" if negated else "all of", children=self._lines(_operands(condition)))
            case Nested(path, child):
                words = "has no object with" if negated else "has an object with"
                return Line(words, subject=path, children=(self.line(child, negated=False),))

    def _lines(self, children: Iterable[Condition]) -> tuple[Line, ...]:
        return tuple(self.line(child, negated=False) for child in children)

    def _leaf(self, leaf: Leaf, negated: bool) -> Line:
        number = self._next()
        positive, negative, value = _sentence(leaf)
        values = (Shown(value, number),) if value else ()
        words = negative if negated else positive
        subject = leaf.test.asked if isinstance(leaf.test, InOtherFields) else value_text(leaf.value)
        return Line(words, subject, values, _qualifier(leaf.test), condition=None if values else number)

    def _list(self, leaves: Sequence[Leaf], negated: bool) -> Line:
        first = leaves[0]
        kinds = {type(leaf.test) for leaf in leaves}
        if kinds == {Equals}:
            words = ("is one of", "is none of")
        elif kinds == {InNetwork}:
            words = ("is in one of the networks", "is in none of the networks")
        else:
            words = ("matches one of", "matches none of")
        values = tuple(Shown(_sentence(leaf, whole=True)[2], self._next()) for leaf in leaves)
        return Line(words[negated], value_text(first.value), values, _qualifier(first.test))

    def _next(self) -> int:
        self._numbered += 1
        return self._numbered - 1


def _operands(condition: And | Or) -> Iterator[Condition]:
    """The children, those of a child of the same kind in its place; a list that reads as one line stays whole."""

    def joins(node: Condition) -> bool:
        return type(node) is type(condition) and not (isinstance(node, Or) and _alike(node.operands))

    return condition.flatten(joins)


def _alike(children: Sequence[Condition]) -> list[Leaf]:
    """The children when they ask the same kind of question of the same field, else nothing."""
    leaves = [child for child in children if isinstance(child, Leaf)]
    if len(leaves) < len(children) or len(leaves) < 2:
        return []
    kinds = {(leaf.value, _LISTED.get(type(leaf.test)), getattr(leaf.test, "insensitive", False)) for leaf in leaves}
    return leaves if len(kinds) == 1 and type(leaves[0].test) in _LISTED else []


def _sentence(leaf: Leaf, *, whole: bool = False) -> tuple[str, str, str]:
    """How it reads, how its negation reads, and the value; `whole` keeps the wildcards of a pattern."""
    match leaf.test:
        case Equals(value):
            return "is", "is not", scalar_text(value, leaf.value)
        case MatchesGlob(parts):
            return _glob_sentence(parts, whole)
        case MatchesRegex(pattern):
            return "matches the regular expression", "does not match the regular expression", pattern
        case Compare(operator, bound):
            words = _COMPARISONS[operator]
            return words, words.replace("is", "is not", 1), scalar_text(bound, leaf.value)
        case Between(low, high):
            limits = (f"{limit.operator} {scalar_text(limit.bound, leaf.value)}" for limit in (low, high))
            return "is in the range", "is not in the range", " and ".join(limits)
        case InNetwork(network):
            return "is in the network", "is not in the network", network
        case MatchesFuzzy(text, edits):
            away = f"than {edits} edits away from" if edits > 1 else "than 1 edit away from"
            return f"is not more {away}", f"is more {away}", text
        case MatchesText(tokens, phrase, slop):
            kind = f"within {slop} moves the phrase" if slop else "the phrase" if phrase else "a word of"
            return f"contains {kind}", f"does not contain {kind}", " ".join(tokens)
        case MatchesToken(test):
            return (
                "has a word that matches",
                "has no word that matches",
                _sentence(Leaf(leaf.value, test, ""), whole=True)[2],
            )
        case Exists():
            return "is present", "is absent", ""
        case IsTrue():
            return "is true", "is not true", ""
        case InOtherFields(conditions):
            many = f"{len(conditions):,} other fields"
            return f"is in some of {many}", f"is in none of {many}", ""


def _glob_sentence(parts: tuple[str | Wild, ...], whole: bool) -> tuple[str, str, str]:
    texts = [part for part in parts if not isinstance(part, Wild)]
    match () if whole or Wild.ONE in parts else tuple(part if part is Wild.ANY else "text" for part in parts):
        case (Wild.ANY,):
            return "is present", "is absent", ""
        case (Wild.ANY, "text", Wild.ANY):
            return "contains", "does not contain", texts[0]
        case (Wild.ANY, "text"):
            return "ends with", "does not end with", texts[0]
        case ("text", Wild.ANY):
            return "starts with", "does not start with", texts[0]
        case _:
            return "matches", "does not match", "".join(parts)


def _qualifier(test: Test) -> str:
    return "ignoring case" if getattr(test, "insensitive", False) else ""


def scalar_text(scalar: Scalar, of: Value | None = None) -> str:
    """A constant as a person writes it; a date, where `of` is a date field, in ISO form."""
    if isinstance(scalar, bool) or scalar is None:
        return {True: "true", False: "false", None: "null"}[scalar]
    is_date = of is not None and any(field.type is FieldType.DATE for field in of.fields())
    if is_date and isinstance(scalar, int) and 0 <= scalar < 253402300800000:
        return datetime.fromtimestamp(scalar / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(scalar)


def value_text(value: Value) -> str:
    """A value as it stands in a query."""
    match value:
        case Field(name):
            return name
        case Literal(str(text)):
            return f'"{text}"'
        case Literal(scalar):
            return scalar_text(scalar)
        case Call():
            return _call_text(value)


def _call_text(call: Call) -> str:
    function = FUNCTIONS[call.function]
    match function.operator, call.arguments:
        case Operator() as operator, (left, right):
            return f"{value_text(left)} {operator.symbol} {value_text(right)}"
        case Operator.NEGATE, (argument,):
            return f"-{value_text(argument)}"
        case Operator.NOT, (argument,):
            return f"not {value_text(argument)}"
        case _:
            name = function.spelling or function.name
            return f"{name}{'~' if call.insensitive else ''}({', '.join(map(value_text, call.arguments))})"
