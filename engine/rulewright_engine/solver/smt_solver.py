"""Solve one condition: a model of it, and for each leaf a pair of models or the reason why there is none.

For a leaf to count, everything that stands beside it on the way to the root must leave the decision to it: the other
operands of each AND are true, those of each OR false. A pair is a model of these demands in which only the leaf's
field differs between its two halves.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice

from rulewright_engine.evaluate import Check, compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    Condition,
    Field,
    FieldType,
    Leaf,
    Scalar,
)
from rulewright_engine.solver.cdcl import LearningSearch
from rulewright_engine.solver.formula import Literals, Occurrence, bits_of, build_formula
from rulewright_engine.solver.outcomes import Assignment, LeafOutcome, Outcome
from rulewright_engine.solver.sampling import Evidence
from rulewright_engine.solver.search import Demands, Exhausted, Model, Pivot, Search
from rulewright_engine.solver.theories.combination import Several, domain_of
from rulewright_engine.solver.theories.protocol import Choice
from rulewright_engine.solver.value_hints import NO_HINTS, Hints

__all__ = ["Solver"]

BUDGET = 400
"""Operands that the depth-first search may try for one question, before the search that learns takes over."""

OBJECTS = "it asks about objects in an array"

RECENT = 4
"""Earlier positives that a leaf is tried in before anything is solved for it."""


def _unknown(name: str) -> None:
    return None


class Solver:
    """One condition. Questions share what was solved before, so a solver is asked repeatedly and in order."""

    def __init__(
        self,
        condition: Condition,
        *,
        beside: Iterable[Leaf] = (),
        several: Several = _unknown,
        hints: Hints = NO_HINTS,
    ) -> None:
        """`beside` holds further leaves that `truth` tells of and `witness` is asked about."""
        self.formula = build_formula(condition, beside)
        self._condition = condition
        self.domains = [domain_of(self.formula, variable, hints, several) for variable in self.formula.variables]
        self._position = {
            field.name: position
            for position, variable in enumerate(self.formula.variables)
            for field in variable.fields
        }
        self._learning = LearningSearch(self.formula, self.domains)
        choices = tuple(domain.initial() for domain in self.domains)
        self._start = Model(choices, sum(choice.truth for choice in choices))
        self._positives: list[Model] = []
        self._repeated = {
            (id(occurrence.path[0]), 1 << occurrence.atom, occurrence.positive)
            for occurrence in self.formula.occurrences
            if occurrence.twin is not None
        }

    def model(self) -> Assignment | tuple[Leaf, ...]:
        """Values that meet the condition, or the leaves that make that impossible.

        Raises `Exhausted` when neither was found.
        """
        result = self._model
        if isinstance(result, Model):
            return self._assignment(result.choices)
        return tuple(self.formula.atoms[bit] for bit in bits_of(result[0] | result[1]))

    @cached_property
    def _model(self) -> Model | Literals:
        result, unproven = self.ask(Demands.of(self.formula.root), None, self._start)
        unproven = unproven or self._doubt
        if unproven and not isinstance(result, Model):
            raise Exhausted(unproven)
        return result

    @property
    def _doubt(self) -> str:
        """Why not to find a model proves nothing, whatever the search says."""
        if self.formula.nested:
            return OBJECTS
        opaque = [field.name for field in self.fields if field.type is FieldType.OBJECT]
        return f"what `{opaque[0]}` holds is nothing that evaluation looks at" if opaque else ""

    def idle_leaves(self) -> Mapping[int, tuple[Leaf, ...]]:
        """The leaves that a condition with models does without, by their position in the text, each with the leaves
        that explain it."""
        model = self._model
        if not isinstance(model, Model) or self._doubt:
            return {}
        evidence = Evidence(self.formula, self.domains)
        evidence.look_around(model.truth)
        found = {}
        for occurrence in filter(evidence.is_open, self.formula.occurrences):
            because, model = self._idle(occurrence, evidence, model)
            if because is not None:
                found[occurrence.index] = because
        return found

    def _idle(self, occurrence: Occurrence, evidence: Evidence, model: Model) -> tuple[tuple[Leaf, ...] | None, Model]:
        """Why a leaf never decides one way, if that is so, and the last model that was found."""
        if occurrence.twin is not None:
            return (occurrence.leaf,), model
        bit, demands = 1 << occurrence.atom, Demands.around(occurrence)
        for truth in evidence.missing(occurrence):
            result, unproven = self.ask(demands + (Demands(yes=bit) if truth else Demands(no=bit)), None, model)
            if isinstance(result, Model):
                model = result
                evidence.look_around(model.truth)
            elif not unproven:
                return tuple(self.formula.atoms[atom] for atom in bits_of((result[0] | result[1]) & ~bit)), model
        return None, model

    def witness(
        self, position: int, holding: Sequence[Leaf], failing: Sequence[Leaf], near: Assignment | None = None
    ) -> Assignment | None:
        """An event in which the leaf at `position` alone decides, with the truth that is asked of it and of others.

        It is like `near` where it can be. None when there is no such event; raises `Exhausted` when neither was found.
        """
        occurrence = self.formula.occurrences[position]
        demands = Demands.around(occurrence) + self._as_its_twin(occurrence)
        demands += Demands(yes=self._bits(holding), no=self._bits(failing))
        result, unproven = self.ask(demands, None, self._like(near) if near else self._recent())
        if isinstance(result, Model):
            return self._assignment(result.choices)
        if unproven or self.formula.nested:
            raise Exhausted(unproven or OBJECTS)
        return None

    def _as_its_twin(self, occurrence: Occurrence) -> Demands:
        """What a second occurrence of the same literal in the same gate must be for the first to decide."""
        gate, bit = occurrence.path[0], 1 << occurrence.atom
        if (id(gate), bit, occurrence.positive) not in self._repeated:
            return Demands()
        return Demands(yes=bit) if gate.every == occurrence.positive else Demands(no=bit)

    def _bits(self, leaves: Sequence[Leaf]) -> int:
        bits = 0
        for leaf in leaves:
            bits |= 1 << self.formula.atom_of(leaf)
        return bits

    def _like(self, values: Assignment) -> Model:
        choices = [
            domain.judge(tuple(values[field.name] for field in variable.fields))
            for variable, domain in zip(self.formula.variables, self.domains, strict=True)
        ]
        return Model(tuple(choices), sum(choice.truth for choice in choices))

    @property
    def fields(self) -> list[Field]:
        """The fields that the condition reads."""
        return [field for variable in self.formula.variables for field in variable.fields]

    def truth(self, event: Event) -> int:
        """The atoms that are true of an event, as bits."""
        truth = 0
        for variable, domain in zip(self.formula.variables, self.domains, strict=True):
            truth |= domain.judge(tuple(event.values(field) for field in variable.fields)).truth
        return truth

    def same(self, values: Assignment, name: str, changed: tuple[Scalar, ...]) -> bool:
        """Whether the same leaves are true when the field `name`, which the condition reads, has other values."""
        position = self._position[name]
        fields, domain = self.formula.variables[position].fields, self.domains[position]
        before = tuple(values[field.name] for field in fields)
        after = tuple(changed if field.name == name else values[field.name] for field in fields)
        return domain.judge(before).truth == domain.judge(after).truth

    def matches(self, event: Event) -> bool:
        """The verdict of evaluation."""
        return self._check(event)

    @cached_property
    def _check(self) -> Check:
        return compile_condition(self._condition)

    def outcomes(self) -> Iterator[LeafOutcome]:
        """The outcome of each leaf, in the order of the text."""
        return map(self.outcome, self.formula.occurrences)

    def outcome(self, occurrence: Occurrence) -> LeafOutcome:
        """The outcome of one leaf, at one of the places of `formula.occurrences`."""
        if occurrence.twin is not None:
            return self._explained(occurrence, Outcome.REDUNDANT, (0, 0), "")
        pivot = Pivot(1 << occurrence.atom, self.formula.variable_of[occurrence.atom])
        demands = Demands.around(occurrence)
        model = self._known_pair(demands, occurrence, pivot)
        unproven = ""
        if model is None:
            result, unproven = self.ask(demands, pivot, self._recent())
            if not isinstance(result, Model):
                return self._without_pair(occurrence, demands, unproven)
            model = result
        return self._paired(occurrence, pivot, model)

    def _recent(self) -> Model:
        return self._positives[-1] if self._positives else self._start

    def _paired(self, occurrence: Occurrence, pivot: Pivot, model: Model) -> LeafOutcome:
        assert model.flipped is not None
        flipped = list(model.choices)
        flipped[pivot.variable] = model.flipped
        halves = [model.choices, tuple(flipped)]
        truths = [model.truth, model.flipped_truth]
        if not occurrence.positive:
            halves.reverse()
            truths.reverse()
        positive = Model(halves[0], truths[0])
        if not self._positives or self._positives[-1].choices != positive.choices:
            self._positives.append(positive)
        return LeafOutcome(
            occurrence.leaf,
            occurrence.positive,
            Outcome.PAIR,
            self._assignment(halves[0]),
            self._assignment(halves[1]),
        )

    def _known_pair(self, demands: Demands, occurrence: Occurrence, pivot: Pivot) -> Model | None:
        """A pair whose positive is the first that was found, or one of the last: few positives carry many leaves."""
        bit = pivot.atom
        if bit & (demands.yes | demands.no):  # the same leaf decides at another place
            return None
        for model in (*self._positives[:1], *islice(reversed(self._positives), RECENT)):
            if bool(model.truth & bit) != occurrence.positive or not demands.met_by(model.truth):
                continue
            found = self._flip(model, occurrence.positive, pivot)
            if found is not None and all(found.satisfies(goal) for goal in demands.goals):
                return found
        return None

    def _flip(self, model: Model, positive: bool, pivot: Pivot) -> Model | None:
        """The pair of which `model` is the half where the query matches."""
        mask = self.formula.variables[pivot.variable].atoms
        choice = model.choices[pivot.variable]
        yes, no = choice.truth & ~pivot.atom, mask & ~choice.truth & ~pivot.atom
        answer = self.domains[pivot.variable].pair(pivot.atom, yes, no, (choice, choice))
        if not isinstance(answer, tuple):
            return None
        plus, minus = (choice, answer[1]) if positive else (answer[0], choice)
        choices = (*model.choices[: pivot.variable], plus, *model.choices[pivot.variable + 1 :])
        others = model.truth & ~mask
        return Model(choices, others | plus.truth, minus, others | minus.truth)

    # Why there is no pair

    def _without_pair(self, occurrence: Occurrence, demands: Demands, unproven: str) -> LeafOutcome:
        if self.formula.nested:
            return self._undecided(occurrence, OBJECTS)
        bit = 1 << occurrence.atom
        wanted = Demands(yes=bit) if occurrence.positive else Demands(no=bit)
        unwanted = Demands(no=bit) if occurrence.positive else Demands(yes=bit)
        conjuncts = Demands.around(occurrence, alternatives=False)
        questions = (
            (conjuncts + wanted, Outcome.IMPOSSIBLE, "it can never be so where it would count"),
            (demands + wanted, Outcome.REDUNDANT, "an alternative always holds with it"),
            (conjuncts + unwanted, Outcome.REDUNDANT, "the conditions beside it imply it"),
            (demands + unwanted, Outcome.REDUNDANT, "the conditions beside it and its alternatives imply it"),
        )
        models = [self._recent()]
        for question, outcome, reason in questions:
            result, doubt = self.ask(question, None, models[-1])
            if isinstance(result, Model):
                models.append(result)
            elif not doubt:
                return self._explained(occurrence, outcome, result, reason)
            else:
                unproven = unproven or doubt
        if unproven or len(models) <= len(questions):
            return self._undecided(occurrence, unproven)
        return self._coupled(occurrence, models[2], models[4])

    def _coupled(self, occurrence: Occurrence, with_it: Model, without: Model) -> LeafOutcome:
        """Two models between which other leaves change too."""
        others = (with_it.truth ^ without.truth) & ~(1 << occurrence.atom)
        return LeafOutcome(
            occurrence.leaf,
            occurrence.positive,
            Outcome.COUPLED,
            self._assignment(with_it.choices),
            self._assignment(without.choices),
            tuple(self.formula.atoms[bit] for bit in bits_of(others)),
            "it never changes without another condition",
        )

    def _undecided(self, occurrence: Occurrence, reason: str) -> LeafOutcome:
        return LeafOutcome(occurrence.leaf, occurrence.positive, Outcome.UNDECIDED, reason=reason)

    def _explained(self, occurrence: Occurrence, outcome: Outcome, core: Literals, reason: str) -> LeafOutcome:
        others = (core[0] | core[1]) & ~(1 << occurrence.atom)
        because = tuple(self.formula.atoms[bit] for bit in bits_of(others))
        if not because:
            because, reason = (occurrence.leaf,), "the same condition stands beside it"
        return LeafOutcome(occurrence.leaf, occurrence.positive, outcome, because=because, reason=reason)

    # Asking

    def ask(self, demands: Demands, pivot: Pivot | None, start: Model) -> tuple[Model | Literals, str]:
        """A model, or the atoms of a refusal; and why a refusal is no proof."""
        search = Search(self.formula, self.domains, pivot=pivot, budget=BUDGET)
        try:
            result = search.run(demands, start)
        except Exhausted:
            return self._learning.run(demands, pivot, start)
        if isinstance(result, Model):
            return result, ""
        return search.blame, search.unproven

    def _assignment(self, choices: Sequence[Choice]) -> Assignment:
        values = {}
        for variable, choice in zip(self.formula.variables, choices, strict=True):
            for field, held in zip(variable.fields, choice.values, strict=True):
                values[field.name] = held
        return values
