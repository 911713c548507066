"""Mutants of a condition, which events kill them, and whether any event could.

A mutant dies of an event to which it gives another verdict. All events are judged together: the truth of a node is a
number whose bit i is that of event i, and a node decides where each of its siblings, on the way to the root, leaves the
decision to it. So what a mutant costs is the work at its own node.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    And,
    Condition,
    Constant,
    Equals,
    Leaf,
    Nested,
    Not,
    Or,
    Scalar,
)
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.tree import Path
from rulewright_engine.ir.work import spend
from rulewright_engine.solver import (
    NO_HINTS,
    Assignment,
    BudgetExceeded,
    SmtSolver,
    UnknownReason,
    ValueHints,
    multi_valued_in,
)
from rulewright_engine.solver.formula import bits_of
from rulewright_generators.cases.mutation.operators import (
    Change,
    Operator,
    changes_of,
    distinguishing_condition,
)

__all__ = ["EXPECTED", "Mutant", "Mutants"]

EXPECTED = {"host.os.type": ("windows", "linux", "macos", "unix", "ios", "android")}
"""Values that ECS expects of a field, beside those that the catalogue holds."""


ALWAYS = Constant(True)


@dataclass(frozen=True, slots=True, eq=False)
class Mutant:
    """A change; `conditions` are the positions of the atomic conditions in what it changes.

    `node` is judged at `path`: objects in an array cannot be judged apart, so a change in one is judged with all of
    the `Nested` around it.
    """

    change: Change
    conditions: range
    path: Path
    node: Condition


@dataclass(slots=True)
class Mutants:
    """The mutants of one condition, in the order of its text."""

    condition: Condition
    fields: FieldTypes
    hints: ValueHints = NO_HINTS
    all: tuple[Mutant, ...] = field(init=False)
    solver: SmtSolver = field(init=False)
    _atoms: dict[int, int] = field(init=False)  # by the identity of a condition

    def __post_init__(self) -> None:
        self.all = tuple(self._mutants())
        changed = [leaf for mutant in self.all for leaf in mutant.node.leaves()]
        self.solver = SmtSolver(
            self.condition, observed=changed, multi_valued=multi_valued_in(self.fields), hints=self.hints
        )
        atom_of = self.solver.formula.atom_of
        self._atoms = {id(leaf): atom_of(leaf) for leaf in (*self.condition.leaves(), *changed)}

    def kills(self, events: Sequence[Event], truths: Sequence[int] = ()) -> list[int]:
        """For each mutant the events that kill it, as bits; `truths` are those of `solver`, where they are known."""
        spend(len(events) + len(self.all))
        columns = _transposed(truths or [self.solver.truth(event) for event in events])
        table = _Table(self.condition, columns, self._atoms, events)
        return [table.decides(mutant.path) & table.differs(mutant) for mutant in self.all]

    def witness(self, mutant: Mutant, near: Assignment | None = None) -> Assignment | None:
        """An event that kills a mutant, like `near` where it can be; None: the mutant is proven to mean the same.

        Raises `BudgetExceeded` when neither was found.
        """
        if self.solver.formula.nested:
            return self._model_of_difference(mutant)
        unknown = ""
        for leaf, holding, failing in self._ways_to_differ(mutant):
            try:
                found = self.solver.witness(leaf, holding, failing, near)
            except BudgetExceeded as error:
                unknown = str(error)
            else:
                if found is not None:
                    return found
        is_whole = mutant.change.operator in (Operator.CONNECTIVE, Operator.NOT)
        if is_whole or (len(mutant.conditions) > 1 and mutant.change.operator is not Operator.MISSING):
            return self._model_of_difference(mutant)
        if unknown:
            raise BudgetExceeded(unknown)
        return None

    def _ways_to_differ(self, mutant: Mutant) -> Iterator[tuple[int, Sequence[Leaf], Sequence[Leaf]]]:
        """Where the mutant may have another verdict: the condition that then decides, what holds, and what does not."""
        first = mutant.conditions[0]
        leaves = [self.solver.formula.occurrences[position].leaf for position in mutant.conditions]
        match mutant.change.operator, mutant.change.node:
            case _, Constant(value):
                yield (first, (), leaves) if value else (first, leaves, ())
            case Operator.NEGATED, _:
                yield first, leaves, ()
                yield first, (), leaves
            case Operator.MISSING, Or((_, Not(Leaf() as exists))):  # where all of a list fail, each of them decides
                yield first, (), (leaves[0], exists)
            case Operator.CASE | Operator.FILLED, Or(children):
                elements = [child for child in children if isinstance(child, Leaf)]
                yield from (
                    (position, (leaf,), elements) for position, leaf in zip(mutant.conditions, leaves, strict=True)
                )
                yield from ((first, (changed,), leaves) for changed in elements)
            case _, Leaf() as changed:
                yield first, leaves, (changed,)
                yield first, (changed,), leaves

    def witness_with(self, mutant: Mutant, presence: Condition) -> Assignment | None:
        """As `witness`, an event that meets one condition more."""
        return self._model_of_difference(mutant, presence)

    def _model_of_difference(self, mutant: Mutant, given: Condition = ALWAYS) -> Assignment | None:
        told_apart = And((distinguishing_condition(self.condition, mutant.change.path, mutant.change.node), given))
        solver = SmtSolver(told_apart, multi_valued=multi_valued_in(self.fields), hints=self.hints)
        found = solver.model()
        if isinstance(found, Mapping):
            return {read.name: found.get(read.name, ()) for read in self.solver.fields}
        if solver.formula.nested:
            raise BudgetExceeded(UnknownReason.NESTED_OBJECTS)
        return None

    def _mutants(self) -> Iterator[Mutant]:
        conditions_at = _condition_positions(self.condition)
        for change in changes_of(self.condition, self._is_open):
            if conditions_at[change.path]:
                yield Mutant(change, conditions_at[change.path], *_judged(self.condition, change))

    def _is_open(self, leaf: Leaf) -> bool:
        """Whether documents may lack the constant or spell it otherwise: not where the schema enumerates it."""
        value = leaf.test.value if isinstance(leaf.test, Equals) else None
        return not any(value in self._enumerated(read.name) for read in leaf.value.fields())

    def _enumerated(self, name: str) -> Sequence[Scalar]:
        info = self.fields.lookup(name)
        return EXPECTED.get(name) or (info.allowed_values if info else ())


def _condition_positions(condition: Condition) -> dict[Path, range]:
    """The positions of the atomic conditions of each node, by its path."""
    positions: dict[Path, range] = {}
    count = 0
    for path, node in condition.walk_paths():
        positions[path] = range(count, count)
        if isinstance(node, Leaf):
            count += 1
            for above in (path[:depth] for depth in range(len(path) + 1)):
                positions[above] = range(positions[above].start, count)
    return positions


def _judged(condition: Condition, change: Change) -> tuple[Path, Condition]:
    node = condition
    for depth, position in enumerate(change.path):
        if isinstance(node, Nested):
            return change.path[:depth], node.replace(change.path[depth:], change.node)
        node = node.children[position]
    return change.path, change.node


class _Table:
    """The truth of nodes over some events, and where the nodes of one condition decide it: bit i is event i."""

    def __init__(
        self, condition: Condition, columns: Mapping[int, int], atoms: Mapping[int, int], events: Sequence[Event]
    ) -> None:
        """`columns`: atom -> the events of which it is true; `atoms`: a condition, by its identity -> its atom."""
        self._events = events
        self._every = (1 << len(events)) - 1
        self._atoms = atoms
        self._columns = columns
        self._known: dict[int, int] = {}  # by the identity of a node
        self._decides: dict[Path, int] = {}
        self._root = condition
        self._spread(condition, (), self._every)

    def decides(self, path: Path) -> int:
        return self._decides.get(path, 0)

    def differs(self, mutant: Mutant) -> int:
        """The events of which the mutant's node and the one that it replaces are not equally true."""
        if not self.decides(mutant.path):
            return 0
        return self.truth(self._root.at(mutant.path)) ^ self.truth(mutant.node)

    def truth(self, node: Condition) -> int:
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = self._truth(node)
        return found

    def _truth(self, node: Condition) -> int:
        match node:
            case Leaf():
                return self._columns.get(self._atoms[id(node)], 0)
            case Constant(value):
                return self._every if value else 0
            case Not(child):
                return self._every ^ self.truth(child)
            case And(children):
                held = self._every
                for child in children:
                    held &= self.truth(child)
                return held
            case Or(children):
                held = 0
                for child in children:
                    held |= self.truth(child)
                return held
            case Nested():
                spend(10 * len(self._events))
                check = compile_condition(node)
                return sum(1 << position for position, event in enumerate(self._events) if check(event))

    def _spread(self, node: Condition, path: Path, decides: int) -> None:
        """Note where a node and those below it decide."""
        if not decides:
            return
        self._decides[path] = decides
        match node:
            case Not(child):
                self._spread(child, (*path, 0), decides)
            case And(children) | Or(children):
                against = [self.truth(child) ^ (self._every if isinstance(node, And) else 0) for child in children]
                for position, (child, others) in enumerate(zip(children, _of_others(against), strict=True)):
                    self._spread(child, (*path, position), decides & ~others)


def _of_others(columns: Sequence[int]) -> list[int]:
    """For each column what all others hold together."""
    before, total = [], 0
    for column in columns:
        before.append(total)
        total |= column
    result, total = [], 0
    for column, earlier in zip(reversed(columns), reversed(before), strict=True):
        result.append(earlier | total)
        total |= column
    return result[::-1]


def _transposed(truths: Sequence[int]) -> dict[int, int]:
    """For each atom the events of which it is true."""
    events: dict[int, int] = {}
    for position, truth in enumerate(truths):
        events[truth] = events.get(truth, 0) | 1 << position
    columns: dict[int, int] = {}
    for truth, bits in events.items():
        for atom in bits_of(truth):
            columns[atom] = columns.get(atom, 0) | bits
    return columns
