"""Which theory decides a variable."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rulewright_engine.ir.expression import Field, InOtherFields, Leaf, MatchesText, MatchesToken
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.solver.formula import Formula, Variable, bits_of
from rulewright_engine.solver.reasons import UnknownReason
from rulewright_engine.solver.theories.field_atoms import TEXT_TYPES, atoms_of_field, holds_of
from rulewright_engine.solver.theories.field_theory import FieldTheory
from rulewright_engine.solver.theories.interval import IntervalTheory
from rulewright_engine.solver.theories.protocol import Choice, Conflict, Theory, Values
from rulewright_engine.solver.theories.relational import RelationalTheory
from rulewright_engine.solver.theories.string import StringTheory
from rulewright_engine.solver.theories.token import TokenTheory
from rulewright_engine.solver.value_hints import ValueHints

__all__ = ["MultiValued", "multi_valued_in", "theory_of"]

MultiValued = Callable[[str], bool | None]
"""Whether a field holds several values (arrays): yes, no, or nobody knows."""


def multi_valued_in(fields: FieldTypes) -> MultiValued:
    """What a schema says."""

    def multi_valued(name: str) -> bool | None:
        info = fields.lookup(name)
        return info.array if info else None

    return multi_valued


def theory_of(formula: Formula, variable: Variable, hints: ValueHints, multi_valued: MultiValued) -> Theory:
    leaves = {1 << number: formula.atoms[number] for number in bits_of(variable.atoms)}

    def of_field(field: Field, own: Mapping[int, Leaf]) -> FieldTheory:
        return _field_theory(field, own, hints, multi_valued)

    match variable.fields:
        case ():
            truth = sum(bit for bit, leaf in leaves.items() if holds_of(leaf, {}))
            return _FieldlessTheory(truth, sum(bit for bit in leaves if isinstance(leaves[bit].test, InOtherFields)))
        case (only,):
            return of_field(only, leaves)
        case _:
            return RelationalTheory(variable, leaves, of_field)


def _field_theory(
    field: Field, leaves: Mapping[int, Leaf], hints: ValueHints, multi_valued: MultiValued
) -> FieldTheory:
    """The theory of one field for conditions that refer to no other, by bit."""
    atoms = atoms_of_field(field, leaves, hints, multi_valued(field.name))
    if field.type not in TEXT_TYPES:
        return IntervalTheory(atoms)
    if any(isinstance(leaf.test, MatchesText | MatchesToken) for leaf in leaves.values()):
        return TokenTheory(atoms)
    return StringTheory(atoms)


@dataclass(slots=True)
class _FieldlessTheory:
    """Atoms that refer to no field: those of `truth` are true of every event, those that are `unknown` of some.

    What is unknown is taken to be false; that it can not be true is never a proof.
    """

    truth: int
    unknown: int

    def initial(self) -> Choice:
        return Choice((), self.truth)

    def evaluate(self, values: Values) -> Choice:
        return self.initial()

    def solve(self, yes: int, no: int) -> Choice | Conflict:
        return self.initial() if self.initial().meets(yes, no) else self._conflict(yes, no)

    def pair(self, atom: int, yes: int, no: int, current: tuple[Choice, Choice]) -> Conflict:
        return self._conflict(atom, atom)

    def _conflict(self, yes: int, no: int) -> Conflict:
        wrong, open_ = yes & ~self.truth, yes & self.unknown
        return Conflict(wrong, no & self.truth, UnknownReason.OTHER_FIELDS if open_ else "")
