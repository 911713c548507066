"""The smallest change to an event that makes a condition true of it.

Small means few fields. A search that may touch one field or two alone is exact, so each of these is tried; beyond
them, what a model changed is taken back field by field as long as the condition stays true, which is proven to be
least where as many operands of the condition are violated that share no field. Of the values that will do, the one
nearest to the event's own is taken. Evaluation has the last word on every change.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
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
from rulewright_engine.solver.formula import Gate, Variable, bits_of
from rulewright_engine.solver.search import Demands, Exhausted, Model
from rulewright_engine.solver.smt_solver import Solver
from rulewright_engine.solver.theories.field_theory import FieldDomain
from rulewright_engine.solver.theories.interval import PointDomain
from rulewright_engine.solver.theories.protocol import Choice
from rulewright_engine.solver.theories.relational import RelatedDomain
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.dates import format_instant

__all__ = ["Change", "FieldChange", "NoChange", "deciding_leaves", "smallest_change"]

MOST_OPTIONS = 100
"""Changes of equally many fields that are compared, and values of one field that are."""

COMPARED = 200
"""Characters of a text that are looked at to say how near it is to another."""

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
    fields that change with these, so that the event agrees with itself; the condition does without."""

    fields: tuple[FieldChange, ...]
    document: Mapping[str, Any]
    proven: bool
    follows: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class NoChange:
    """`because`: conditions that no event meets together; empty where that is not proven, and `reason` says why."""

    because: tuple[str, ...] = ()
    reason: str = ""


def deciding_leaves(solver: Solver, event: Event) -> tuple[Leaf, ...]:
    """The leaves that the verdict hangs on: if one of them alone were otherwise, so would be the verdict."""
    root, truth = solver.formula.root, solver.truth(event)
    verdict = root.holds(truth)
    return tuple(leaf for bit, leaf in enumerate(solver.formula.atoms) if root.holds(truth ^ 1 << bit) != verdict)


def smallest_change(solver: Solver, event: Event) -> Change | NoChange:
    """What to change of an event that the solver's condition is false of."""
    finder = _Finder(solver, event)
    for count in (1, 2):
        if options := list(islice(finder.changes(count), MOST_OPTIONS)):
            return min(options, key=_cost)
    return finder.some_change() or _no_change(solver)


def _no_change(solver: Solver) -> NoChange:
    try:
        model = solver.model()
    except Exhausted as error:
        return NoChange(reason=str(error))
    if isinstance(model, tuple):
        return NoChange(tuple(leaf.text for leaf in model), "")
    nested = "it asks about objects in an array"
    return NoChange(reason=nested if solver.formula.nested else "evaluation did not confirm what the search found")


