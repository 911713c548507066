"""Depth-first search for values that make nodes true, guided by the values at hand.

A node that the values at hand already satisfy is left alone; a violated one is met by one of its operands at a time.
What an operand adds is an assumption about single variables, and only a variable whose value violates the assumptions
is solved again, by its theory.

Soundness: a model is a choice of each variable, and a choice carries the truth that evaluation gives it; the search
ends when all assumptions hold of these truths. A failure is a proof when no theory answered "unknown": every operand
of some violated node was tried under the same assumptions, or fails because of assumptions alone.

Backjumping: a failed operand hands back the assumptions that made it fail. Where the operand itself is not among them,
each other operand would fail alike, so they are not tried (conflict-directed backjumping). Where it is, the failure of
the node rests on the union of what its operands hand back.

Budget: the search keeps no memory of failures, so it may try the same ones again. It is quick where the values at hand
are nearly right, and gives up early (`BudgetExceeded`) for the search that learns (`cdcl`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rulewright_engine.ir.work import spend
from rulewright_engine.solver.formula import Formula, Literals, NnfNode, Occurrence, bits_of
from rulewright_engine.solver.outcomes import Assignment
from rulewright_engine.solver.reasons import BudgetExceeded
from rulewright_engine.solver.theories.protocol import Choice, Conflict, Theory

__all__ = ["Assumptions", "DepthFirstSearch", "Model", "ToggledAtom"]

MAX_BRANCH_DEPTH = 300
"""Operands that are followed on one branch; a deeper one counts as a spent budget."""

TRIES_PER_BRANCH = 50
"""Operands that may be tried for each that is followed: most of a long list fail at once."""

MAX_COMPARED_GOALS = 8
"""Violated goals among which the one with the fewest operands is chosen."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Atoms that must be true (`yes`) and false (`no`), and nodes that must be true (`goals`)."""

    yes: int = 0
    no: int = 0
    goals: tuple[NnfNode, ...] = ()

    @staticmethod
    def of(node: NnfNode) -> "Assumptions":
        """That a node is true."""
        return Assumptions(node.yes, node.no, node.children) if node.conjunctive else Assumptions(goals=(node,))

    @staticmethod
    def sensitizing(occurrence: Occurrence, *, alternatives: bool = True) -> "Assumptions":
        """That the occurrence decides the root: every other operand of each AND above it is true, of each OR false.

        Without `alternatives`, only the conjuncts are assumed.
        """
        bit = 1 << occurrence.atom
        yes, no, goals = 0, 0, []
        below: NnfNode | None = None
        for node in occurrence.path:
            own_yes = node.yes & ~bit if below is None and occurrence.positive else node.yes
            own_no = node.no & ~bit if below is None and not occurrence.positive else node.no
            others = [child for child in node.children if child is not below]
            if node.conjunctive:
                yes, no = yes | own_yes, no | own_no
                goals += others
            elif alternatives:
                yes, no = yes | own_no, no | own_yes
                goals += [child.negated() for child in others]
            below = node
        return Assumptions(yes, no, tuple(goals))

    def met_by(self, truth: int) -> bool:
        return not (self.yes & ~truth or self.no & truth) and all(goal.holds(truth) for goal in self.goals)

    def without_met_goals(self) -> "Assumptions":
        """The same, without the goals that have a literal among the assumed ones. Goals are ORs."""
        yes, no = self.yes, self.no
        return Assumptions(yes, no, tuple([goal for goal in self.goals if not (goal.yes & yes or goal.no & no)]))

    def __add__(self, other: "Assumptions") -> "Assumptions":
        return Assumptions(self.yes | other.yes, self.no | other.no, self.goals + other.goals)


@dataclass(frozen=True, slots=True)
class ToggledAtom:
    """The atom, as a bit, in which the two halves of an independence pair differ, and the index of its variable.

    No literal of it counts as satisfying a goal, for a goal must be true in both halves. Where the atom stands at
    several places, that may miss a pair.
    """

    atom: int
    variable: int


