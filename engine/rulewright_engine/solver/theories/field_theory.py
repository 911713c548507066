"""What the theories of single fields share: absence, several values, pairs, and the memory of what was solved.

A concrete theory only finds one value (`find`). That is enough, because a field holds none, one or several values:

- Without a value exactly the atoms `absent` are true, so absence is tried first.
- A positive condition is true of an array when it is true of one value of it, so an array has the union of their atoms
  (`truth_of`). Several values are put together only where the schema says that the field is multi-valued, or where it
  does not say and one value does not do.

Soundness: a `Choice` carries the truth that evaluation gives its values, so it is right whatever the search did. A
`Conflict` without a reason rests on `find`, which proves that no single value does it, and where several values may
be held, on one of the atoms being out of reach beside the forbidden ones (`_gather`).
"""

from abc import ABC, abstractmethod

from rulewright_engine.ir.expression import Scalar
from rulewright_engine.solver.formula import bits_of
from rulewright_engine.solver.reasons import UnknownReason
from rulewright_engine.solver.theories.field_atoms import FieldAtoms
from rulewright_engine.solver.theories.protocol import Choice, Conflict, Values

__all__ = ["Element", "FieldTheory"]

ABSENT: tuple[Scalar, ...] = ()
"""The values of a field that the event does not have."""

MAX_REMEMBERED_ANSWERS = 10_000
"""Answers that a theory remembers before it forgets them all: of thousands of atoms each takes kilobytes."""

MAX_PAIR_ATTEMPTS = 60
"""Ways to settle the other atoms of a field that are tried for one pair."""


class Element:
    """One value of a field, boxed so that no value is mistaken for a conflict."""

    __slots__ = ("value",)

    def __init__(self, value: Scalar) -> None:
        self.value = value


