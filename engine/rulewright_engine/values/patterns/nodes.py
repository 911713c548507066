"""What a regular expression is made of."""

from dataclasses import dataclass

from rulewright_engine.values.patterns.characters import CharacterSet

__all__ = [
    "Alternation",
    "Characters",
    "Complement",
    "Concatenation",
    "Intersection",
    "Node",
    "Repetition",
]


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of a set; the empty set matches nothing."""

    set: CharacterSet


@dataclass(frozen=True, slots=True)
class Concatenation:
    """The parts in a row; no parts match the empty text."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Alternation:
    branches: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Intersection:
    branches: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Complement:
    child: "Node"


@dataclass(frozen=True, slots=True)
class Repetition:
    """`most` None is without bound."""

    child: "Node"
    least: int
    most: int | None


Node = Characters | Concatenation | Alternation | Intersection | Complement | Repetition
