"""Builds the formula of a condition: negations pushed down to atoms, nested nodes of one kind merged."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from rulewright_engine.ir.expression import And, Condition, Constant, Field, Leaf, Nested, Not, Or
from rulewright_engine.solver.formula import (
    FALSE,
    TRUE,
    Formula,
    NnfNode,
    Occurrence,
    Variable,
    bits_of,
    canonical_form,
)

__all__ = ["build_formula"]


def build_formula(condition: Condition, observed: Iterable[Leaf] = ()) -> Formula:
    """The formula of a condition, with atoms for the `observed`, which are no part of it."""
    builder = _Builder()
    root = builder.node(condition, positive=True)
    builder.link(root)
    for leaf in observed:
        builder.atom(leaf)
    atoms = tuple(builder.atoms)
    variables = _variables(atoms)
    variable_of = [0] * len(atoms)
    for index, variable in enumerate(variables):
        for atom in bits_of(variable.atoms):
            variable_of[atom] = index
    occurrences, nested = tuple(builder.occurrences()), tuple(sorted(builder.nested))
    return Formula(root, atoms, occurrences, variables, tuple(variable_of), nested, builder.numbers)


@dataclass(slots=True)
class _Literal:
    """An occurrence that does not know its node yet."""

    leaf: Leaf
    atom: int
    positive: bool
    node: NnfNode | None = None


@dataclass(slots=True)
class _Builder:
    atoms: list[Leaf] = field(default_factory=list)
    nested: set[str] = field(default_factory=set)
    numbers: dict[Leaf, int] = field(default_factory=dict)
    _literals: list[_Literal] = field(default_factory=list)  # in the order of the text
    _parents: dict[int, NnfNode] = field(default_factory=dict)

    def node(self, condition: Condition, positive: bool) -> NnfNode:
        """The node of `condition`, or of its complement."""
        return self._close(True, *self._operands(condition, positive, conjunctive=True))

    def _close(self, conjunctive: bool, literals: list[_Literal], children: list[NnfNode]) -> NnfNode:
        yes = no = 0
        for literal in literals:
            if literal.positive:
                yes |= 1 << literal.atom
            else:
                no |= 1 << literal.atom
        node = NnfNode(conjunctive, yes, no, tuple(children))
        for literal in literals:
            literal.node = node
        return node

    def atom(self, leaf: Leaf) -> int:
        """The number of the condition's atom; the one that came first stands for all that mean the same."""
        number = self.numbers.setdefault(canonical_form(leaf), len(self.atoms))
        if number == len(self.atoms):
            self.atoms.append(leaf)
        return number

    def _operands(
        self, condition: Condition, positive: bool, conjunctive: bool
    ) -> tuple[list[_Literal], list[NnfNode]]:
        """What `condition` adds to a node of this kind: literals, and nodes of the other kind."""
        match condition:
            case Leaf():
                self._literals.append(_Literal(condition, self.atom(condition), positive))
                return [self._literals[-1]], []
            case Constant(value):
                neutral = (value == positive) == conjunctive
                return [], [] if neutral else [FALSE if conjunctive else TRUE]
            case Not(child):
                return self._operands(child, not positive, conjunctive)
            case Nested(path, child):
                self.nested.add(path)
                return self._operands(child, positive, conjunctive)
            case And(operands) | Or(operands):
                own = isinstance(condition, And) == positive  # De Morgan: a negated OR is an AND
                literals: list[_Literal] = []
                children: list[NnfNode] = []
                for operand in operands:
                    more_literals, more_children = self._operands(operand, positive, own)
                    literals += more_literals
                    children += more_children
                if own == conjunctive or (len(literals) + len(children) == 1 and literals):
                    return literals, children
                return [], [self._close(own, literals, children)]

    def link(self, root: NnfNode) -> None:
        """Remember the node above each node."""
        for child in root.children:
            self._parents[id(child)] = root
            self.link(child)

    def occurrences(self) -> Iterator[Occurrence]:
        first: dict[tuple[int, int, bool], Occurrence] = {}
        for index, literal in enumerate(self._literals):
            assert literal.node is not None  # Invariant: every operand list was closed into a node
            key = (id(literal.node), literal.atom, literal.positive)
            path = tuple(self._path(literal.node))
            occurrence = Occurrence(index, literal.leaf, literal.atom, literal.positive, path, first.get(key))
            first.setdefault(key, occurrence)
            yield occurrence

    def _path(self, node: NnfNode) -> Iterator[NnfNode]:
        above: NnfNode | None = node
        while above is not None:
            yield above
            above = self._parents.get(id(above))


def _variables(atoms: tuple[Leaf, ...]) -> tuple[Variable, ...]:
    """Group the fields that conditions relate to each other (union-find over field names)."""
    owner: dict[str, str] = {}
    known: dict[str, Field] = {}

    def find(name: str) -> str:
        while owner[name] != name:
            name = owner[name]
        return name

    for leaf in atoms:
        names = []
        for used in leaf.value.fields():
            known.setdefault(used.name, replace(used, lowercase=False))  # values as events hold them
            owner.setdefault(used.name, used.name)
            names.append(find(used.name))
        for name in names[1:]:
            owner[find(name)] = find(names[0])
    members: dict[str, list[Field]] = {}
    for name, used in known.items():
        members.setdefault(find(name), []).append(used)
    sets = dict.fromkeys(members, 0)
    fieldless = 0
    for number, leaf in enumerate(atoms):
        named = next(leaf.value.fields(), None)
        if named is None:
            fieldless |= 1 << number
        else:
            sets[find(named.name)] |= 1 << number
    variables = [Variable(tuple(fields), sets[name]) for name, fields in members.items()]
    return (*variables, Variable((), fieldless)) if fieldless else tuple(variables)
