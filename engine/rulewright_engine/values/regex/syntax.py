"""What a regular expression is made of, whatever its dialect. Flags are resolved: a set already holds both cases."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rulewright_engine.values.patterns.characters import CharacterSet

__all__ = [
    "Alternation",
    "Anchor",
    "Assertion",
    "Atomic",
    "Backreference",
    "Characters",
    "Group",
    "Mode",
    "Node",
    "RegexSyntaxError",
    "Repeat",
    "Sequence",
    "Where",
    "children_of",
]


class RegexSyntaxError(Exception):
    """The text is no regular expression of the dialect, or uses what is not supported; the message says which."""


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of the set."""

    set: CharacterSet


@dataclass(frozen=True, slots=True)
class Sequence:
    """All items, one after the other; none is the empty text."""

    items: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Alternation:
    """The first branch with which the rest matches."""

    branches: tuple["Node", ...]


class Mode(StrEnum):
    """What a repetition tries first, and whether it gives back."""

    GREEDY = "greedy"
    LAZY = "lazy"
    POSSESSIVE = "possessive"


@dataclass(frozen=True, slots=True)
class Repeat:
    """`most` None is without bound."""

    child: "Node"
    least: int
    most: int | None
    mode: Mode


@dataclass(frozen=True, slots=True)
class Group:
    """A capture; numbers begin at 1."""

    child: "Node"
    number: int


@dataclass(frozen=True, slots=True)
class Backreference:
    """The text that a group captured; `ignore_case` compares letters whatever their case."""

    number: int
    ignore_case: bool


@dataclass(frozen=True, slots=True)
class Assertion:
    """`(?=...)`, `(?!...)`, `(?<=...)`, `(?<!...)`."""

    child: "Node"
    ahead: bool
    negative: bool


@dataclass(frozen=True, slots=True)
class Atomic:
    """The first way in which the child matches, for good."""

    child: "Node"


class Where(StrEnum):
    TEXT_START = "start of text"
    TEXT_END = "end of text"
    LINE_START = "start of line"
    LINE_START_IN_TEXT = "start of line, and not the end of the text"
    LINE_END = "end of line"
    LAST_LINE_END = "end of text, or before its last line end"
    WORD_BOUNDARY = "word boundary"
    NO_WORD_BOUNDARY = "no word boundary"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place. `newlines` are the line ends of the dialect, `word` its word characters."""

    where: Where
    newlines: CharacterSet = ()
    word: CharacterSet = ()


Node = Characters | Sequence | Alternation | Repeat | Group | Backreference | Assertion | Atomic | Anchor


def children_of(node: Node) -> Iterator[Node]:
    match node:
        case Sequence(items):
            yield from items
        case Alternation(branches):
            yield from branches
        case Repeat(child) | Group(child) | Assertion(child) | Atomic(child):
            yield child
