"""What can be said of each leaf: an independence pair (MC/DC), or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rulewright_engine.ir.expression import Leaf, Scalar

__all__ = ["Assignment", "ConditionOutcome", "Outcome"]

Assignment = Mapping[str, tuple[Scalar, ...]]
"""Field name -> its values; empty: the event must do without the field. Fields that are not named are free."""


class Outcome(StrEnum):
    PAIR = "pair"  # independence pair: two events differ in this leaf alone, and only one of them matches
    REDUNDANT = "redundant"  # without the leaf, the query means the same
    IMPOSSIBLE = "impossible"  # where the leaf would count, it can never be as the query wants it
    COUPLED = "coupled"  # it can be both, but never with all else the same
    UNDECIDED = "undecided"  # no pair was found, and none of the others is proven


@dataclass(frozen=True, slots=True)
class ConditionOutcome:
    """`expected` is the truth of the leaf where the query matches: false where the leaf stands under a negation.

    A pair has a `positive` and a `negative`; so has a coupled leaf, but there the leaves of `because` change with it.
    `because` names the leaves that explain any other outcome; the leaf itself where it decides at another place.
    """

    leaf: Leaf
    expected: bool
    outcome: Outcome
    positive: Assignment | None = None
    negative: Assignment | None = None
    because: tuple[Leaf, ...] = ()
    reason: str = ""
