"""Independence pairs (unique-cause MC/DC): two events between which one condition changes the verdict.

For a condition to decide, everything beside it on the way to the root must leave the decision to it: the other operands
of each AND are true, those of each OR false. A pair is a model of these assumptions in which only the condition's
variable differs between its two halves.

Where there is none, four questions tell why, each a subset of what a pair needs: that the conjuncts around the
condition can hold together with it and without it, and the same with the alternatives failing. The first that is proven
to be impossible is the reason. If all four have models, the condition can be both ways but never with all else the
same: it is coupled with another one.
"""

from collections.abc import Sequence
from itertools import islice

from rulewright_engine.solver.formula import Formula, Literals, Occurrence
from rulewright_engine.solver.outcomes import ConditionOutcome, Outcome
from rulewright_engine.solver.reasons import UnknownReason
from rulewright_engine.solver.search import Assumptions, Model, ToggledAtom
from rulewright_engine.solver.smt_search import SmtSearch
from rulewright_engine.solver.theories.protocol import Theory

__all__ = ["PairFinder"]

MAX_RECENT_POSITIVES = 4
"""Earlier positives that a condition is tried in before anything is solved for it."""


class PairFinder:
    """Finds the outcomes of the conditions of one formula; few positives carry many, so they are remembered."""

    def __init__(self, formula: Formula, theories: Sequence[Theory], search: SmtSearch, start: Model) -> None:
        self._formula = formula
        self._theories = theories
        self._search = search
        self._start = start
        self._positives: list[Model] = []

    def recent(self) -> Model:
        """The positive that was found last."""
        return self._positives[-1] if self._positives else self._start

    def outcome(self, occurrence: Occurrence) -> ConditionOutcome:
        if occurrence.duplicate_of is not None:
            return self._explained(occurrence, Outcome.REDUNDANT, (0, 0), "")
        toggled = ToggledAtom(1 << occurrence.atom, self._formula.variable_of[occurrence.atom])
        sensitized = Assumptions.sensitizing(occurrence)
        model = self._known_pair(sensitized, occurrence, toggled)
        if model is None:
            result, unknown = self._search.ask(sensitized, toggled, self.recent())
            if not isinstance(result, Model):
                return self._without_pair(occurrence, sensitized, unknown)
            model = result
        return self._paired(occurrence, toggled, model)

    def _paired(self, occurrence: Occurrence, toggled: ToggledAtom, model: Model) -> ConditionOutcome:
        holding, failing = Model(model.choices, model.truth), model.complement_model(toggled)
        positive, negative = (holding, failing) if occurrence.positive else (failing, holding)
        if not self._positives or self._positives[-1].choices != positive.choices:
            self._positives.append(positive)
        return ConditionOutcome(
            occurrence.leaf,
            occurrence.positive,
            Outcome.PAIR,
            positive.assignment(self._formula),
            negative.assignment(self._formula),
        )

    def _known_pair(self, sensitized: Assumptions, occurrence: Occurrence, toggled: ToggledAtom) -> Model | None:
        """A pair whose positive is the first that was found, or one of the last."""
        bit = toggled.atom
        if bit & (sensitized.yes | sensitized.no):  # the same condition decides at another place
            return None
        for model in (*self._positives[:1], *islice(reversed(self._positives), MAX_RECENT_POSITIVES)):
            if bool(model.truth & bit) != occurrence.positive or not sensitized.met_by(model.truth):
                continue
            found = self._completed(model, occurrence.positive, toggled)
            if found is not None and all(found.satisfies(goal) for goal in sensitized.goals):
                return found
        return None

    def _completed(self, model: Model, positive: bool, toggled: ToggledAtom) -> Model | None:
        """The pair of which `model` is the half where the query matches."""
        index, mask = toggled.variable, self._formula.variables[toggled.variable].atoms
        choice = model.choices[index]
        yes, no = choice.truth & ~toggled.atom, mask & ~choice.truth & ~toggled.atom
        answer = self._theories[index].pair(toggled.atom, yes, no, (choice, choice))
        if not isinstance(answer, tuple):
            return None
        plus, minus = (choice, answer[1]) if positive else (answer[0], choice)
        return Model.of((*model.choices[:index], plus, *model.choices[index + 1 :]), index, minus)

    # Why there is no pair

    def _without_pair(self, occurrence: Occurrence, sensitized: Assumptions, unknown: str) -> ConditionOutcome:
        if self._formula.nested:
            return self._undecided(occurrence, UnknownReason.NESTED_OBJECTS)
        bit = 1 << occurrence.atom
        wanted = Assumptions(yes=bit) if occurrence.positive else Assumptions(no=bit)
        unwanted = Assumptions(no=bit) if occurrence.positive else Assumptions(yes=bit)
        conjuncts = Assumptions.sensitizing(occurrence, alternatives=False)
        questions = (
            (conjuncts + wanted, Outcome.IMPOSSIBLE, "it can never be so where it would count"),
            (sensitized + wanted, Outcome.REDUNDANT, "an alternative always holds with it"),
            (conjuncts + unwanted, Outcome.REDUNDANT, "the conditions beside it imply it"),
            (sensitized + unwanted, Outcome.REDUNDANT, "the conditions beside it and its alternatives imply it"),
        )
        models = [self.recent()]
        for question, outcome, reason in questions:
            result, unproven = self._search.ask(question, None, models[-1])
            if isinstance(result, Model):
                models.append(result)
            elif not unproven:
                return self._explained(occurrence, outcome, result, reason)
            else:
                unknown = unknown or unproven
        if unknown or len(models) <= len(questions):
            return self._undecided(occurrence, unknown)
        return self._coupled(occurrence, models[2], models[4])

    def _coupled(self, occurrence: Occurrence, with_it: Model, without: Model) -> ConditionOutcome:
        """Two models between which other conditions change too."""
        others = (with_it.truth ^ without.truth) & ~(1 << occurrence.atom)
        return ConditionOutcome(
            occurrence.leaf,
            occurrence.positive,
            Outcome.COUPLED,
            with_it.assignment(self._formula),
            without.assignment(self._formula),
            self._formula.conditions_of(others),
            "it never changes without another condition",
        )

    def _undecided(self, occurrence: Occurrence, reason: str) -> ConditionOutcome:
        return ConditionOutcome(occurrence.leaf, occurrence.positive, Outcome.UNDECIDED, reason=reason)

    def _explained(self, occurrence: Occurrence, outcome: Outcome, core: Literals, reason: str) -> ConditionOutcome:
        because = self._formula.conditions_of((core[0] | core[1]) & ~(1 << occurrence.atom))
        if not because:
            because, reason = (occurrence.leaf,), "the same condition stands beside it"
        return ConditionOutcome(occurrence.leaf, occurrence.positive, outcome, because=because, reason=reason)
