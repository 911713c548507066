"""What is proven of a condition: that no event meets it, or which of its parts it may do without.

A part may be replaced by a constant where it never decides the verdict the other way: the assumptions under which it
would decide (its siblings, see `siblings`) exclude it. The solver first names the redundant literals; only nodes all of
whose atomic conditions are redundant are judged, as wholes before their parts.

Nodes are judged from the end of the text to its start, and what was found superfluous is replaced before the next one
is judged. So all findings hold together: with every replacement made, the condition means the same. A question that
the solver leaves open, or for which no work is left, leads to no finding.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Constant,
    Leaf,
    Not,
    Or,
)
from rulewright_engine.ir.tree import Path
from rulewright_engine.solver import BudgetExceeded, MultiValued, SmtSolver
from rulewright_engine.solver.analysis.siblings import Sibling, is_single_condition, siblings

__all__ = ["Finding", "FindingKind", "findings", "is_contradictory"]

MAX_FINDING_CONDITIONS = 5_000
"""Atomic conditions of a whole about which anything is asked: what the solver remembers grows with their square."""

MAX_PROOF_WORK = 2_000_000
"""Atomic conditions that all questions about one condition may hold together; what is open then is not decided."""

MAX_SIBLING_LOOKS = 10_000_000
"""Conditions that may be looked at to list siblings."""


class FindingKind(StrEnum):
    UNSATISFIABLE = "unsatisfiable"  # no event meets the whole condition
    IMPOSSIBLE = "impossible"  # the part can never be true where it would count
    REDUNDANT = "redundant"  # the part is always true where it counts
    SUBSUMED = "subsumed"  # an alternative is true whenever the part is
    VACUOUS = "vacuous"  # the part excludes what nothing else lets through


@dataclass(frozen=True, slots=True)
class Finding:
    """`node` may be replaced by `constant`. `because` are the nodes that together prove it, none of them dispensable.

    `parent` is the list that the node is an element of, if any. `needs_single_value`: the proof needs that the schema
    gives a field one value.
    """

    kind: FindingKind
    node: Condition
    path: Path
    constant: bool
    because: tuple[Condition, ...]
    parent: Or | None = None
    needs_single_value: bool = False


def findings(condition: Condition, multi_valued: MultiValued, given: Sequence[Condition] = ()) -> list[Finding]:
    """The findings of one condition, in the order of the text; `given` must hold, too, for the condition to be met.

    >>> from rulewright_engine.ir.expression import Equals, Field, FieldType, MatchesGlob
    >>> from rulewright_engine.values.patterns.glob import Wild
    >>> from rulewright_schema.source import Span
    >>> name = Field("process.name", FieldType.KEYWORD)
    >>> is_cmd = Leaf(name, Equals("cmd.exe"), 'name == "cmd.exe"', Span(0, 17))
    >>> is_exe = Leaf(name, MatchesGlob((Wild.ANY, ".exe")), 'name like "*.exe"', Span(22, 39))
    >>> for found in findings(And((is_cmd, is_exe)), lambda field: False):
    ...     print(found.node.text, "is", found.kind, "because of", *(node.text for node in found.because))
    name like "*.exe" is redundant because of name == "cmd.exe"
    """
    if _size(condition) > MAX_FINDING_CONDITIONS:
        return []
    prover = _Prover(multi_valued, MAX_PROOF_WORK)
    solver = SmtSolver(condition, multi_valued=multi_valued)
    try:
        if isinstance(solver.model(), tuple) or (given and prover.excludes([condition, *given])):
            return [prover.unsatisfiable([*condition.conjuncts(), *given], condition)]
        redundant = solver.redundant_literals()
    except BudgetExceeded:
        return []
    return _Review(condition, redundant, prover).run() if redundant else []


def is_contradictory(condition: Condition, multi_valued: MultiValued, given: Sequence[Condition] = ()) -> bool:
    """Whether it is proven that no event meets the condition and all that is `given`."""
    if _size(condition) > MAX_FINDING_CONDITIONS:
        return False
    prover = _Prover(multi_valued, MAX_PROOF_WORK)
    if prover.excludes([condition]) or (given and prover.excludes([condition, *given])):
        return True
    # One conjunct on which the search gives up keeps it from judging the others, which may contradict each other.
    return prover.excludes([*filter(prover.is_solved, condition.conjuncts()), *given])


@dataclass(slots=True)
class _Prover:
    """`work` is how many conditions its questions may still hold."""

    multi_valued: MultiValued
    work: int

    def excludes(self, conditions: Iterable[Condition]) -> bool:
        """Whether it is proven that no event meets all conditions."""
        together = And(tuple(conditions))
        self.work -= 1 + _size(together)
        if self.work < 0:
            return False
        try:
            return isinstance(SmtSolver(together, multi_valued=self.multi_valued).model(), tuple)
        except BudgetExceeded:
            return False

    def is_solved(self, condition: Condition) -> bool:
        """Whether the search finds an event that meets a condition, or proves that there is none."""
        try:
            SmtSolver(condition, multi_valued=self.multi_valued).model()
        except BudgetExceeded:
            return False
        return True

    def needs_single_value(self, conditions: Sequence[Condition]) -> bool:
        """Whether conditions, which exclude each other, do so only where the schema gives a field one value."""
        asked = Counter(name for each in conditions for name in _asked(each))
        single = any(count > 1 and self.multi_valued(name) is False for name, count in asked.items())
        return single and not _Prover(_any_number, self.work).excludes(conditions)

    def unsatisfiable(self, parts: Sequence[Condition], whole: Condition) -> Finding:
        core = self.core(parts, ())
        return Finding(
            FindingKind.UNSATISFIABLE, whole, (), False, core, needs_single_value=self.needs_single_value(core)
        )

    def core(self, conditions: Sequence[Condition], fixed: Sequence[Condition]) -> tuple[Condition, ...]:
        """Those of `conditions`, which exclude each other beside the `fixed` ones, that are needed for it.

        A minimal unsatisfiable core by deletion, in pieces that are halved: in the end each was tried alone. Where the
        work is spent, nothing more is deleted, and the core is right but not minimal.
        """
        kept = list(conditions)
        size = len(kept)
        while size:
            start = 0
            while start < len(kept):
                rest = kept[:start] + kept[start + size :]
                if self.excludes([*rest, *fixed]):
                    kept = rest
                else:
                    start += size
            size //= 2
        return tuple(kept)


def _asked(condition: Condition) -> Iterator[str]:
    """The fields of which a value is asked, as often as one is: two conditions may need two values."""
    return (used.name for leaf, positive in condition.literals() if positive for used in leaf.value.fields())


def _any_number(name: str) -> bool | None:
    return None


@dataclass(slots=True)
class _Review:
    """Visits the nodes all of whose atomic conditions are `redundant`; these are given by their index in the text,
    with those that explain it. `equals` are those that are equal to each.

    Invariant: `root` means what the condition meant at first, and lacks what was found.
    """

    root: Condition
    redundant: Mapping[int, Sequence[Leaf]]
    prover: _Prover
    looks: int = MAX_SIBLING_LOOKS
    count: int = 0
    equals: dict[Leaf, list[Leaf]] = field(default_factory=dict)

    def run(self) -> list[Finding]:
        for leaf in self.root.leaves():
            self.equals.setdefault(leaf, []).append(leaf)
            self.count += 1
        return list(self._visit((), 0))[::-1]

    def _visit(self, path: Path, first: int) -> Iterator[Finding]:
        """`first` is the index of the first condition of the node."""
        node = self.root.at(path)
        leaves = range(first, first + _size(node))
        redundant = [leaf for leaf in leaves if leaf in self.redundant]
        if redundant and len(redundant) == len(leaves) and (finding := self._judge(path, redundant)):
            self.root = self.root.replace(path, Constant(finding.constant, node.span))
            yield finding
        elif redundant and not is_single_condition(node):
            behind = leaves.stop
            for index, child in reversed(list(enumerate(node.children))):
                behind -= _size(child)
                yield from self._visit((*path, index), behind)

    def _judge(self, path: Path, redundant: Sequence[int]) -> Finding | None:
        """The finding about a node with these conditions, if its siblings settle it."""
        node = self.root.at(path)
        parent = self.root.at(path[:-1]) if path else None
        if not isinstance(parent, And | Or):
            return None
        constant = isinstance(parent, And)
        unwanted = Not(node) if constant else node
        because = self._because(path, unwanted, {leaf for index in redundant for leaf in self.redundant[index]})
        if because is None:
            return None
        return Finding(
            _kind(self.root, path, constant, because),
            node,
            path,
            constant,
            tuple(one.node for one in because),
            parent if isinstance(parent, Or) and parent.listed else None,
            self.prover.needs_single_value([*(one.assumption for one in because), unwanted]),
        )

    def _because(self, path: Path, unwanted: Condition, hints: Iterable[Leaf]) -> list[Sibling] | None:
        """The siblings that rule out what is unwanted; None where they do not. Those with `hints` are tried first."""
        explaining = {id(leaf) for hint in hints for leaf in self.equals.get(hint, ())}
        for among in (explaining, None):
            if self.prover.work < 0 or self.looks < 0:
                return None
            self.looks -= self.count
            tried = list(siblings(self.root, path, among))
            if self.prover.excludes([*(one.assumption for one in tried), unwanted]):
                kept = {
                    id(assumption) for assumption in self.prover.core([one.assumption for one in tried], [unwanted])
                }
                return [one for one in tried if id(one.assumption) in kept]
        return None


def _kind(root: Condition, path: Path, constant: bool, because: Sequence[Sibling]) -> FindingKind:
    """What it means in the words of the text that the node at `path` is as good as `constant`."""
    positive = sum(isinstance(root.at(path[:depth]), Not) for depth in range(len(path))) % 2 == 0
    node = root.at(path)
    while isinstance(node, Not):
        node, positive, constant = node.child, not positive, not constant
    if constant:
        return FindingKind.REDUNDANT
    if positive:
        return FindingKind.IMPOSSIBLE if all(one.required for one in because) else FindingKind.SUBSUMED
    return FindingKind.VACUOUS if any(one.truth for one in because) else FindingKind.SUBSUMED


def _size(node: Condition) -> int:
    return sum(1 for _ in node.leaves())
