"""A condition as the search sees it: negations at the leaves, equal leaves one atom, sets of atoms bits of an integer.

An **atom** is a leaf without its place; it has one bit. An **occurrence** is a leaf at its place. A **gate** is an AND
or an OR whose literal operands are two sets of atoms (`yes` must hold, `no` must not) and whose other operands are
gates of the other kind: nested gates of one kind are merged. Nothing is ever multiplied out, so everything here is
linear in the size of the query.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Constant,
    Equals,
    Field,
    Leaf,
    MatchesGlob,
    Nested,
    Not,
    Or,
)
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns.glob import Wild

__all__ = [
    "FALSE",
    "TRUE",
    "Formula",
    "Gate",
    "Literals",
    "Occurrence",
    "Variable",
    "bits_of",
    "build_formula",
    "spelled",
]

Literals = tuple[int, int]
"""Atoms that hold and atoms that do not, each a set of bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Gate:
    """`every`: all operands must hold (AND); otherwise one is enough (OR). Compared by identity."""

    every: bool
    yes: int = 0
    no: int = 0
    parts: tuple["Gate", ...] = ()

    def holds(self, truth: int) -> bool:
        """Whether the gate is true when exactly the atoms of `truth` are."""
        if self.every:
            if self.yes & ~truth or self.no & truth:
                return False
            for part in self.parts:  # noqa: SIM110 (a loop is faster than `all` over a generator)
                if not part.holds(truth):
                    return False
            return True
        if self.yes & truth or self.no & ~truth:
            return True
        for part in self.parts:  # noqa: SIM110
            if part.holds(truth):
                return True
        return False

    def deciding(self, truth: int, among: Container[int] | None = None) -> Iterator[tuple["Gate", int]]:
        """The gates that decide the root, each with those of its literals that alone decide it.

        With `among`, only gates whose `id` is in it are looked into.
        """
        if among is not None and id(self) not in among:
            return
        wrong = self.deviating(truth)
        if wrong & (wrong - 1):
            return
        odd: Gate | None = None
        for part in self.parts:
            if part.holds(truth) != self.every:
                if wrong or odd is not None:
                    return
                odd = part
        if odd is None:
            yield self, wrong or self.yes | self.no
        if odd is not None:
            yield from odd.deciding(truth, among)
        elif not wrong:
            for part in self.parts:
                yield from part.deciding(truth, among)

    def deviating(self, truth: int) -> int:
        """The literals that speak against an AND, or for an OR."""
        return self.yes & ~truth | self.no & truth if self.every else self.yes & truth | self.no & ~truth

    def negated(self) -> "Gate":
        return Gate(not self.every, self.no, self.yes, tuple(part.negated() for part in self.parts))


