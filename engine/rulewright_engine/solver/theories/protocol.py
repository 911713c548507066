"""What every theory is asked and answers: a value that does what was asked, or atoms that no value can meet together.

The atoms of one question are given as two sets of bits: those that must be true (`yes`) and those that must not
(`no`). What is in neither is free.
"""

from dataclasses import dataclass
from typing import Protocol

from rulewright_engine.ir.expression import Scalar

__all__ = ["Choice", "Conflict", "Theory", "Values"]

Values = tuple[tuple[Scalar, ...], ...]
"""For each field of a variable its values; an empty tuple is an absent field."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Values for the fields of one variable, and the atoms of that variable that are true of them.

    Invariant: `truth` is what evaluation says of the values, however they were found; so a choice is never wrong.
    """

    values: Values
    truth: int

    def meets(self, yes: int, no: int) -> bool:
        return not (yes & ~self.truth or no & self.truth)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Atoms that cannot be true (`yes`) and false (`no`) together: a subset of those asked for, a core of the refusal.

    With a reason in `unknown` that is not proven: no value was found, and there may be one.
    """

    yes: int
    no: int
    unknown: str = ""


class Theory(Protocol):
    """Decides which atoms of one variable can be true together. Atoms of other variables are never asked about."""

    def initial(self) -> Choice:
        """An event that has none of the fields."""
        ...

    def evaluate(self, values: Values) -> Choice:
        """These values, and the atoms that are true of them."""
        ...

    def solve(self, yes: int, no: int) -> Choice | Conflict:
        """A value of which the atoms `yes` are true and the atoms `no` are not."""
        ...

    def pair(self, atom: int, yes: int, no: int, current: tuple[Choice, Choice]) -> tuple[Choice, Choice] | Conflict:
        """Two values, both as in `solve`; `atom` (a bit) is true of the first alone, all other atoms of both alike.

        What is in `current` is kept where it will do.
        """
        ...
