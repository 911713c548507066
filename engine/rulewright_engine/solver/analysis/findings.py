"""What is proven of a condition: that it can never be met, or which of its parts it may do without.

Parts are judged as wholes first, from the end of the text to its start, and what was found superfluous is gone before
the next part is judged. So all findings hold together: without everything they name, the condition means the same.
A question on which the search gives up leads to no finding.
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
    conjuncts,
    fields_of,
    leaves_of,
)
from rulewright_engine.ir.tree_paths import (
    Place,
    children_of,
    node_at,
    replaced,
)
from rulewright_engine.solver import Exhausted, Several, Solver
from rulewright_engine.solver.analysis.siblings import Neighbour, is_one, neighbours

__all__ = ["Finding", "Kind", "findings", "is_contradictory"]

MOST_LEAVES = 5_000
"""Leaves of a condition about which anything is asked: what the solver remembers grows with their square."""

WORK = 2_000_000
"""Conditions that all questions about one condition may hold together; what is open then is not decided."""

LOOKS = 10_000_000
"""Conditions that may be looked at beside others."""


class Kind(StrEnum):
    NEVER = "never"  # no event meets the whole condition
    IMPOSSIBLE = "impossible"  # the part can never be true where it would count
    REDUNDANT = "redundant"  # the part is always true where it counts
    COVERED = "covered"  # an alternative is true whenever the part is
    IDLE = "idle"  # the part excludes what nothing else lets through


@dataclass(frozen=True, slots=True)
class Finding:
    """`node` may be replaced by `constant`. `because` are the nodes that together prove it, none of them dispensable.

    `parent` is the list that the node is an element of, if any. `single`: the proof needs that the schema gives a field
    one value.
    """

    kind: Kind
    node: Condition
    place: Place
    constant: bool
    because: tuple[Condition, ...]
    parent: Or | None = None
    single: bool = False


def findings(condition: Condition, several: Several, given: Sequence[Condition] = ()) -> list[Finding]:
    """The findings of one condition, in the order of the text; `given` must hold, too, for the condition to be met."""
    if _size(condition) > MOST_LEAVES:
        return []
    prover = _Prover(several, WORK)
    solver = Solver(condition, several=several)
    try:
        if isinstance(solver.model(), tuple) or (given and prover.excludes([condition, *given])):
            return [prover.never([*conjuncts(condition), *given], condition)]
        idle = solver.idle_leaves()
    except Exhausted:
        return []
    return _Review(condition, idle, prover).run() if idle else []


def is_contradictory(condition: Condition, several: Several, given: Sequence[Condition] = ()) -> bool:
    """Whether it is proven that no event meets the condition and all that is `given`."""
    if _size(condition) > MOST_LEAVES:
        return False
    prover = _Prover(several, WORK)
    if prover.excludes([condition]) or (given and prover.excludes([condition, *given])):
        return True
    # One conjunct on which the search gives up keeps it from judging the others, which may contradict each other.
    return prover.excludes([*filter(prover.is_solved, conjuncts(condition)), *given])


@dataclass(slots=True)
class _Prover:
    """`work` is how many conditions its questions may still hold."""

    several: Several
    work: int

    def excludes(self, conditions: Iterable[Condition]) -> bool:
        """Whether it is proven that no event meets all conditions."""
        together = And(tuple(conditions))
        self.work -= 1 + _size(together)
        if self.work < 0:
            return False
        try:
            return isinstance(Solver(together, several=self.several).model(), tuple)
        except Exhausted:
            return False

    def is_solved(self, condition: Condition) -> bool:
        """Whether the search finds an event that meets a condition, or proves that there is none."""
        try:
            Solver(condition, several=self.several).model()
        except Exhausted:
            return False
        return True

    def needs_single(self, conditions: Sequence[Condition]) -> bool:
        """Whether conditions, which exclude each other, do so only where the schema gives a field one value."""
        asked = Counter(name for each in conditions for name in _asked(each, True))
        single = any(count > 1 and self.several(name) is False for name, count in asked.items())
        return single and not _Prover(_any_number, self.work).excludes(conditions)

    def never(self, parts: Sequence[Condition], whole: Condition) -> Finding:
        core = self.core(parts, ())
        return Finding(Kind.NEVER, whole, (), False, core, single=self.needs_single(core))

    def core(self, conditions: Sequence[Condition], fixed: Sequence[Condition]) -> tuple[Condition, ...]:
        """Those of `conditions`, which exclude each other beside the `fixed` ones, that are needed for it."""
        kept = list(conditions)
        size = len(kept)
        while size:
            position = 0
            while position < len(kept):
                rest = kept[:position] + kept[position + size :]
                if self.excludes([*rest, *fixed]):
                    kept = rest
                else:
                    position += size
            size //= 2
        return tuple(kept)


def _asked(condition: Condition, positive: bool) -> Iterator[str]:
    """The fields of which a value is demanded, as often as one is: two demands may need two values."""
    match condition:
        case Leaf(value):
            yield from (used.name for used in fields_of(value) if positive)
        case Not(child):
            yield from _asked(child, not positive)
        case _:
            for child in children_of(condition):
                yield from _asked(child, positive)


def _any_number(name: str) -> bool | None:
    return None


@dataclass(slots=True)
class _Review:
    """Visits the nodes of a condition all of whose leaves are `idle`; these are given by their position in the text,
    with the leaves that explain it. `root` loses what was found."""

    root: Condition
    idle: Mapping[int, Sequence[Leaf]]
    prover: _Prover
    looks: int = LOOKS
    count: int = 0
    equals: dict[Leaf, list[Leaf]] = field(default_factory=dict)

    def run(self) -> list[Finding]:
        for leaf in leaves_of(self.root):
            self.equals.setdefault(leaf, []).append(leaf)
            self.count += 1
        return list(self._visit((), 0))[::-1]

    def _visit(self, place: Place, first: int) -> Iterator[Finding]:
        """`first` is the position of the first leaf of the node."""
        node = node_at(self.root, place)
        leaves = range(first, first + _size(node))
        idle = [leaf for leaf in leaves if leaf in self.idle]
        if idle and len(idle) == len(leaves) and (finding := self._judge(place, idle)):
            self.root = replaced(self.root, place, Constant(finding.constant, node.span))
            yield finding
        elif idle and not is_one(node):
            behind = leaves.stop
            for position, child in reversed(list(enumerate(children_of(node)))):
                behind -= _size(child)
                yield from self._visit((*place, position), behind)

    def _judge(self, place: Place, idle: Sequence[int]) -> Finding | None:
        """The finding about a node with these leaves, if what stands beside it settles it."""
        node = node_at(self.root, place)
        parent = node_at(self.root, place[:-1]) if place else None
        if not isinstance(parent, And | Or):
            return None
        constant = isinstance(parent, And)
        unwanted = Not(node) if constant else node
        because = self._because(place, unwanted, {leaf for index in idle for leaf in self.idle[index]})
        if because is None:
            return None
        return Finding(
            _kind(self.root, place, constant, because),
            node,
            place,
            constant,
            tuple(one.node for one in because),
            parent if isinstance(parent, Or) and parent.listed else None,
            self.prover.needs_single([*(one.demand for one in because), unwanted]),
        )

    def _because(self, place: Place, unwanted: Condition, hints: Iterable[Leaf]) -> list[Neighbour] | None:
        """The neighbours that rule out what is unwanted; None where they do not. Those with `hints` are tried first."""
        explaining = {id(leaf) for hint in hints for leaf in self.equals.get(hint, ())}
        for among in (explaining, None):
            if self.prover.work < 0 or self.looks < 0:
                return None
            self.looks -= self.count
            tried = list(neighbours(self.root, place, among))
            if self.prover.excludes([*(one.demand for one in tried), unwanted]):
                kept = {id(demand) for demand in self.prover.core([one.demand for one in tried], [unwanted])}
                return [one for one in tried if id(one.demand) in kept]
        return None


def _kind(root: Condition, place: Place, constant: bool, because: Sequence[Neighbour]) -> Kind:
    """What it means in the words of the text that the node at `place` is as good as `constant`."""
    positive = sum(isinstance(node_at(root, place[:depth]), Not) for depth in range(len(place))) % 2 == 0
    node = node_at(root, place)
    while isinstance(node, Not):
        node, positive, constant = node.child, not positive, not constant
    if constant:
        return Kind.REDUNDANT
    if positive:
        return Kind.IMPOSSIBLE if all(one.required for one in because) else Kind.COVERED
    return Kind.IDLE if any(one.truth for one in because) else Kind.COVERED


def _size(node: Condition) -> int:
    return sum(1 for _ in leaves_of(node))
