"""The smallest change to an event that makes a condition true of it.

Small means few variables (`formula.Variable`: a field, or fields that a condition relates). Up to two, every choice of
them is asked: the solver may change these alone, so if it proves that none of fewer does, the change is least. Beyond,
one model is reduced: what it changed is taken back one by one as long as the condition stays true. No part of the
result can be left out; it is proven to be least where all sets of two and fewer failed and it has three, or where it
has no more than the condition has violated operands that share no variable, each of which needs a change of its own.

Of the values that will do, the one nearest to the event's own is taken. Evaluation has the last word on every change.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, islice
from typing import Any

from rulewright_engine.evaluate.document_edits import with_field
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    Field,
    FieldType,
    Leaf,
    Scalar,
)
from rulewright_engine.ir.work import WorkExceeded, budget, spend
from rulewright_engine.solver.distance import Distance, distance, total_distance
from rulewright_engine.solver.formula import NnfNode, Variable, bits_of
from rulewright_engine.solver.reasons import BudgetExceeded, UnknownReason
from rulewright_engine.solver.search import Assumptions, Model
from rulewright_engine.solver.smt_solver import SmtSolver
from rulewright_engine.solver.theories.field_theory import FieldTheory
from rulewright_engine.solver.theories.interval import IntervalTheory
from rulewright_engine.solver.theories.protocol import Choice
from rulewright_engine.solver.theories.relational import RelationalTheory
from rulewright_engine.values.dates import format_instant

__all__ = ["Change", "FieldChange", "NoChange", "deciding_conditions", "smallest_change"]

MAX_CHANGE_WORK = 2_000_000
"""Work on the change of one event."""

MAX_CHANGE_OPTIONS = 100
"""Changes of equally many fields that are compared, and values of one field that are."""

Values = tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """What one field holds before and after, as JSON does; nothing where the event does without it."""

    name: str
    before: tuple[Any, ...]
    after: tuple[Any, ...]

    @property
    def added(self) -> tuple[Any, ...]:
        return tuple(value for value in self.after if value not in self.before)

    @property
    def dropped(self) -> tuple[Any, ...]:
        return tuple(value for value in self.before if value not in self.after)


@dataclass(frozen=True, slots=True)
class Change:
    """`document` is the event with the change. `proven`: a change of fewer fields does not do it. `follows` are other
    fields that change with these, so that the event stays consistent; the condition does not need them."""

    fields: tuple[FieldChange, ...]
    document: Mapping[str, Any]
    proven: bool
    follows: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class NoChange:
    """`because`: conditions that no event meets together; empty where that is not proven, and `reason` says why."""

    because: tuple[str, ...] = ()
    reason: str = ""


def deciding_conditions(solver: SmtSolver, event: Event) -> tuple[Leaf, ...]:
    """The conditions that decide the verdict: if one of them alone were otherwise, so would be the verdict."""
    root, truth = solver.formula.root, solver.truth(event)
    verdict = root.holds(truth)
    return tuple(leaf for bit, leaf in enumerate(solver.formula.atoms) if root.holds(truth ^ 1 << bit) != verdict)


def _never(name: str) -> bool:
    return False


def smallest_change(solver: SmtSolver, event: Event, *, is_list: Callable[[str], bool] = _never) -> Change | NoChange:
    """What to change of an event that the solver's condition is false of.

    `is_list` tells the fields that hold a list even where the event has a single value: another value is added to it
    or takes its place, whichever is nearer. Of other fields a single value is only replaced.
    """
    try:
        with budget(MAX_CHANGE_WORK):
            finder = _Finder(solver, event, is_list)
            for count in (1, 2):
                if options := list(islice(finder.changes(count), MAX_CHANGE_OPTIONS)):
                    return min(options, key=_size)
            return finder.some_change() or _no_change(solver)
    except WorkExceeded as error:
        return NoChange(reason=str(error))


def _no_change(solver: SmtSolver) -> NoChange:
    try:
        model = solver.model()
    except BudgetExceeded as error:
        return NoChange(reason=str(error))
    if isinstance(model, tuple):
        return NoChange(tuple(leaf.text for leaf in model), "")
    return NoChange(reason=UnknownReason.NESTED_OBJECTS if solver.formula.nested else UnknownReason.UNCONFIRMED)


def _size(change: Change) -> tuple[int, tuple[Distance, ...]]:
    return total_distance((each.before, each.after) for each in change.fields)


class _Finder:
    """Looks for changes of one event. `proven` as long as every failed search was a proof."""

    def __init__(self, solver: SmtSolver, event: Event, is_list: Callable[[str], bool]) -> None:
        self._solver = solver
        self._event = event
        self._is_list = is_list
        self._root = solver.formula.root
        self._masks = [variable.atoms for variable in solver.formula.variables]
        self._every = sum(self._masks)
        self._proven = not solver.formula.nested
        self._start = solver.model_of(event)

    def changes(self, count: int) -> Iterator[Change]:
        """Every change of `count` variables that does it; each is as small as it can be made."""
        for free in combinations(range(len(self._masks)), count):
            model = self._within(free)
            if model is not None and (change := self._change(model)):
                yield change

    def some_change(self) -> Change | None:
        """A change none of which can be left out."""
        model = self._within(range(len(self._masks)))
        if model is None:
            return None
        changed = self._changed(model)
        for index in tuple(changed):
            rest = [other for other in changed if other != index]
            if smaller := self._within(rest):
                model, changed = smaller, [other for other in rest if other in self._changed(smaller)]
        self._proven = (self._proven and len(changed) <= 3) or len(changed) == self._least()
        return self._change(model)

    def _least(self) -> int:
        """A lower bound of how many variables change: the violated operands of an AND, each of which needs a change, as
        far as they share no variable (greedily, those with the fewest first)."""
        truth = self._start.truth
        if not self._root.conjunctive or self._solver.formula.nested:
            return 1
        violated = [1 << bit for bit in bits_of(self._root.controlling_literals(truth))]
        violated += [_atoms_of(child) for child in self._root.children if not child.holds(truth)]
        variables = [{index for index, mask in enumerate(self._masks) if mask & atoms} for atoms in violated]
        counted: set[int] = set()
        count = 0
        for own in sorted(variables, key=len):
            if not own & counted:
                counted |= own
                count += 1
        return count

    def _changed(self, model: Model) -> list[int]:
        pairs = zip(model.choices, self._start.choices, strict=True)
        return [index for index, (new, old) in enumerate(pairs) if new.values != old.values]

    def _within(self, free: Iterable[int]) -> Model | None:
        """The event changed in the variables `free` alone, so that the condition holds."""
        spend(5)
        mask = sum(self._masks[index] for index in free)
        truth = self._start.truth
        if not _may_hold(self._root, truth, mask):
            return None
        fixed = Assumptions(truth & ~mask, self._every & ~truth & ~mask)
        result, unknown = self._solver.ask(fixed + Assumptions.of(self._root), None, self._start)
        if isinstance(result, Model):
            return result
        self._proven = self._proven and not unknown
        return None

    def _change(self, model: Model) -> Change | None:
        return self._confirmed(self._nearer(model)) or self._confirmed(model)

    def _confirmed(self, model: Model) -> Change | None:
        document: Mapping[str, Any] = self._event.document
        changes: list[FieldChange] = []
        for index in self._changed(model):
            fields = self._solver.formula.variables[index].fields
            before, after = self._start.choices[index].values, model.choices[index].values
            for field, old, new in zip(fields, before, after, strict=True):
                if old != new:
                    change = FieldChange(field.name, tuple(self._event.raw(field.name)), _as_json(new, field))
                    document = with_field(document, field.name, self._held(change))
                    changes.append(change)
        if not self._solver.matches(Event(document)):
            return None
        alone = len(changes) == len(self._changed(model))  # fields that are related change together, without proof
        return Change(tuple(changes), document, self._proven and alone)

    def _held(self, change: FieldChange) -> Any:
        """What the document holds for a change: an array only where it needs one or had one."""
        if len(change.after) > 1 or (change.after and len(change.before) > 1):
            return list(change.after)
        return next(iter(change.after), None)

    # Nearer values

    def _nearer(self, model: Model) -> Model:
        """The model with the values that are nearest to the event's, one variable after the other."""
        for index in self._changed(model):
            others = model.truth & ~self._masks[index]
            old, new = self._start.choices[index], model.choices[index]
            theory = self._solver.theories[index]
            if isinstance(theory, RelationalTheory):
                new = theory.changed(old.values, range(len(old.values)), new.truth) or new
            elif isinstance(theory, FieldTheory) and not _is_address(self._solver.formula.variables[index]):
                values = self._values(index, theory, old.values[0], new.values[0])
                options = [new, *(theory.evaluate((each,)) for each in values)]
                fitting = [option for option in options if self._root.holds(others | option.truth)]
                new = min(fitting, key=lambda option: distance(old.values[0], option.values[0]), default=new)
            choices = (*model.choices[:index], new, *model.choices[index + 1 :])
            model = replace(model, choices=choices, truth=others | new.truth)
        return model

    def _values(self, index: int, theory: FieldTheory, held: Values, chosen: Values) -> Iterator[Values]:
        """Values of a field that may do: what meets each of its conditions, alone and beside what the event holds.

        A list gets a value more, or one in place of another; text of several words gets words behind it.
        """
        singles = list(islice(self._singles(index, theory, chosen), MAX_CHANGE_OPTIONS))
        name = self._solver.formula.variables[index].fields[0].name
        if len(held) > 1 or (held and self._is_list(name)):
            for extra in (chosen, *((single,) for single in singles)):
                news = tuple(value for value in extra if value not in held)
                yield (*held, *news)
                yield from ((*held[:at], *held[at + 1 :], *news) for at in range(len(held)))
        for single in singles:
            yield (single,)
            if len(held) == 1 and isinstance(held[0], str) and " " in held[0]:
                yield (f"{held[0]} {single}",)

    def _singles(self, index: int, theory: FieldTheory, chosen: Values) -> Iterator[Scalar]:
        yield from chosen
        if isinstance(theory, IntervalTheory):
            yield from theory.representatives
        for bit in bits_of(self._masks[index]):
            for answer in (theory.solve(1 << bit, 0), theory.solve(0, 1 << bit)):
                if isinstance(answer, Choice):
                    yield from answer.values[0]


def _atoms_of(node: NnfNode) -> int:
    """All atoms in a node and below it."""
    found = node.yes | node.no
    for child in node.children:
        found |= _atoms_of(child)
    return found


def _may_hold(node: NnfNode, truth: int, free: int) -> bool:
    """Whether a node can come true where only the atoms `free` may differ from `truth`; false is a proof."""
    yes, no = truth | free, ~truth | free
    if node.conjunctive:
        return not (node.yes & ~yes or node.no & ~no) and all(_may_hold(child, truth, free) for child in node.children)
    return bool(node.yes & yes or node.no & no) or any(_may_hold(child, truth, free) for child in node.children)


def _is_address(variable: Variable) -> bool:
    """One address is as near as another."""
    return any(field.type is FieldType.IP for field in variable.fields)


def _as_json(values: tuple[Scalar, ...], field: Field) -> tuple[Any, ...]:
    if field.type is not FieldType.DATE:
        return values
    return tuple(format_instant(value) if isinstance(value, int) else value for value in values)
