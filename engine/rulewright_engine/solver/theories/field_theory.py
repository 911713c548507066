"""What the domains of single fields share: absence, several values, pairs, and the memory of what was solved.

A concrete domain says which atoms are true of one element and finds one element. A field has several values only
where its catalogue says so, or where it says nothing and one value does not do.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from rulewright_engine.ir.expression import Scalar
from rulewright_engine.solver.formula import bits_of
from rulewright_engine.solver.theories.protocol import Choice, Refusal, Values

__all__ = ["ABSENT", "Element", "FieldDomain"]

ABSENT: tuple[Scalar, ...] = ()
"""The values of a field that the event does not have."""

MOST_ANSWERS = 10_000
"""Answers that a domain remembers before it forgets them all: of thousands of atoms each takes kilobytes."""

PAIR_ATTEMPTS = 60
"""Ways to settle the other atoms of a field that are tried for one pair."""


class Element:
    """One value of a field, boxed so that no value is mistaken for a refusal."""

    __slots__ = ("value",)

    def __init__(self, value: Scalar) -> None:
        self.value = value


class FieldDomain(ABC):
    """The values of one field. `several`: it holds arrays (True), one value (False), or nobody knows (None)."""

    def __init__(self, atoms: int, present: int, absent: int, suggestions: Sequence[Scalar], several: bool | None):
        """`present`: the atoms that ask only for a value; `absent`: those that are true without one."""
        self.atoms = atoms
        self._present = present
        self._absent = Choice((ABSENT,), absent)
        self._suggestions = suggestions
        self.several = several
        self._truths: dict[Scalar, int] = {}
        self._answers: dict[tuple[int, int], Choice | Refusal] = {}
        self._by_truth: dict[int, Choice] = {absent: self._absent}

    @abstractmethod
    def judge_one(self, value: Scalar) -> int:
        """The atoms that are true of a field with this one value."""

    @abstractmethod
    def find(self, yes: int, no: int) -> Element | Refusal:
        """One value of which `yes` are true and `no` are not."""

    def truth(self, value: Scalar) -> int:
        known = self._truths.get(value)
        if known is None:
            known = self._truths[value] = self.judge_one(value)
        return known

    def initial(self) -> Choice:
        return self._absent

    def judge(self, values: Values) -> Choice:
        return Choice(values, self.truth_of(values[0]))

    def solve(self, yes: int, no: int) -> Choice | Refusal:
        key = (yes, no)
        if key not in self._answers:
            if len(self._answers) >= MOST_ANSWERS:
                self._answers.clear()
            self._answers[key] = self._solve(yes, no)
        return self._answers[key]

    def pair(self, atom: int, yes: int, no: int, current: tuple[Choice, Choice]) -> tuple[Choice, Choice] | Refusal:
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
        self._attempts = PAIR_ATTEMPTS
        return self._pair(atom, yes, no)

    def _pair(self, atom: int, yes: int, no: int) -> tuple[Choice, Choice] | Refusal:
        """Settle the other atoms as a value with the atom has them, or one without; where its opposite cannot follow,
        one of the atoms that prevent it must be settled otherwise."""
        plus = self.solve(yes | atom, no)
        if isinstance(plus, Refusal):
            return plus
        minus = self.solve(yes, no | atom)
        if isinstance(minus, Refusal):
            return minus
        without = self._like(plus.truth & ~atom, plus)
        if isinstance(without, Choice):
            return plus, without
        with_it = self._like(minus.truth | atom, minus)
        if isinstance(with_it, Choice):
            return with_it, minus
        unproven, refused_yes, refused_no = without.unproven, without.yes & yes, without.no & no
        for bit, holds in _literals(without.yes & ~(yes | atom), without.no & ~(no | atom)):
            self._attempts -= 1
            if self._attempts < 0:
                return Refusal(yes, no, "too many ways to settle the other conditions on the field")
            answer = self._pair(atom, yes, no | bit) if holds else self._pair(atom, yes | bit, no)
            if not isinstance(answer, Refusal):
                return answer
            unproven = unproven or answer.unproven
            refused_yes |= answer.yes & yes
            refused_no |= answer.no & no
        return Refusal(refused_yes | atom, refused_no | atom, unproven)

    def _like(self, truth: int, near: Choice) -> Choice | Refusal:
        """A value of which exactly the atoms `truth` are true."""
        known = self._by_truth.get(truth)
        if known is not None and known is not self._absent:
            return known
        if len(near.values[0]) > 1:
            rest = self._gather(truth, self.atoms & ~truth, near.values[0])
            if isinstance(rest, Choice):
                return rest
        return self.solve(truth, self.atoms & ~truth)

    def _solve(self, yes: int, no: int) -> Choice | Refusal:
        for value in self._suggestions:
            truth = self.truth(value)
            if not (yes & ~truth or no & truth):
                return self._choice((value,))
        if self._absent.meets(yes, no):
            return self._absent
        if forbidden := no & self._present:
            needy = yes & ~self._absent.truth
            return Refusal(needy & -needy, forbidden & -forbidden) if needy else Refusal(yes, no)
        found = self.find(yes, no)
        if isinstance(found, Element):
            return self._choice((found.value,))
        if self.several is False or yes.bit_count() < 2:
            return found
        return self._gather(yes, no, ABSENT)

    def _gather(self, yes: int, no: int, kept: tuple[Scalar, ...]) -> Choice | Refusal:
        """Several values that meet the demands together: what may be kept, and one value for each open demand."""
        values = [value for value in kept if not no & self.truth(value)]
        reached = 0
        for value in values:
            reached |= self.truth(value)
        for position in bits_of(yes):
            bit = 1 << position
            if reached & bit:
                continue
            found = self.find(bit, no)
            if isinstance(found, Refusal):
                return found
            values.append(found.value)
            reached |= self.truth(found.value)
        if not values:
            return self._absent if self._absent.meets(yes, no) else Refusal(yes, no, "no value is left")
        return self._choice(tuple(values))

    def truth_of(self, values: tuple[Scalar, ...]) -> int:
        """The atoms that are true of a field with these values."""
        if not values:
            return self._absent.truth
        truth = 0
        for value in values:
            truth |= self.truth(value)
        return truth

    def _choice(self, values: tuple[Scalar, ...]) -> Choice:
        choice = Choice((values,), self.truth_of(values))
        truth = choice.truth
        self._by_truth.setdefault(truth, choice)
        return choice


def _literals(yes: int, no: int) -> list[tuple[int, bool]]:
    return [(1 << bit, True) for bit in bits_of(yes)] + [(1 << bit, False) for bit in bits_of(no)]
