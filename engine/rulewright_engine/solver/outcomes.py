"""What can be said of each condition: an independence pair (MC/DC), or why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rulewright_engine.ir.expression import Leaf, Scalar

__all__ = ["Assignment", "ConditionOutcome", "Outcome"]

Assignment = Mapping[str, tuple[Scalar, ...]]
"""Field name -> its values; empty: the event must do without the field. Fields that are not named are free."""


class Outcome(StrEnum):
    PAIR = "pair"  # independence pair: two events differ in this condition alone, and only one of them matches
    REDUNDANT = "redundant"  # without the condition, the query means the same
    IMPOSSIBLE = "impossible"  # where the condition would count, it can never be as the query wants it
    COUPLED = "coupled"  # it can be both, but never with all else the same
    UNDECIDED = "undecided"  # no pair was found, and none of the others is proven


@dataclass(frozen=True, slots=True)
class ConditionOutcome:
    """`expected` is the truth of the condition where the query matches: false where it stands under a negation.

    A pair has a `positive` and a `negative`; so has a coupled one, but there those of `because` change with it.
    `because` names those that explain any other outcome; the condition itself where it decides at another place.
    """

    leaf: Leaf
    expected: bool
    outcome: Outcome
    positive: Assignment | None = None
    negative: Assignment | None = None
    because: tuple[Leaf, ...] = ()
    reason: str = ""
