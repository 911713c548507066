"""Redundant literals without a search: those that a few sampled events show to decide are not redundant.

A literal is no redundancy when it decides the verdict in some event that has its atom true and in some event that has
it false. Each atom is tried in a model of the condition by the value that meets it alone, so a list of a thousand
elements costs a thousand evaluations and no search.

The samples are truths of atoms that some event has: a variable is changed only to a choice that its theory gives. So
what they show is certain; what they do not show is left to the solver.
"""

from collections.abc import Iterator, Sequence

from rulewright_engine.solver.formula import Formula, NnfNode, Occurrence, bits_of
from rulewright_engine.solver.theories.protocol import Choice, Theory

__all__ = ["Sampling"]

MAX_SAMPLING_BASES = 6
"""Models whose neighbourhood one call samples."""


class Sampling:
    """Which literals of one formula were seen to decide, with their atom true and with it false, by node."""

    def __init__(self, formula: Formula, theories: Sequence[Theory]) -> None:
        self._formula = formula
        self._theories = theories
        self._decided_true: dict[int, int] = {}  # id of a node -> its literals that decided while their atom was true
        self._decided_false: dict[int, int] = {}
        self._open: dict[int, int] = {}  # id of a node -> its literals that were not seen both ways yet
        self._seen: set[int] = set()
        self._live: set[int] = set()  # ids of the nodes with open literals at or below them
        for occurrence in formula.occurrences:
            node = id(occurrence.path[0])
            self._open[node] = self._open.get(node, 0) | 1 << occurrence.atom

    def sample_neighbourhood(self, truth: int) -> None:
        """Observe an event of which the condition is true, given by its true atoms, and events that differ from it in
        one variable; and of these, as far as they show something new, the neighbourhood as well."""
        bases = [truth]
        for base in bases:
            self._live = set(self._live_in(self._formula.root))
            self._observe(base)
            for near in self._neighbours(base):
                if self._observe(near) and len(bases) < MAX_SAMPLING_BASES and self._formula.root.holds(near):
                    bases.append(near)

    def _neighbours(self, base: int) -> Iterator[int]:
        """The truth of events in which one variable has another value than in an event of the truth `base`, chosen for
        the atoms of open literals."""
        atoms = 0
        for bits in self._open.values():
            atoms |= bits
        for variable, theory in zip(self._formula.variables, self._theories, strict=True):
            if not variable.atoms & atoms:
                continue
            others = base & ~variable.atoms
            yield others | theory.initial().truth
            for bit in bits_of(variable.atoms & atoms):
                answer = theory.solve(1 << bit, 0)
                if isinstance(answer, Choice):
                    yield others | answer.truth

    def _live_in(self, node: NnfNode) -> Iterator[int]:
        below = [live for child in node.children for live in self._live_in(child)]
        if below or self._open.get(id(node), 0):
            yield id(node)
            yield from below

    def _observe(self, truth: int) -> bool:
        """Whether an event with this truth shows something new."""
        if truth in self._seen:
            return False
        self._seen.add(truth)
        is_new = False
        for deciding, bits in self._formula.root.deciding_literals(truth, self._live):
            node = id(deciding)
            if bits & self._open.get(node, 0):
                held = self._decided_true[node] = self._decided_true.get(node, 0) | bits & truth
                failed = self._decided_false[node] = self._decided_false.get(node, 0) | bits & ~truth
                left = self._open[node] & ~(held & failed)
                is_new = is_new or left != self._open[node]
                self._open[node] = left
        return is_new

    def is_open(self, occurrence: Occurrence) -> bool:
        """Whether no event has shown that the literal matters; that proves nothing."""
        return occurrence.duplicate_of is not None or bool(self.unseen(occurrence))

    def unseen(self, occurrence: Occurrence) -> list[bool]:
        """The truths with which no event has shown the literal to decide."""
        node, bit = occurrence.path[0], 1 << occurrence.atom
        # A node with an atom and its negation does not tell which of the two decided
        shown = 0 if node.yes & node.no & bit else bit
        ways = ((True, self._decided_true), (False, self._decided_false))
        return [truth for truth, seen in ways if not seen.get(id(node), 0) & shown]
