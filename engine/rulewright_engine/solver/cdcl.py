"""The search that learns, for questions on which the depth-first search spends its budget: lazy SMT over `sat`.

Encoding: goals become clauses, with one new proposition for each node inside them, which implies the node's operands
(Plaisted and Greenbaum: nodes occur positively only, so one direction is enough). That is linear in the formula.

Search: whenever propagation is at rest, each theory is asked whether its atoms can be as they are assigned. Its
conflict is learned as a clause, a theory lemma. Lemmas are about atoms alone and true whatever is asked, so they are
kept for later questions. When all clauses are satisfied and no theory objects, the theories give the values.

Soundness: "unsatisfiable" rests on the clauses and on lemmas that were proven. A conflict that a theory did not prove
only excludes this assignment, so that the search goes on, and is remembered in `unknown`. The same holds where the
budget of conflicts is spent, and where the toggled atom of a pair stands inside the goals.
"""

from collections.abc import Sequence

from rulewright_engine.ir.work import spend
from rulewright_engine.solver.formula import Formula, Literals, NnfNode, bits_of
from rulewright_engine.solver.reasons import UnknownReason
from rulewright_engine.solver.sat import Clause, SatCore
from rulewright_engine.solver.search import Assumptions, Model, ToggledAtom
from rulewright_engine.solver.theories.protocol import Choice, Conflict, Theory

__all__ = ["CdclSearch"]

MAX_CONFLICTS = 2_000
"""Conflicts that one question may meet."""


class CdclSearch:
    """The questions about one formula; they share the theory lemmas."""

    def __init__(self, formula: Formula, theories: Sequence[Theory]) -> None:
        self._formula = formula
        self._theories = theories
        self._lemmas: dict[Literals, None] = {}  # each a core that is proven to be impossible

    def run(self, assumptions: Assumptions, toggled: ToggledAtom | None, start: Model) -> tuple[Model | Literals, str]:
        """A model, or the atoms of the conflicts that were met; and why a failure is no proof."""
        return _Question(self._formula, self._theories, self._lemmas, toggled).run(assumptions, start)


class _Question:
    def __init__(
        self,
        formula: Formula,
        theories: Sequence[Theory],
        lemmas: dict[Literals, None],
        toggled: ToggledAtom | None,
    ) -> None:
        self._formula = formula
        self._theories = theories
        self._lemmas = lemmas
        self._toggled = toggled
        self._toggled_bit = toggled.atom if toggled else 0
        self._sat = SatCore(len(formula.atoms))
        self._core: Literals = (0, 0)
        self._unknown = ""

    def run(self, assumptions: Assumptions, start: Model) -> tuple[Model | Literals, str]:
        if self._encode(assumptions) and self._solve():
            return self._model(start), ""
        return self._core, self._unknown

    # Encoding: an even literal says that a proposition is true, the odd one after it that it is false

    def _encode(self, assumptions: Assumptions) -> bool:
        clauses = [[literal] for literal in _literals(assumptions.yes, assumptions.no)]
        clauses += [self._clause_of(goal) for goal in assumptions.goals]
        clauses += [_excluding(core) for core in self._lemmas if not (core[0] | core[1]) & self._toggled_bit]
        return all(self._sat.add(clause) for clause in clauses)

    def _clause_of(self, node: NnfNode) -> Clause:
        """The clause that an OR is. The toggled atom is no operand, for it differs between the halves of a pair."""
        self._note_toggled_in(node)
        clause = _literals(node.yes & ~self._toggled_bit, node.no & ~self._toggled_bit)
        return clause + [self._implying(child) for child in node.children]

    def _implying(self, node: NnfNode) -> int:
        """A literal that implies all operands of an AND."""
        literal = 2 * self._sat.new_proposition()
        if self._note_toggled_in(node):
            self._sat.add([literal + 1])
            return literal
        for implied in _literals(node.yes, node.no):
            self._sat.add([literal + 1, implied])
        for child in node.children:
            self._sat.add([literal + 1, *self._clause_of(child)])
        return literal

    def _note_toggled_in(self, node: NnfNode) -> bool:
        if not (node.yes | node.no) & self._toggled_bit:
            return False
        self._unknown = self._unknown or UnknownReason.REPEATED_ATOM
        return True

    # Search

    def _solve(self) -> bool:
        conflicts = 0
        while True:
            conflict = self._sat.propagate() or self._theory_conflict()
            if conflict is None:
                literal = self._sat.next_decision()
                if literal is None:
                    return True
                self._sat.decide(literal)
                continue
            conflicts += 1
            if conflicts > MAX_CONFLICTS:
                self._unknown = UnknownReason.BUDGET
                return False
            if not self._sat.learn(conflict):
                return False

    def _theory_conflict(self) -> Clause | None:
        """The clause that the first theory which cannot follow the assignment answers with."""
        yes, no = self._sat.assigned_atoms()
        spend(len(self._theories))
        for index, variable in enumerate(self._formula.variables):
            answer = self._answer(index, yes & variable.atoms, no & variable.atoms)
            if isinstance(answer, Conflict):
                core = answer.yes, answer.no
                self._core = self._core[0] | core[0], self._core[1] | core[1]
                if answer.unknown:
                    self._unknown = answer.unknown
                    return _excluding((yes & variable.atoms, no & variable.atoms))
                if not self._toggled_bit & (core[0] | core[1]):
                    self._lemmas[core] = None
                # That the toggled atom can be either way is assumed, so it is no part of the clause
                return _excluding((core[0] & ~self._toggled_bit, core[1] & ~self._toggled_bit))
        return None

    def _answer(self, index: int, yes: int, no: int) -> Choice | tuple[Choice, Choice] | Conflict:
        theory = self._theories[index]
        if self._toggled is None or self._toggled.variable != index:
            return theory.solve(yes, no)
        if fixed := self._toggled_bit & (yes | no):
            return Conflict(yes & fixed, no & fixed, UnknownReason.REPEATED_ATOM)
        first = theory.initial()
        return theory.pair(self._toggled_bit, yes, no, (first, first))

    def _model(self, start: Model) -> Model:
        yes, no = self._sat.assigned_atoms()
        choices: list[Choice] = []
        complement: Choice | None = None
        for index, variable in enumerate(self._formula.variables):
            own_yes, own_no = yes & variable.atoms, no & variable.atoms
            if self._toggled is not None and self._toggled.variable == index:
                answer = self._answer(index, own_yes, own_no)
                assert isinstance(answer, tuple)  # Invariant: no theory objects to the assignment
                choice, complement = answer
            elif start.choices[index].meets(own_yes, own_no):
                choice = start.choices[index]
            else:
                found = self._theories[index].solve(own_yes, own_no)
                assert isinstance(found, Choice)
                choice = found
            choices.append(choice)
        return Model.of(choices, self._toggled.variable if self._toggled else 0, complement)


def _literals(yes: int, no: int) -> Clause:
    return [2 * bit for bit in bits_of(yes)] + [2 * bit + 1 for bit in bits_of(no)]


def _excluding(core: Literals) -> Clause:
    """The clause that some literal of the core is otherwise."""
    return [2 * bit + 1 for bit in bits_of(core[0])] + [2 * bit for bit in bits_of(core[1])]