class FieldTheory(ABC):
    def __init__(self, atoms: FieldAtoms) -> None:
        self.atoms = atoms
        self._absent = Choice((ABSENT,), atoms.absent)
        self._suggestions = atoms.hints.values(atoms.field)
        self._truths: dict[Scalar, int] = {}
        self._answers: dict[tuple[int, int], Choice | Conflict] = {}
        self._by_truth: dict[int, Choice] = {atoms.absent: self._absent}

    @abstractmethod
    def find(self, yes: int, no: int) -> Element | Conflict:
        """One value of which `yes` are true and `no` are not."""

    def truth(self, value: Scalar) -> int:
        """The atoms that are true of a field with this one value."""
        known = self._truths.get(value)
        if known is None:
            known = self._truths[value] = self.atoms.truth_of(value)
        return known

    def truth_of(self, values: tuple[Scalar, ...]) -> int:
        """The atoms that are true of a field with these values."""
        if not values:
            return self._absent.truth
        truth = 0
        for value in values:
            truth |= self.truth(value)
        return truth

    def initial(self) -> Choice:
        return self._absent

    def evaluate(self, values: Values) -> Choice:
        return Choice(values, self.truth_of(values[0]))

    def solve(self, yes: int, no: int) -> Choice | Conflict:
        key = (yes, no)
        if key not in self._answers:
            if len(self._answers) >= MAX_REMEMBERED_ANSWERS:
                self._answers.clear()
            self._answers[key] = self._solve(yes, no)
        return self._answers[key]

    def _solve(self, yes: int, no: int) -> Choice | Conflict:
        for value in self._suggestions:
            truth = self.truth(value)
            if not (yes & ~truth or no & truth):
                return self._choice((value,))
        if self._absent.meets(yes, no):
            return self._absent
        if forbidden := no & self.atoms.present:  # no value is allowed, and absence does not do
            needy = yes & ~self._absent.truth
            return Conflict(needy & -needy, forbidden & -forbidden) if needy else Conflict(yes, no)
        found = self.find(yes, no)
        if isinstance(found, Element):
            return self._choice((found.value,))
        if self.atoms.multi_valued is False or yes.bit_count() < 2:
            return found
        return self._gather(yes, no, ABSENT)

    def _gather(self, yes: int, no: int, kept: tuple[Scalar, ...]) -> Choice | Conflict:
        """Several values that meet the question together: what may be kept, and one value for each atom still open.

        Each value must avoid all of `no`, and each atom of `yes` needs some value; so an atom for which there is none
        beside `no` refutes every array.
        """
        values = [value for value in kept if not no & self.truth(value)]
        reached = 0
        for value in values:
            reached |= self.truth(value)
        for number in bits_of(yes):
            bit = 1 << number
            if reached & bit:
                continue
            found = self.find(bit, no)
            if isinstance(found, Conflict):
                return found
            values.append(found.value)
            reached |= self.truth(found.value)
        if not values:
            return self._absent if self._absent.meets(yes, no) else Conflict(yes, no, UnknownReason.NO_VALUE)
        return self._choice(tuple(values))

    def _choice(self, values: tuple[Scalar, ...]) -> Choice:
        choice = Choice((values,), self.truth_of(values))
        self._by_truth.setdefault(choice.truth, choice)
        return choice

    # Pairs

    def pair(self, atom: int, yes: int, no: int, current: tuple[Choice, Choice]) -> tuple[Choice, Choice] | Conflict:
        plus, minus = current
        if plus.meets(yes | atom, no):
            if minus.truth == plus.truth & ~atom:
                return plus, minus
            partner = self._like(plus.truth & ~atom, plus)
            if isinstance(partner, Choice):
                return plus, partner
        if minus.meets(yes, no | atom):
            partner = self._like(minus.truth | atom, minus)
            if isinstance(partner, Choice):
                return partner, minus
        self._attempts = MAX_PAIR_ATTEMPTS
        return self._pair(atom, yes, no)

    def _pair(self, atom: int, yes: int, no: int) -> tuple[Choice, Choice] | Conflict:
        """Settle the other atoms as a value with the atom has them, or one without; where its complement cannot follow,
        one of the atoms that prevent it must be settled otherwise.

        Every pair settles at least one atom of that conflict otherwise than the first try did, so to branch on these
        alone loses none; a refutation of every branch refutes the pair.
        """
        plus = self.solve(yes | atom, no)
        if isinstance(plus, Conflict):
            return plus
        minus = self.solve(yes, no | atom)
        if isinstance(minus, Conflict):
            return minus
        without = self._like(plus.truth & ~atom, plus)
        if isinstance(without, Choice):
            return plus, without
        with_it = self._like(minus.truth | atom, minus)
        if isinstance(with_it, Choice):
            return with_it, minus
        unknown, core_yes, core_no = without.unknown, without.yes & yes, without.no & no
        for bit, holds in _literals(without.yes & ~(yes | atom), without.no & ~(no | atom)):
            self._attempts -= 1
            if self._attempts < 0:
                return Conflict(yes, no, UnknownReason.PAIR_BUDGET)
            answer = self._pair(atom, yes, no | bit) if holds else self._pair(atom, yes | bit, no)
            if not isinstance(answer, Conflict):
                return answer
            unknown = unknown or answer.unknown
            core_yes |= answer.yes & yes
            core_no |= answer.no & no
        return Conflict(core_yes | atom, core_no | atom, unknown)

    def _like(self, truth: int, near: Choice) -> Choice | Conflict:
        """A value of which exactly the atoms `truth` are true."""
        known = self._by_truth.get(truth)
        if known is not None and known is not self._absent:
            return known
        if len(near.values[0]) > 1:
            rest = self._gather(truth, self.atoms.all & ~truth, near.values[0])
            if isinstance(rest, Choice):
                return rest
        return self.solve(truth, self.atoms.all & ~truth)


def _literals(yes: int, no: int) -> list[tuple[int, bool]]:
    return [(1 << bit, True) for bit in bits_of(yes)] + [(1 << bit, False) for bit in bits_of(no)]