TRUE = Gate(every=True)
FALSE = Gate(every=False)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A leaf at its place: `positive` unless an odd number of negations stands above it.

    `path` leads from the gate that holds the literal up to the root. `twin` is the earlier occurrence of the same
    literal in the same gate, if any.
    """

    index: int
    leaf: Leaf
    atom: int
    positive: bool
    path: tuple[Gate, ...]
    twin: "Occurrence | None" = None


@dataclass(frozen=True, slots=True)
class Variable:
    """Fields whose values are chosen together: one field, or several that some leaf relates to each other."""

    fields: tuple[Field, ...]
    atoms: int


@dataclass(frozen=True, slots=True)
class Formula:
    """`atoms[i]` is the leaf of bit `i`; `variable_of[i]` the position of its variable in `variables`.

    `nested` names the paths of objects that the condition asks about as wholes; the search treats them as one object.
    Some atoms may be of leaves that stand beside the condition, without an occurrence in it.
    """

    root: Gate
    atoms: tuple[Leaf, ...]
    occurrences: tuple[Occurrence, ...]
    variables: tuple[Variable, ...]
    variable_of: tuple[int, ...]
    nested: tuple[str, ...]
    _numbers: Mapping[Leaf, int]

    def atom_of(self, leaf: Leaf) -> int:
        """The number of the atom of a leaf, of the condition or beside it."""
        return self._numbers[spelled(leaf)]


def bits_of(atoms: int) -> Iterator[int]:
    """The positions of the set bits, lowest first."""
    while atoms:
        low = atoms & -atoms
        yield low.bit_length() - 1
        atoms ^= low


def build_formula(condition: Condition, beside: Iterable[Leaf] = ()) -> Formula:
    """`beside` holds leaves that are asked about together with the condition and are no part of it."""
    builder = _Builder()
    root = builder.gate(condition, positive=True)
    builder.link(root)
    for leaf in beside:
        builder.atom(leaf)
    atoms = tuple(builder.atoms)
    variables = _variables(atoms)
    variable_of = [0] * len(atoms)
    for position, variable in enumerate(variables):
        for atom in bits_of(variable.atoms):
            variable_of[atom] = position
    occurrences, nested = tuple(builder.occurrences()), tuple(sorted(builder.nested))
    return Formula(root, atoms, occurrences, variables, tuple(variable_of), nested, builder.numbers)


@dataclass(slots=True)
class _Place:
    """An occurrence that does not know its gates yet."""

    leaf: Leaf
    atom: int
    positive: bool
    gate: Gate | None = None


@dataclass(slots=True)
class _Builder:
    atoms: list[Leaf] = field(default_factory=list)
    nested: set[str] = field(default_factory=set)
    numbers: dict[Leaf, int] = field(default_factory=dict)
    _places: list[_Place] = field(default_factory=list)
    _parents: dict[int, Gate] = field(default_factory=dict)

    def gate(self, condition: Condition, positive: bool) -> Gate:
        """The gate of `condition`, or of its complement."""
        return self._close(True, *self._operands(condition, positive, every=True))

    def _close(self, every: bool, places: list[_Place], parts: list[Gate]) -> Gate:
        yes = no = 0
        for place in places:
            if place.positive:
                yes |= 1 << place.atom
            else:
                no |= 1 << place.atom
        gate = Gate(every, yes, no, tuple(parts))
        for place in places:
            place.gate = gate
        return gate

    def atom(self, leaf: Leaf) -> int:
        """The number of the leaf's atom; the leaf that came first stands for all that mean the same."""
        number = self.numbers.setdefault(spelled(leaf), len(self.atoms))
        if number == len(self.atoms):
            self.atoms.append(leaf)
        return number

    def _operands(self, condition: Condition, positive: bool, every: bool) -> tuple[list[_Place], list[Gate]]:
        """What `condition` adds to a gate of kind `every`: literals and gates of the other kind."""
        match condition:
            case Leaf():
                self._places.append(_Place(condition, self.atom(condition), positive))
                return [self._places[-1]], []
            case Constant(value):
                neutral = (value == positive) == every
                return [], [] if neutral else [FALSE if every else TRUE]
            case Not(child):
                return self._operands(child, not positive, every)
            case Nested(path, child):
                self.nested.add(path)
                return self._operands(child, positive, every)
            case And(children) | Or(children):
                own = isinstance(condition, And) == positive
                places: list[_Place] = []
                parts: list[Gate] = []
                for child in children:
                    more_places, more_parts = self._operands(child, positive, own)
                    places += more_places
                    parts += more_parts
                if own == every or (len(places) + len(parts) == 1 and places):
                    return places, parts
                return [], [self._close(own, places, parts)]

    def link(self, root: Gate) -> None:
        """Remember the gate above each gate."""
        for part in root.parts:
            self._parents[id(part)] = root
            self.link(part)

    def occurrences(self) -> Iterator[Occurrence]:
        first: dict[tuple[int, int, bool], Occurrence] = {}
        for index, place in enumerate(self._places):
            assert place.gate is not None
            key = (id(place.gate), place.atom, place.positive)
            occurrence = Occurrence(
                index, place.leaf, place.atom, place.positive, tuple(self._path(place.gate)), first.get(key)
            )
            first.setdefault(key, occurrence)
            yield occurrence

    def _path(self, gate: Gate) -> Iterator[Gate]:
        above: Gate | None = gate
        while above is not None:
            yield above
            above = self._parents.get(id(above))


def spelled(leaf: Leaf) -> Leaf:
    """The leaf with one spelling where case does not count, so that leaves that mean the same are one atom."""
    match leaf.test:
        case Equals(str(text), insensitive=True):
            folded = fold_case(text)
            return leaf if folded == text else replace(leaf, test=Equals(folded, insensitive=True))
        case MatchesGlob(parts, insensitive=True):
            same = tuple(part if isinstance(part, Wild) else fold_case(part) for part in parts)
            return leaf if same == parts else replace(leaf, test=MatchesGlob(same, insensitive=True))
        case _:
            return leaf


def _variables(atoms: tuple[Leaf, ...]) -> tuple[Variable, ...]:
    """Group the fields that leaves relate to each other (union-find over field names)."""
    owner: dict[str, str] = {}
    known: dict[str, Field] = {}

    def find(name: str) -> str:
        while owner[name] != name:
            name = owner[name]
        return name

    for leaf in atoms:
        names = []
        for used in leaf.value.fields():
            known.setdefault(used.name, used)
            owner.setdefault(used.name, used.name)
            names.append(find(used.name))
        for name in names[1:]:
            owner[find(name)] = find(names[0])
    members: dict[str, list[Field]] = {}
    for name, used in known.items():
        members.setdefault(find(name), []).append(used)
    sets = dict.fromkeys(members, 0)
    loose = 0
    for position, leaf in enumerate(atoms):
        named = next(leaf.value.fields(), None)
        if named is None:
            loose |= 1 << position
        else:
            sets[find(named.name)] |= 1 << position
    variables = [Variable(tuple(fields), sets[name]) for name, fields in members.items()]
    return (*variables, Variable((), loose)) if loose else tuple(variables)
