"""A condition as the solver sees it: in negation normal form, equal ones one atom, sets of atoms bits of an integer.

atom         an atomic condition wherever it stands; it has one bit
literal      an atom or its negation
occurrence   an atomic condition at one place of the text
node         an AND or an OR: two sets of literals, and children of the other kind
variable     fields whose values are chosen together, with the atoms about them

Nothing is ever multiplied out, so everything here is linear in the size of the condition.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace

from rulewright_engine.ir.expression import Equals, Field, Leaf, MatchesGlob
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns.glob import Wild

__all__ = [
    "FALSE",
    "TRUE",
    "Formula",
    "Literals",
    "NnfNode",
    "Occurrence",
    "Variable",
    "bits_of",
    "canonical_form",
]

Literals = tuple[int, int]
"""Atoms that are true and atoms that are false, each a set of bits."""


@dataclass(frozen=True, slots=True, eq=False)
class NnfNode:
    """An AND (`conjunctive`) or an OR of literals (atoms `yes`, negated atoms `no`) and of `children`, which are nodes
    of the other kind. Negation stands in literals only. Nodes are compared by identity."""

    conjunctive: bool
    yes: int = 0
    no: int = 0
    children: tuple["NnfNode", ...] = ()

    def holds(self, truth: int) -> bool:
        """Whether the node is true when exactly the atoms of `truth` are."""
        if self.conjunctive:
            if self.yes & ~truth or self.no & truth:
                return False
            for child in self.children:  # noqa: SIM110 (a loop is faster than `all` over a generator)
                if not child.holds(truth):
                    return False
            return True
        if self.yes & truth or self.no & ~truth:
            return True
        for child in self.children:  # noqa: SIM110
            if child.holds(truth):
                return True
        return False

    def controlling_literals(self, truth: int) -> int:
        """The literals each of which settles the node: the false ones of an AND, the true ones of an OR."""
        return self.yes & ~truth | self.no & truth if self.conjunctive else self.yes & truth | self.no & ~truth

    def deciding_literals(self, truth: int, among: Container[int] | None = None) -> Iterator[tuple["NnfNode", int]]:
        """The literals that decide the root under `truth`, by node: with one of them otherwise, the root is, too.

        A node with two controlling operands is decided by none of its operands; with one, by that one; with none, by
        each. With `among`, only nodes whose `id` is in it are looked into.
        """
        if among is not None and id(self) not in among:
            return
        controlling = self.controlling_literals(truth)
        if controlling & (controlling - 1):
            return
        controlling_child: NnfNode | None = None
        for child in self.children:
            if child.holds(truth) != self.conjunctive:
                if controlling or controlling_child is not None:
                    return
                controlling_child = child
        if controlling_child is not None:
            yield from controlling_child.deciding_literals(truth, among)
            return
        yield self, controlling or self.yes | self.no
        if not controlling:
            for child in self.children:
                yield from child.deciding_literals(truth, among)

    def negated(self) -> "NnfNode":
        return NnfNode(not self.conjunctive, self.no, self.yes, tuple(child.negated() for child in self.children))


TRUE = NnfNode(conjunctive=True)
FALSE = NnfNode(conjunctive=False)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An atomic condition at one place of the text: `positive` unless an odd number of negations stands above it.

    `path` leads from the node that holds the literal up to the root. `duplicate_of` is the earlier occurrence of the
    same literal in the same node, if any.
    """

    index: int
    leaf: Leaf
    atom: int
    positive: bool
    path: tuple[NnfNode, ...]
    duplicate_of: "Occurrence | None" = None


@dataclass(frozen=True, slots=True)
class Variable:
    """Fields whose values are chosen together: one field, or several that some condition relates to each other."""

    fields: tuple[Field, ...]
    atoms: int


@dataclass(frozen=True, slots=True)
class Formula:
    """`atoms[i]` is the condition of bit `i`; `variable_of[i]` the index of its variable in `variables`.

    `nested` names the paths of objects in arrays that the condition asks about; the search treats each as one object.
    Some atoms may be of conditions that are only observed, without an occurrence in the formula.
    """

    root: NnfNode
    atoms: tuple[Leaf, ...]
    occurrences: tuple[Occurrence, ...]
    variables: tuple[Variable, ...]
    variable_of: tuple[int, ...]
    nested: tuple[str, ...]
    _numbers: Mapping[Leaf, int]

    def atom_of(self, leaf: Leaf) -> int:
        """The number of the atom of a condition, of the formula or only observed."""
        return self._numbers[canonical_form(leaf)]

    def conditions_of(self, atoms: int) -> tuple[Leaf, ...]:
        """The conditions of a set of atoms."""
        return tuple(self.atoms[bit] for bit in bits_of(atoms))


def bits_of(atoms: int) -> Iterator[int]:
    """The indices of the set bits, lowest first.

    >>> list(bits_of(0b1101))
    [0, 2, 3]
    """
    while atoms:
        low = atoms & -atoms
        yield low.bit_length() - 1
        atoms ^= low


def canonical_form(leaf: Leaf) -> Leaf:
    """The condition with its text folded where case does not count: those with one canonical form are one atom.

    >>> from rulewright_engine.ir.expression import FieldType
    >>> name = Field("process.name", FieldType.KEYWORD)
    >>> canonical_form(Leaf(name, Equals("Cmd.EXE", insensitive=True), 'process.name : "Cmd.EXE"')).test
    Equals(value='cmd.exe', insensitive=True)
    >>> canonical_form(Leaf(name, Equals("Cmd.EXE"), 'process.name == "Cmd.EXE"')).test
    Equals(value='Cmd.EXE', insensitive=False)
    """
    match leaf.test:
        case Equals(str(text), insensitive=True):
            folded = fold_case(text)
            return leaf if folded == text else replace(leaf, test=Equals(folded, insensitive=True))
        case MatchesGlob(parts, insensitive=True):
            same = tuple(part if isinstance(part, Wild) else fold_case(part) for part in parts)
            return leaf if same == parts else replace(leaf, test=MatchesGlob(same, insensitive=True))
        case _:
            return leaf