@dataclass(frozen=True, slots=True)
class Model:
    """One choice for each variable, and all atoms that are true of them.

    Of an independence pair, `choices` is the half in which the toggled atom is true; the complement model has
    `complement` as the choice of the toggled atom's variable, and is otherwise the same.
    """

    choices: tuple[Choice, ...]
    truth: int
    complement: Choice | None = None
    complement_truth: int = 0

    @staticmethod
    def of(choices: Sequence[Choice], variable: int = 0, complement: Choice | None = None) -> "Model":
        """The model of these choices, and of a complement for `variable`."""
        truth = 0
        for choice in choices:
            truth |= choice.truth
        if complement is None:
            return Model(tuple(choices), truth)
        # Invariant: the atoms of a choice are those of its variable, so xor takes out exactly its own
        return Model(tuple(choices), truth, complement, (truth ^ choices[variable].truth) | complement.truth)

    def complement_model(self, toggled: ToggledAtom) -> "Model":
        """The half of a pair in which the toggled atom is false."""
        assert self.complement is not None  # Invariant: the model is of a pair
        index = toggled.variable
        choices = (*self.choices[:index], self.complement, *self.choices[index + 1 :])
        return Model(choices, self.complement_truth)

    def assignment(self, formula: Formula) -> Assignment:
        """The values of each field."""
        return {
            field.name: held
            for variable, choice in zip(formula.variables, self.choices, strict=True)
            for field, held in zip(variable.fields, choice.values, strict=True)
        }

    def satisfies(self, node: NnfNode) -> bool:
        """Whether the node is true in both halves."""
        return node.holds(self.truth) and (self.complement is None or node.holds(self.complement_truth))


