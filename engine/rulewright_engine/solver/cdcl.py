"""The search that learns, for questions on which the depth-first search spends its budget.

Goals become clauses, one new proposition for each gate inside them; conflict-driven clause learning (first unique
implication point, back-jumping) settles propositions, and the domains refuse what no value can be. Each refusal is a
clause about atoms alone, true of the formula whatever is asked, so it is kept for the questions that follow.
"""

from collections.abc import Sequence

from rulewright_engine.solver.formula import Formula, Gate, Literals, bits_of
from rulewright_engine.solver.sat import Clause, Propositions
from rulewright_engine.solver.search import Demands, Model, Pivot
from rulewright_engine.solver.theories.protocol import Choice, Domain, Refusal

__all__ = ["LearningSearch"]

CONFLICTS = 2_000
"""Conflicts that one question may meet."""


class LearningSearch:
    def __init__(self, formula: Formula, domains: Sequence[Domain]) -> None:
        self._formula = formula
        self._domains = domains
        self._refused: dict[Literals, None] = {}

    def run(self, demands: Demands, pivot: Pivot | None, start: Model) -> tuple[Model | Literals, str]:
        """A model, or the atoms of the refusals that were met; and why a failure is no proof."""
        return _Question(self._formula, self._domains, self._refused, pivot).run(demands, start)


class _Question:
    def __init__(
        self, formula: Formula, domains: Sequence[Domain], refused: dict[Literals, None], pivot: Pivot | None
    ) -> None:
        self._formula = formula
        self._domains = domains
        self._refused = refused
        self._pivot = pivot
        self._solver = Propositions(len(formula.atoms))
        self._blame: Literals = (0, 0)
        self._doubt = ""

    def run(self, demands: Demands, start: Model) -> tuple[Model | Literals, str]:
        if self._encode(demands) and self._decide():
            return self._model(start), ""
        return self._blame, self._doubt

    # Encoding: an even literal says that a proposition is true, the odd one after it that it is false

    def _encode(self, demands: Demands) -> bool:
        clauses = [[literal] for literal in self._literals(demands.yes, demands.no)]
        clauses += [self._any_of(goal) for goal in demands.goals]
        clauses += [_denied(core) for core in self._refused if not self._is_about_pivot(core)]
        return all(self._solver.add(clause) for clause in clauses)

    def _any_of(self, gate: Gate) -> Clause:
        """The clause that an OR is; an operand that is the pivot does not count, for it differs between the halves."""
        pivot = self._pivot.atom if self._pivot else 0
        if (gate.yes | gate.no) & pivot:
            self._doubt = self._doubt or "the condition stands in several places that cannot be told apart"
        clause = self._literals(gate.yes & ~pivot, gate.no & ~pivot)
        return clause + [self._all_of(part) for part in gate.parts]

    def _all_of(self, gate: Gate) -> int:
        """The literal that implies all operands of an AND."""
        literal = 2 * self._solver.new()
        pivot = self._pivot.atom if self._pivot else 0
        if (gate.yes | gate.no) & pivot:
            self._doubt = self._doubt or "the condition stands in several places that cannot be told apart"
            self._solver.add([literal + 1])
            return literal
        for implied in self._literals(gate.yes, gate.no):
            self._solver.add([literal + 1, implied])
        for part in gate.parts:
            self._solver.add([literal + 1, *self._any_of(part)])
        return literal

    def _literals(self, yes: int, no: int) -> Clause:
        return [2 * bit for bit in bits_of(yes)] + [2 * bit + 1 for bit in bits_of(no)]

    def _is_about_pivot(self, core: Literals) -> bool:
        return self._pivot is not None and bool((core[0] | core[1]) & self._pivot.atom)

    # Search

    def _decide(self) -> bool:
        conflicts = 0
        while True:
            conflict = self._solver.propagate() or self._refusal()
            if conflict is None:
                literal = self._solver.open_literal()
                if literal is None:
                    return True
                self._solver.decide(literal)
                continue
            conflicts += 1
            if conflicts > CONFLICTS:
                self._doubt = "the search was given up"
                return False
            if not self._solver.learn(conflict):
                return False

    def _refusal(self) -> Clause | None:
        """The clause that the first domain answers with which cannot follow the assignment."""
        yes, no = self._solver.assigned_atoms()
        for position, variable in enumerate(self._formula.variables):
            answer = self._answer(position, yes & variable.atoms, no & variable.atoms)
            if isinstance(answer, Refusal):
                core = answer.yes, answer.no
                self._blame = self._blame[0] | core[0], self._blame[1] | core[1]
                if answer.unproven:
                    self._doubt = answer.unproven
                    return _denied((yes & variable.atoms, no & variable.atoms))
                pivot = self._pivot.atom if self._pivot else 0
                if not pivot & (core[0] | core[1]):
                    self._refused[core] = None
                return _denied((core[0] & ~pivot, core[1] & ~pivot))
        return None

    def _answer(self, position: int, yes: int, no: int) -> Choice | tuple[Choice, Choice] | Refusal:
        domain = self._domains[position]
        if self._pivot is None or self._pivot.variable != position:
            return domain.solve(yes, no)
        if fixed := self._pivot.atom & (yes | no):
            return Refusal(yes & fixed, no & fixed, "the condition stands in several places that cannot be told apart")
        first = domain.initial()
        return domain.pair(self._pivot.atom, yes, no, (first, first))

    def _model(self, start: Model) -> Model:
        yes, no = self._solver.assigned_atoms()
        choices: list[Choice] = []
        flipped: Choice | None = None
        for position, variable in enumerate(self._formula.variables):
            own_yes, own_no = yes & variable.atoms, no & variable.atoms
            if self._pivot is not None and self._pivot.variable == position:
                answer = self._answer(position, own_yes, own_no)
                assert isinstance(answer, tuple)
                choice, flipped = answer
            elif start.choices[position].meets(own_yes, own_no):
                choice = start.choices[position]
            else:
                found = self._domains[position].solve(own_yes, own_no)
                assert isinstance(found, Choice)
                choice = found
            choices.append(choice)
        return self._joined(choices, flipped)

    def _joined(self, choices: list[Choice], flipped: Choice | None) -> Model:
        truth = sum(choice.truth for choice in choices)
        if flipped is None or self._pivot is None:
            return Model(tuple(choices), truth)
        others = truth & ~self._formula.variables[self._pivot.variable].atoms
        return Model(tuple(choices), truth, flipped, others | flipped.truth)


def _denied(core: Literals) -> Clause:
    """The clause that some literal of the core is otherwise."""
    return [2 * bit + 1 for bit in bits_of(core[0])] + [2 * bit for bit in bits_of(core[1])]
