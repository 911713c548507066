"""Depth-first search for values that make gates true, guided by the values at hand.

A gate that the values at hand already satisfy is left alone; a violated one is met by one of its operands at a time.
What an operand adds is a demand on single variables, and only a variable whose value violates its demands is solved
again. A failed operand hands back the demands that made it fail, so operands that had no part in it are not retried
(conflict-directed backjumping).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rulewright_engine.solver.formula import Formula, Gate, Literals, Occurrence, bits_of
from rulewright_engine.solver.theories.protocol import Choice, Domain, Refusal

__all__ = ["Demands", "Exhausted", "Model", "Pivot", "Search"]

DEEPEST = 300
"""Choices on one branch; deeper counts as exhausted."""


TRIES = 50
"""Operands that may be tried for each that is followed: most of a long list fail at once."""


COMPARED = 8
"""Violated goals among which the one with the fewest operands is chosen."""


class Exhausted(Exception):
    """The budget of a search is spent."""


@dataclass(frozen=True, slots=True)
class Demands:
    """Atoms that must hold and must not, and gates that must be true."""

    yes: int = 0
    no: int = 0
    goals: tuple[Gate, ...] = ()

    @staticmethod
    def of(gate: Gate) -> "Demands":
        return Demands(gate.yes, gate.no, gate.parts) if gate.every else Demands(goals=(gate,))

    @staticmethod
    def around(occurrence: Occurrence, *, alternatives: bool = True) -> "Demands":
        """What must hold so that the occurrence decides; without `alternatives`, only that its conjuncts hold."""
        bit = 1 << occurrence.atom
        yes, no, goals = 0, 0, []
        below: Gate | None = None
        for gate in occurrence.path:
            own_yes = gate.yes & ~bit if below is None and occurrence.positive else gate.yes
            own_no = gate.no & ~bit if below is None and not occurrence.positive else gate.no
            others = [part for part in gate.parts if part is not below]
            if gate.every:
                yes, no = yes | own_yes, no | own_no
                goals += others
            elif alternatives:
                yes, no = yes | own_no, no | own_yes
                goals += [part.negated() for part in others]
            below = gate
        return Demands(yes, no, tuple(goals))

    def met_by(self, truth: int) -> bool:
        return not (self.yes & ~truth or self.no & truth) and all(goal.holds(truth) for goal in self.goals)

    def without_met_goals(self) -> "Demands":
        """The same, without the goals of which a literal is demanded."""
        yes, no = self.yes, self.no
        return Demands(yes, no, tuple([goal for goal in self.goals if not (goal.yes & yes or goal.no & no)]))

    def __add__(self, other: "Demands") -> "Demands":
        return Demands(self.yes | other.yes, self.no | other.no, self.goals + other.goals)


@dataclass(frozen=True, slots=True)
class Pivot:
    """The atom that a pair of models differs in, and the variable that holds it."""

    atom: int
    variable: int


@dataclass(frozen=True, slots=True)
class Model:
    """One value for each variable. `flipped` is the pivot's variable with the pivot false (true in `choices`)."""

    choices: tuple[Choice, ...]
    truth: int
    flipped: Choice | None = None
    flipped_truth: int = 0

    def satisfies(self, gate: Gate) -> bool:
        return gate.holds(self.truth) and (self.flipped is None or gate.holds(self.flipped_truth))


