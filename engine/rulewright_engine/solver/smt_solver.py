"""The solver of one tree: a model of it, events in which one condition decides, the outcome of each condition.

A lazy SMT solver: `smt_search` searches the propositional structure (`formula`); whether the atoms about one field can
be as the search wants them is decided by that field's theory (`theories`).

Soundness: a model consists of values whose atoms evaluation has judged, so to have one is certain (but for objects in
arrays, which the search takes for one object: callers confirm these by evaluation). "Impossible" and "redundant" rest
on conflicts that are proofs, see `theories.protocol.Conflict`; whatever else keeps a search from finding something is a
reason (`reasons`) and leads to "undecided", never to a claim.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from rulewright_engine.evaluate import Check, compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition, Field, FieldType, Leaf, Scalar
from rulewright_engine.ir.work import spend
from rulewright_engine.solver.formula import Literals, Occurrence
from rulewright_engine.solver.independence import PairFinder
from rulewright_engine.solver.nnf import build_formula
from rulewright_engine.solver.outcomes import Assignment, ConditionOutcome, Outcome
from rulewright_engine.solver.reasons import BudgetExceeded, UnknownReason, opaque_object
from rulewright_engine.solver.sampling import Sampling
from rulewright_engine.solver.search import Assumptions, Model, ToggledAtom
from rulewright_engine.solver.smt_search import SmtSearch
from rulewright_engine.solver.theories.combination import MultiValued, theory_of
from rulewright_engine.solver.value_hints import NO_HINTS, ValueHints

__all__ = ["SmtSolver"]


def _unknown(name: str) -> None:
    return None


class SmtSolver:
    """One condition. Questions share what was solved before, so a solver is asked repeatedly and in order.

    >>> from rulewright_engine.ir.expression import And, Equals, Not
    >>> name = Field("process.name", FieldType.KEYWORD)
    >>> is_cmd = Leaf(name, Equals("cmd.exe"), 'process.name == "cmd.exe"')
    >>> is_net = Leaf(name, Equals("net.exe"), 'process.name == "net.exe"')
    >>> SmtSolver(is_cmd).model()
    {'process.name': ('cmd.exe',)}

    A field that holds one value cannot be both, so the condition is impossible, and a `not` adds nothing:

    >>> one_value = lambda field: False
    >>> [leaf.text for leaf in SmtSolver(And((is_cmd, is_net)), multi_valued=one_value).model()]
    ['process.name == "cmd.exe"', 'process.name == "net.exe"']
    >>> for found in SmtSolver(And((is_cmd, Not(is_net))), multi_valued=one_value).outcomes():
    ...     print(found.leaf.text, found.outcome, found.positive, found.negative)
    process.name == "cmd.exe" pair {'process.name': ('cmd.exe',)} {'process.name': ()}
    process.name == "net.exe" redundant None None
    """

    def __init__(
        self,
        condition: Condition,
        *,
        observed: Iterable[Leaf] = (),
        multi_valued: MultiValued = _unknown,
        hints: ValueHints = NO_HINTS,
    ) -> None:
        """`observed` holds conditions beside the formula that `truth` tells of and `witness` is asked about."""
        self.formula = build_formula(condition, observed)
        self._condition = condition
        self.theories = [theory_of(self.formula, variable, hints, multi_valued) for variable in self.formula.variables]
        self._variable_of_field = {
            field.name: index for index, variable in enumerate(self.formula.variables) for field in variable.fields
        }
        self._search = SmtSearch(self.formula, self.theories)
        self._start = Model.of([theory.initial() for theory in self.theories])
        self._pairs = PairFinder(self.formula, self.theories, self._search, self._start)
        self._duplicated = {
            (id(occurrence.path[0]), 1 << occurrence.atom, occurrence.positive)
            for occurrence in self.formula.occurrences
            if occurrence.duplicate_of is not None
        }

    # A model

    def model(self) -> Assignment | tuple[Leaf, ...]:
        """Values that meet the whole, or the atomic conditions that make that impossible.

        Raises `BudgetExceeded` when neither was found.
        """
        result = self._model
        if isinstance(result, Model):
            return result.assignment(self.formula)
        return self.formula.conditions_of(result[0] | result[1])

    @cached_property
    def _model(self) -> Model | Literals:
        result, unknown = self.ask(Assumptions.of(self.formula.root), None, self._start)
        unknown = unknown or self._out_of_scope
        if unknown and not isinstance(result, Model):
            raise BudgetExceeded(unknown)
        return result

    @property
    def _out_of_scope(self) -> str:
        """Why not to find a model proves nothing, whatever the search says."""
        if self.formula.nested:
            return UnknownReason.NESTED_OBJECTS
        return next((opaque_object(field.name) for field in self.fields if field.type is FieldType.OBJECT), "")

    def redundant_literals(self) -> Mapping[int, tuple[Leaf, ...]]:
        """The conditions that never decide one way, by their index in the text, each with those that explain it.

        The condition, which has models, means the same with a constant in place of one of them; not of all at once.
        """
        model = self._model
        if not isinstance(model, Model) or self._out_of_scope:
            return {}
        sampling = Sampling(self.formula, self.theories)
        sampling.sample_neighbourhood(model.truth)
        found = {}
        for occurrence in filter(sampling.is_open, self.formula.occurrences):
            because, model = self._redundant(occurrence, sampling, model)
            if because is not None:
                found[occurrence.index] = because
        return found

    def _redundant(
        self, occurrence: Occurrence, sampling: Sampling, model: Model
    ) -> tuple[tuple[Leaf, ...] | None, Model]:
        """Why a condition never decides one way, if that is so, and the last model that was found."""
        if occurrence.duplicate_of is not None:
            return (occurrence.leaf,), model
        bit, sensitized = 1 << occurrence.atom, Assumptions.sensitizing(occurrence)
        for truth in sampling.unseen(occurrence):
            way = Assumptions(yes=bit) if truth else Assumptions(no=bit)
            result, unknown = self.ask(sensitized + way, None, model)
            if isinstance(result, Model):
                model = result
                sampling.sample_neighbourhood(model.truth)
            elif not unknown:
                return self.formula.conditions_of((result[0] | result[1]) & ~bit), model
        return None, model

    # An event in which one condition decides

    def witness(
        self, index: int, holding: Sequence[Leaf], failing: Sequence[Leaf], near: Assignment | None = None
    ) -> Assignment | None:
        """An event in which the occurrence `index` alone decides, with the truth asked of its condition and of others.

        It is like `near` where it can be. None when there is no such event; raises `BudgetExceeded` when neither was
        found.
        """
        occurrence = self.formula.occurrences[index]
        assumptions = Assumptions.sensitizing(occurrence) + self._as_its_duplicate(occurrence)
        assumptions += Assumptions(yes=self._bits(holding), no=self._bits(failing))
        result, unknown = self.ask(assumptions, None, self._like(near) if near else self._pairs.recent())
        if isinstance(result, Model):
            return result.assignment(self.formula)
        if unknown or self.formula.nested:
            raise BudgetExceeded(unknown or UnknownReason.NESTED_OBJECTS)
        return None

    def _as_its_duplicate(self, occurrence: Occurrence) -> Assumptions:
        """What a second occurrence of the same literal in the same node must be for the first to decide."""
        node, bit = occurrence.path[0], 1 << occurrence.atom
        if (id(node), bit, occurrence.positive) not in self._duplicated:
            return Assumptions()
        return Assumptions(yes=bit) if node.conjunctive == occurrence.positive else Assumptions(no=bit)

    def _bits(self, leaves: Sequence[Leaf]) -> int:
        bits = 0
        for leaf in leaves:
            bits |= 1 << self.formula.atom_of(leaf)
        return bits

    def _like(self, values: Assignment) -> Model:
        return Model.of(
            [
                theory.evaluate(tuple(values[field.name] for field in variable.fields))
                for variable, theory in zip(self.formula.variables, self.theories, strict=True)
            ]
        )

    # What evaluation says

    @property
    def fields(self) -> list[Field]:
        """The fields that the condition reads."""
        return [field for variable in self.formula.variables for field in variable.fields]

    def model_of(self, event: Event) -> Model:
        """The values of an event, and the atoms that are true of them."""
        return Model.of(
            [
                theory.evaluate(tuple(event.values(field) for field in variable.fields))
                for variable, theory in zip(self.formula.variables, self.theories, strict=True)
            ]
        )

    def truth(self, event: Event) -> int:
        """The atoms that are true of an event, as bits."""
        spend(5 * len(self.theories))
        truth = 0
        for variable, theory in zip(self.formula.variables, self.theories, strict=True):
            truth |= theory.evaluate(tuple(event.values(field) for field in variable.fields)).truth
        return truth

    def same(self, values: Assignment, name: str, changed: tuple[Scalar, ...]) -> bool:
        """Whether the same conditions are true when the field `name`, which one of them reads, has other values."""
        index = self._variable_of_field[name]
        fields, theory = self.formula.variables[index].fields, self.theories[index]
        before = tuple(values[field.name] for field in fields)
        after = tuple(changed if field.name == name else values[field.name] for field in fields)
        return theory.evaluate(before).truth == theory.evaluate(after).truth

    def matches(self, event: Event) -> bool:
        """The verdict of evaluation."""
        return self._check(event)

    @cached_property
    def _check(self) -> Check:
        return compile_condition(self._condition)

    # Outcomes

    def outcomes(self) -> Iterator[ConditionOutcome]:
        """The outcome of each condition, in the order of the text."""
        return map(self.outcome, self.formula.occurrences)

    def outcome(self, occurrence: Occurrence) -> ConditionOutcome:
        """The outcome of one of `formula.occurrences`: an independence pair (MC/DC), or why there is none."""
        return self._pairs.outcome(occurrence)

    def unasked(self, occurrence: Occurrence) -> ConditionOutcome:
        """Of a condition that the budget of work did not reach."""
        return ConditionOutcome(occurrence.leaf, occurrence.positive, Outcome.UNDECIDED, reason=UnknownReason.WORK)

    def ask(self, assumptions: Assumptions, toggled: ToggledAtom | None, start: Model) -> tuple[Model | Literals, str]:
        """A model like `start`, or the atoms of a conflict; and why a conflict is no proof, where it is none."""
        return self._search.ask(assumptions, toggled, start)