class _Finder:
    """Looks for changes of one event. `proven` as long as every failed search was a proof."""

    def __init__(self, solver: Solver, event: Event) -> None:
        self._solver = solver
        self._event = event
        self._root = solver.formula.root
        self._masks = [variable.atoms for variable in solver.formula.variables]
        self._every = sum(self._masks)
        self._proven = not solver.formula.nested
        choices = tuple(
            domain.judge(tuple(event.values(field) for field in variable.fields))
            for variable, domain in zip(solver.formula.variables, solver.domains, strict=True)
        )
        self._start = Model(choices, sum(choice.truth for choice in choices))

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
        for position in tuple(changed):
            rest = [other for other in changed if other != position]
            if smaller := self._within(rest):
                model, changed = smaller, [other for other in rest if other in self._changed(smaller)]
        self._proven = (self._proven and len(changed) <= 3) or len(changed) == self._least()
        return self._change(model)

    def _least(self) -> int:
        """How many variables have to change at least: each violated operand of the condition that has none in common
        with another one counted."""
        truth = self._start.truth
        if not self._root.every or self._solver.formula.nested:
            return 1
        violated = [1 << bit for bit in bits_of(self._root.deviating(truth))]
        violated += [_atoms_of(part) for part in self._root.parts if not part.holds(truth)]
        owners = [{place for place, mask in enumerate(self._masks) if mask & atoms} for atoms in violated]
        counted: set[int] = set()
        count = 0
        for own in sorted(owners, key=len):
            if not own & counted:
                counted |= own
                count += 1
        return count

    def _changed(self, model: Model) -> list[int]:
        pairs = zip(model.choices, self._start.choices, strict=True)
        return [position for position, (new, old) in enumerate(pairs) if new.values != old.values]

    def _within(self, free: Iterable[int]) -> Model | None:
        """The event changed in the variables `free` alone, so that the condition holds."""
        mask = sum(self._masks[position] for position in free)
        truth = self._start.truth
        if not _may_hold(self._root, truth, mask):
            return None
        fixed = Demands(truth & ~mask, self._every & ~truth & ~mask)
        result, doubt = self._solver.ask(fixed + Demands.of(self._root), None, self._start)
        if isinstance(result, Model):
            return result
        self._proven = self._proven and not doubt
        return None

    def _change(self, model: Model) -> Change | None:
        return self._confirmed(self._nearer(model)) or self._confirmed(model)

    def _confirmed(self, model: Model) -> Change | None:
        document: Mapping[str, Any] = self._event.document
        changes: list[FieldChange] = []
        for position in self._changed(model):
            fields = self._solver.formula.variables[position].fields
            before, after = self._start.choices[position].values, model.choices[position].values
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
        for position in self._changed(model):
            others = model.truth & ~self._masks[position]
            old, new = self._start.choices[position], model.choices[position]
            domain = self._solver.domains[position]
            if isinstance(domain, RelatedDomain):
                new = domain.changed(old.values, range(len(old.values)), new.truth) or new
            elif isinstance(domain, FieldDomain) and not _is_address(self._solver.formula.variables[position]):
                values = self._values(position, domain, old.values[0], new.values[0])
                options = [new, *(domain.judge((each,)) for each in values)]
                fitting = [option for option in options if self._root.holds(others | option.truth)]
                new = min(fitting, key=lambda option: _distance(old.values[0], option.values[0]), default=new)
            choices = (*model.choices[:position], new, *model.choices[position + 1 :])
            model = replace(model, choices=choices, truth=others | new.truth)
        return model

    def _values(self, position: int, domain: FieldDomain, held: Values, chosen: Values) -> Iterator[Values]:
        """Values of a field that may do: what meets each of its leaves, alone and beside what the event holds.

        Where it holds one value of several that it may, that one is changed; running text is added to.
        """
        singles = list(islice(self._singles(position, domain, chosen), MOST_OPTIONS))
        name = self._solver.formula.variables[position].fields[0].name
        if len(held) > 1 or (held and name.endswith(".args")):  # a single argument is the program itself
            for extra in (chosen, *((single,) for single in singles)):
                news = tuple(value for value in extra if value not in held)
                yield (*held, *news)
                yield from ((*held[:place], *held[place + 1 :], *news) for place in range(len(held)))
        for single in singles:
            yield (single,)
            if len(held) == 1 and isinstance(held[0], str) and " " in held[0]:
                yield (f"{held[0]} {single}",)

    def _singles(self, position: int, domain: FieldDomain, chosen: Values) -> Iterator[Scalar]:
        yield from chosen
        if isinstance(domain, PointDomain):
            yield from domain.points
        for bit in bits_of(self._masks[position]):
            for answer in (domain.solve(1 << bit, 0), domain.solve(0, 1 << bit)):
                if isinstance(answer, Choice):
                    yield from answer.values[0]


def _atoms_of(gate: Gate) -> int:
    """All atoms in a gate and below it."""
    found = gate.yes | gate.no
    for part in gate.parts:
        found |= _atoms_of(part)
    return found


def _may_hold(gate: Gate, truth: int, free: int) -> bool:
    """Whether a gate can come true where only the atoms `free` may differ from `truth`."""
    yes, no = truth | free, ~truth | free
    if gate.every:
        return not (gate.yes & ~yes or gate.no & ~no) and all(_may_hold(part, truth, free) for part in gate.parts)
    return bool(gate.yes & yes or gate.no & no) or any(_may_hold(part, truth, free) for part in gate.parts)


def _is_address(variable: Variable) -> bool:
    """One address is as near as another."""
    return any(field.type is FieldType.IP for field in variable.fields)


def _as_json(values: tuple[Scalar, ...], field: Field) -> tuple[Any, ...]:
    if field.type is not FieldType.DATE:
        return values
    return tuple(format_instant(value) if isinstance(value, int) else value for value in values)


# How large a change is

Size = tuple[bool, int, int, float]


def _cost(change: Change) -> tuple[int, tuple[Size, ...]]:
    return len(change.fields), tuple(sorted(_distance(each.before, each.after) for each in change.fields))


def _distance(old: tuple[Any, ...], new: tuple[Any, ...]) -> Size:
    """To lose a field is more than to change a value, and one value is changed before two are."""
    added = [value for value in new if value not in old]
    dropped = [value for value in old if value not in new]
    apart = sum(min((_apart(value, other) for other in dropped), default=0.0) for value in added)
    return bool(old) and not new, max(len(added), len(dropped)), len(added) + len(dropped), apart


def _apart(one: Any, other: Any) -> float:
    if isinstance(one, str) and isinstance(other, str):
        folded = fold_case(one[:COMPARED]), fold_case(other[:COMPARED])
        return 1 - SequenceMatcher(None, *folded, autojunk=False).ratio()
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) / (abs(one) + abs(other) + 1)
    return 1.0
