"""A quick look instead of a search: the leaves that a few events near a model show to matter.

A leaf matters when some event has it true where it alone decides the verdict, and some event has it false there. Each
atom is tried in a model of the condition by the value that meets it alone, so a list of a thousand elements costs a
thousand looks and no search.
"""

from collections.abc import Iterator, Sequence

from rulewright_engine.solver.formula import Formula, Gate, Occurrence, bits_of
from rulewright_engine.solver.theories.protocol import Choice, Domain

__all__ = ["Evidence"]

BASES = 6
"""Models that atoms are tried in."""


class Evidence:
    """What events have shown of the leaves of one formula."""

    def __init__(self, formula: Formula, domains: Sequence[Domain]) -> None:
        self._formula = formula
        self._domains = domains
        self._held: dict[int, int] = {}  # gate -> literals that decided it while their atom was true
        self._failed: dict[int, int] = {}
        self._open: dict[int, int] = {}  # gate -> literals that are to be shown one way or the other
        self._seen: set[int] = set()
        self._live: set[int] = set()  # gates with open literals at or below them
        for found in formula.occurrences:
            gate = id(found.path[0])
            self._open[gate] = self._open.get(gate, 0) | 1 << found.atom

    def look_around(self, truth: int) -> None:
        """Look at an event of which the condition is true, given by the atoms that are, and at others near it."""
        bases = [truth]
        for base in bases:
            self._live = set(self._live_in(self._formula.root))
            self._look(base)
            for near in self._near(base):
                if self._look(near) and len(bases) < BASES and self._formula.root.holds(near):
                    bases.append(near)

    def _near(self, base: int) -> Iterator[int]:
        """The truth of events in which one variable has another value than in an event of the truth `base`, chosen for
        the atoms of open leaves."""
        atoms = 0
        for bits in self._open.values():
            atoms |= bits
        for variable, domain in zip(self._formula.variables, self._domains, strict=True):
            if not variable.atoms & atoms:
                continue
            others = base & ~variable.atoms
            yield others | domain.initial().truth
            for bit in bits_of(variable.atoms & atoms):
                answer = domain.solve(1 << bit, 0)
                if isinstance(answer, Choice):
                    yield others | answer.truth

    def _live_in(self, gate: Gate) -> Iterator[int]:
        below = [place for part in gate.parts for place in self._live_in(part)]
        if below or self._open.get(id(gate), 0):
            yield id(gate)
            yield from below

    def _look(self, truth: int) -> bool:
        """Whether an event with this truth shows something new."""
        if truth in self._seen:
            return False
        self._seen.add(truth)
        news = False
        for gate, bits in self._formula.root.deciding(truth, self._live):
            place = id(gate)
            if bits & self._open.get(place, 0):
                held = self._held[place] = self._held.get(place, 0) | bits & truth
                failed = self._failed[place] = self._failed.get(place, 0) | bits & ~truth
                left = self._open[place] & ~(held & failed)
                news = news or left != self._open[place]
                self._open[place] = left
        return news

    def is_open(self, found: Occurrence) -> bool:
        """Whether no event has shown that the leaf matters; that proves nothing."""
        return found.twin is not None or bool(self.missing(found))

    def missing(self, found: Occurrence) -> list[bool]:
        """The truths with which no event has shown the leaf to decide."""
        gate, bit = found.path[0], 1 << found.atom
        shown = 0 if gate.yes & gate.no & bit else bit
        return [
            truth for truth, seen in ((True, self._held), (False, self._failed)) if not seen.get(id(gate), 0) & shown
        ]
