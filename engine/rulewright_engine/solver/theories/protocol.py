"""What a domain answers: a value that does what was asked, or the demands that no value can meet together."""

from dataclasses import dataclass
from typing import Protocol

from rulewright_engine.ir.expression import Scalar

__all__ = ["Choice", "Domain", "Refusal", "Values"]

Values = tuple[tuple[Scalar, ...], ...]
"""For each field of a variable its values; an empty tuple is an absent field."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Values for the fields of one variable, and the atoms of that variable that are true of them."""

    values: Values
    truth: int

    def meets(self, yes: int, no: int) -> bool:
        return not (yes & ~self.truth or no & self.truth)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Atoms that cannot hold (`yes`) and fail (`no`) together.

    `unproven` says why nothing was found where that is not a proof; it is empty when it is.
    """

    yes: int
    no: int
    unproven: str = ""


class Domain(Protocol):
    """The values of one variable. Atoms of other variables are never asked about."""

    def initial(self) -> Choice:
        """What an event is like that has none of the fields."""
        ...

    def judge(self, values: Values) -> Choice:
        """These values, and the atoms that are true of them."""
        ...

    def solve(self, yes: int, no: int) -> Choice | Refusal:
        """A value of which the atoms `yes` are true and the atoms `no` are not."""
        ...

    def pair(self, atom: int, yes: int, no: int, current: tuple[Choice, Choice]) -> tuple[Choice, Choice] | Refusal:
        """Two values, both as in `solve`; `atom` (a bit) is true of the first alone, all other atoms of both alike.

        What is in `current` is kept where it will do.
        """
        ...