class DepthFirstSearch:
    """One search; `budget` bounds the operands that it follows.

    `core` collects the atoms of all conflicts that it met, which together explain a failure; with a reason in
    `unknown`, a failure is no proof.
    """

    def __init__(
        self, formula: Formula, theories: Sequence[Theory], *, toggled: ToggledAtom | None, budget: int
    ) -> None:
        self._theories = theories
        self._masks = [variable.atoms for variable in formula.variables]
        self._toggled = toggled
        self._toggled_bit = toggled.atom if toggled else 0
        self._branches_left = budget
        self._tries_left = budget * TRIES_PER_BRANCH
        self.core: Literals = (0, 0)
        self.unknown = ""

    def run(self, assumptions: Assumptions, start: Model) -> Model | Literals:
        """A model, or atoms among `assumptions` that fail together (given its goals).

        Raises `BudgetExceeded`. The failure is a proof unless `unknown` has a reason.
        """
        if clash := assumptions.yes & assumptions.no:
            self._add_to_core(clash, clash)
            return clash, clash
        toggled = 0 if self._toggled is None else self._masks[self._toggled.variable]
        model = self._repair(start, assumptions.yes, assumptions.no, assumptions.yes | assumptions.no | toggled)
        if not isinstance(model, Model):
            return model
        return self._search(assumptions.without_met_goals(), model, MAX_BRANCH_DEPTH)

    def _search(self, assumptions: Assumptions, model: Model, depth: int) -> Model | Literals:
        """Invariant: `model` meets the literals of `assumptions`."""
        goal = self._next(assumptions, model)
        if goal is None:
            return model
        self._branches_left -= 1
        if depth == 0 or self._branches_left < 0:
            raise BudgetExceeded
        conflict = self._blocked(assumptions, goal)
        for option in self._options(assumptions, goal):
            self._tries_left -= 1
            if self._tries_left < 0:
                raise BudgetExceeded
            result = self._try(assumptions, option, model, depth)
            if isinstance(result, Model):
                return result
            own_yes, own_no = option.yes & ~assumptions.yes, option.no & ~assumptions.no
            if not (option.goals or result[0] & own_yes or result[1] & own_no):
                return result  # the operand had no part in the failure, so no other one would do better
            conflict = conflict[0] | result[0] & ~own_yes, conflict[1] | result[1] & ~own_no
        return conflict

    def _try(self, assumptions: Assumptions, option: Assumptions, model: Model, depth: int) -> Model | Literals:
        merged = (assumptions + option).without_met_goals()
        if clash := merged.yes & merged.no:
            return (clash, clash)
        added = option.yes & ~assumptions.yes | option.no & ~assumptions.no
        repaired = self._repair(model, merged.yes, merged.no, added)
        return repaired if not isinstance(repaired, Model) else self._search(merged, repaired, depth - 1)

    def _next(self, assumptions: Assumptions, model: Model) -> NnfNode | None:
        """A violated goal with few operands that may still come true; None when there is none."""
        best, fewest, compared = None, 0, 0
        truth, complement = model.truth, model.truth if model.complement is None else model.complement_truth
        for goal in assumptions.goals:
            if goal.holds(truth) and (truth == complement or goal.holds(complement)):
                continue
            open_operands = (goal.yes & ~assumptions.no).bit_count() + (goal.no & ~assumptions.yes).bit_count()
            count = open_operands + len(goal.children)
            if best is None or count < fewest:
                best, fewest = goal, count
            compared += 1
            if fewest <= 1 or compared == MAX_COMPARED_GOALS:
                break
        return best

    def _blocked(self, assumptions: Assumptions, goal: NnfNode) -> Literals:
        """The assumptions that rule out literals of `goal`."""
        return assumptions.yes & goal.no & ~self._toggled_bit, assumptions.no & goal.yes & ~self._toggled_bit

    def _options(self, assumptions: Assumptions, goal: NnfNode) -> Iterator[Assumptions]:
        """The operands to try: literals of variables without assumptions first, then other literals, then nodes."""
        yes, no = goal.yes & ~assumptions.no & ~self._toggled_bit, goal.no & ~assumptions.yes & ~self._toggled_bit
        taken = assumptions.yes | assumptions.no
        free = sum(mask for mask in self._masks if not mask & taken)
        for within in (free, ~free):
            for number in bits_of((yes | no) & within):
                bit = 1 << number
                if yes & bit:
                    yield Assumptions(yes=bit)
                if no & bit:
                    yield Assumptions(no=bit)
        for child in goal.children:
            yield Assumptions.of(child)

    def _repair(self, model: Model, yes: int, no: int, touched: int) -> Model | Literals:
        """The model with new values for the variables of `touched` atoms where the old ones violate the assumptions."""
        choices, complement = list(model.choices), model.complement
        spend(len(choices))
        for variable, mask in enumerate(self._masks):
            if not mask & touched:
                continue
            answer: Choice | tuple[Choice, Choice] | Conflict
            if self._toggled is not None and self._toggled.variable == variable:
                answer = self._pair(self._toggled, choices[variable], complement, yes & mask, no & mask)
                if not isinstance(answer, Conflict):
                    choices[variable], complement = answer
            elif choices[variable].meets(yes & mask, no & mask):
                continue
            else:
                answer = self._theories[variable].solve(yes & mask, no & mask)
                if isinstance(answer, Choice):
                    choices[variable] = answer
            if isinstance(answer, Conflict):
                self.unknown = self.unknown or answer.unknown
                self._add_to_core(answer.yes, answer.no)
                return answer.yes & yes, answer.no & no
        return Model.of(choices, self._toggled.variable if self._toggled else 0, complement)

    def _pair(
        self, toggled: ToggledAtom, choice: Choice, complement: Choice | None, yes: int, no: int
    ) -> tuple[Choice, Choice] | Conflict:
        if fixed := toggled.atom & (yes | no):
            return Conflict(yes & fixed, no & fixed)
        return self._theories[toggled.variable].pair(toggled.atom, yes, no, (choice, complement or choice))

    def _add_to_core(self, yes: int, no: int) -> None:
        self.core = self.core[0] | yes, self.core[1] | no