class Search:
    """One search; `budget` bounds the operands that it follows. `blame` collects the demands that met no value."""

    def __init__(self, formula: Formula, domains: Sequence[Domain], *, pivot: Pivot | None, budget: int) -> None:
        self._domains = domains
        self._masks = [variable.atoms for variable in formula.variables]
        self._pivot = pivot
        self._left = budget
        self._tries = budget * TRIES
        self.blame: Literals = (0, 0)
        self.unproven = ""

    def run(self, demands: Demands, start: Model) -> Model | Literals:
        """A model, or demands among the literals of `demands` that fail together (given its goals).

        Raises `Exhausted`. The failure is a proof unless `unproven` has a reason.
        """
        if clash := demands.yes & demands.no:
            self._blame(clash, clash)
            return clash, clash
        pivoted = 0 if self._pivot is None else self._masks[self._pivot.variable]
        model = self._repair(start, demands.yes, demands.no, demands.yes | demands.no | pivoted)
        return model if not isinstance(model, Model) else self._search(demands.without_met_goals(), model, DEEPEST)

    def _search(self, demands: Demands, model: Model, depth: int) -> Model | Literals:
        goal = self._next(demands, model)
        if goal is None:
            return model
        self._left -= 1
        if depth == 0 or self._left < 0:
            raise Exhausted
        conflict = self._blocked(demands, goal)
        for option in self._options(demands, goal):
            self._tries -= 1
            if self._tries < 0:
                raise Exhausted
            result = self._try(demands, option, model, depth)
            if isinstance(result, Model):
                return result
            own_yes, own_no = option.yes & ~demands.yes, option.no & ~demands.no
            if not (option.goals or result[0] & own_yes or result[1] & own_no):
                return result  # the operand had no part in the failure, so no other one would do better
            conflict = conflict[0] | result[0] & ~own_yes, conflict[1] | result[1] & ~own_no
        return conflict

    def _try(self, demands: Demands, option: Demands, model: Model, depth: int) -> Model | Literals:
        merged = (demands + option).without_met_goals()
        if clash := merged.yes & merged.no:
            return (clash, clash)
        added = option.yes & ~demands.yes | option.no & ~demands.no
        repaired = self._repair(model, merged.yes, merged.no, added)
        return repaired if not isinstance(repaired, Model) else self._search(merged, repaired, depth - 1)

    def _next(self, demands: Demands, model: Model) -> Gate | None:
        """A violated goal with few operands that may still come true; None when there is none."""
        best, fewest, compared = None, 0, 0
        truth, flipped = model.truth, model.truth if model.flipped is None else model.flipped_truth
        for goal in demands.goals:
            if goal.holds(truth) and (truth == flipped or goal.holds(flipped)):
                continue
            open_operands = (goal.yes & ~demands.no).bit_count() + (goal.no & ~demands.yes).bit_count()
            count = open_operands + len(goal.parts)
            if best is None or count < fewest:
                best, fewest = goal, count
            compared += 1
            if fewest <= 1 or compared == COMPARED:
                break
        return best

    def _blocked(self, demands: Demands, goal: Gate) -> Literals:
        """The demands that rule out literal operands of `goal`."""
        pivot = self._pivot.atom if self._pivot else 0
        return demands.yes & goal.no & ~pivot, demands.no & goal.yes & ~pivot

    def _options(self, demands: Demands, goal: Gate) -> Iterator[Demands]:
        """The operands to try: literals of variables without demands first, then other literals, then gates."""
        pivot = self._pivot.atom if self._pivot else 0
        yes, no = goal.yes & ~demands.no & ~pivot, goal.no & ~demands.yes & ~pivot
        taken = demands.yes | demands.no
        free = sum(mask for mask in self._masks if not mask & taken)
        for within in (free, ~free):
            for position in bits_of((yes | no) & within):
                bit = 1 << position
                if yes & bit:
                    yield Demands(yes=bit)
                if no & bit:
                    yield Demands(no=bit)
        for part in goal.parts:
            yield Demands.of(part)

    def _repair(self, model: Model, yes: int, no: int, touched: int) -> Model | Literals:
        """The model with new values for the variables of `touched` atoms where the old ones violate the demands."""
        choices, flipped = list(model.choices), model.flipped
        for position, mask in enumerate(self._masks):
            if not mask & touched:
                continue
            answer: Choice | tuple[Choice, Choice] | Refusal
            if self._pivot is not None and self._pivot.variable == position:
                answer = self._pair(choices[position], flipped, yes & mask, no & mask)
                if not isinstance(answer, Refusal):
                    choices[position], flipped = answer
            elif choices[position].meets(yes & mask, no & mask):
                continue
            else:
                answer = self._domains[position].solve(yes & mask, no & mask)
                if isinstance(answer, Choice):
                    choices[position] = answer
            if isinstance(answer, Refusal):
                self.unproven = self.unproven or answer.unproven
                self._blame(answer.yes, answer.no)
                return answer.yes & yes, answer.no & no
        return self._model(choices, flipped)

    def _pair(self, choice: Choice, flipped: Choice | None, yes: int, no: int) -> tuple[Choice, Choice] | Refusal:
        assert self._pivot is not None
        atom = self._pivot.atom
        if fixed := atom & (yes | no):
            return Refusal(yes & fixed, no & fixed)
        return self._domains[self._pivot.variable].pair(atom, yes, no, (choice, flipped or choice))

    def _model(self, choices: list[Choice], flipped: Choice | None) -> Model:
        truth = 0
        for choice in choices:
            truth |= choice.truth
        if flipped is None or self._pivot is None:
            return Model(tuple(choices), truth)
        others = truth & ~self._masks[self._pivot.variable]
        return Model(tuple(choices), truth, flipped, others | flipped.truth)

    def _blame(self, yes: int, no: int) -> None:
        self.blame = self.blame[0] | yes, self.blame[1] | no
