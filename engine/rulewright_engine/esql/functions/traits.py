"""What is known of a function beyond its result; whoever reads, lowers, inverts or mutates a query asks these traits.

So a new function is taught in one place: its entry. A trait that names another function holds its key.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from rulewright_engine.esql.functions.types import Type
from rulewright_engine.evaluate.functions.preimages import PlainTest
from rulewright_engine.ir.expression import Comparison, Test

__all__ = [
    "Choice",
    "Element",
    "Given",
    "Measure",
    "Related",
    "Several",
    "Traits",
    "Wish",
    "Within",
    "the_same",
]


class Choice(Enum):
    """How a function chooses among its arguments."""

    BY_CONDITION = auto()  # the value behind the first condition that is true
    BY_PRESENCE = auto()  # the first that is not null


class Element(Enum):
    """What the constants are with which a test compares one value: it is true if the value meets one of them."""

    VALUE = auto()
    GLOB = auto()
    REGEX = auto()
    NETWORK = auto()


class Measure(Enum):
    """What an aggregate adds up, so that more events make it greater."""

    COUNT = auto()
    DISTINCT = auto()
    SUM = auto()


# Inverses: what arguments should be, so that a call has a wanted result


@dataclass(frozen=True, slots=True)
class Given:
    """What is known of the arguments of one call: their types, and their values where constant (else `VARIES`).

    `varying` are the positions of those that are not constant.
    """

    types: tuple[Type, ...]
    constants: tuple[Any, ...]
    varying: tuple[int, ...]

    @property
    def subject(self) -> int:
        """The argument that the function works on: the first that is no constant."""
        return self.varying[0] if self.varying else 0

    def text(self, position: int, otherwise: str) -> str:
        """The constant text at `position`."""
        value = self.constants[position]
        return value if isinstance(value, str) else otherwise

    def is_constant(self, position: int) -> bool:
        return position not in self.varying


@dataclass(frozen=True, slots=True)
class Wish:
    """The argument at `position` should be `value`: text, number, date in milliseconds, boolean, address as text."""

    position: int
    value: Any


@dataclass(frozen=True, slots=True)
class Related:
    """The first two arguments should be the same, or should differ."""

    same: bool


@dataclass(frozen=True, slots=True)
class Several:
    """The first argument should have so many values."""

    count: int


@dataclass(frozen=True, slots=True)
class Within:
    """The document that is read should hold `value` at `path`."""

    path: str
    value: Any


Inverse = Callable[[Given, Any], Iterable[Wish | Related | Several | Within]]


def the_same(call: Given, wanted: Any) -> tuple[Wish, ...]:
    """The inverse of functions of which the wanted value itself is an argument that gives it, more often than not."""
    return (Wish(call.subject, wanted),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """All are optional; the defaults say that nothing is known.

    | trait | what it says |
    | --- | --- |
    | inverse | what the arguments should be for a wanted result |
    | as_test | a constant, and the type of the first argument -> what a call asks of it; None where no test does |
    | preimage | what a test of the result asks of the first argument |
    | element | a call compares one value with each of a list of constants, and what these are |
    | comparison | it orders two values |
    | common_form | the function of the common form (`evaluate.functions`) that computes the same |
    | negates, mirrored | the function that is its negation; the one with the sides changed |
    | neighbour | what a mutant puts in its place |
    | beginning | the test that asks only for the beginning of what this one asks for |
    | choice | it chooses among its arguments |
    | keeps | the types of values that it hands on as they are |
    | changes_case | how it changes the case of a text, letter by letter |
    | keeps_case | it hands on only values, or parts of a text, as they are |
    | minds_case | a test that is met by some other text if case is ignored |
    | reads_text, writes_text | a conversion that reads what `string` writes; one that gives the text of any value |
    | reads_path | its second argument is the path of a field below the first |
    | replaces | its second argument is an expression whose matches are replaced |
    | partial | null for some arguments that are there |
    | picks_by_position, keeps_order, unordered | it picks by the order of values, hands it on, has none |
    | gathers | an aggregate whose result holds several values |
    | measure, counts_rows | what an aggregate adds up; that it counts rows, as in `f(*)` |
    | takes_options | it has options, which are not evaluated |
    | rounds_time | it gives the beginning of a span of time, which is one of its arguments |
    | since | the stack version that it came with, by its page in the reference; nothing where no page says it |
    | time_as_number, elapsed | a time becomes a number; constants and result -> the milliseconds that lie between |
    """

    inverse: Inverse | None = None
    as_test: Callable[[Any, Type], Test | None] | None = None
    preimage: Callable[[Given, Test], PlainTest | None] | None = None
    element: Element | None = None
    comparison: Comparison | None = None
    common_form: str = ""
    negates: str = ""
    mirrored: str = ""
    neighbour: str = ""
    beginning: str = ""
    choice: Choice | None = None
    keeps: frozenset[Type] = frozenset()
    changes_case: Callable[[str], str] | None = None
    keeps_case: bool = False
    minds_case: bool = False
    reads_text: bool = False
    writes_text: bool = False
    reads_path: bool = False
    replaces: bool = False
    partial: bool = False
    picks_by_position: bool = False
    keeps_order: bool = False
    unordered: bool = False
    gathers: bool = False
    measure: Measure | None = None
    counts_rows: bool = False
    takes_options: bool = False
    rounds_time: bool = False
    since: str = ""
    time_as_number: bool = False
    elapsed: Callable[[Given, int], int | None] | None = None
