"""Event sets found step by step: small changes, of which those are kept that bring events nearer to what is wanted.

It is for what no solver answers at once: numbers of events that depend on one another, ratios, times, groups of groups.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rulewright_engine.esql.analysis.plan import Constant, Plan
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import Outside
from rulewright_engine.ir.expression import Scalar
from rulewright_generators.cases.esql.events.event_builder import FieldPatch, with_values
from rulewright_generators.cases.esql.events.event_set import EventSet
from rulewright_generators.cases.esql.events.multiplicity import MAX_ESQL_CASE_EVENTS
from rulewright_generators.cases.esql.events.positives import Positives
from rulewright_generators.cases.esql.events.timing import TIME
from rulewright_generators.cases.esql.plan.backward_slice import deciding_expressions, deciding_fields
from rulewright_generators.cases.esql.plan.column_lineage import fields_asked, fields_behind
from rulewright_generators.cases.esql.plan.conditions import Atom
from rulewright_generators.cases.esql.plan.gauge import Reading
from rulewright_generators.cases.esql.search.edits import alike_events
from rulewright_generators.cases.events.values import another

__all__ = ["Effort", "GuidedSearch", "Objective"]

COST_OF_RUN = 15
COST_OF_SOLUTION = 60

MUCH = 0.95
"""By how much a change must bring events nearer for no other to be tried."""

MAX_GROUPS = 6
"""Groups of alike events that are changed apart."""
MAX_BOUND = 300
"""The greatest number of a query that is tried as a number of events."""
MAX_BOUNDS = 12
"""Such numbers."""
MAX_PATCHES = 24
"""Solutions of single conditions that are tried."""

SHIFTS = (1_000, 60_000, 600_000, 3_600_000, 86_400_000)
"""Milliseconds by which events are moved."""


@dataclass(frozen=True, slots=True)
class Effort:
    """Bounds of one round: the rows that may be run, a run costing as much as some rows and a question to the solver as
    more; those for one objective, with so many `runs` of all events on top; the failures in a row that end it, and the
    tries in a row that end the search for one better change."""

    cost: int
    cost_of_one: int
    runs: int
    failures: int
    tries: int


class Objective(Protocol):
    """What is wanted of events. `spent` counts the rows that were run to ask."""

    @property
    def spent(self) -> int: ...

    def read(self, events: Sequence[Event], outside: Outside) -> Reading: ...


class GuidedSearch:
    """One round of searches for a rule."""

    def __init__(self, positives: Positives, atoms: Sequence[Atom], effort: Effort) -> None:
        self._positives = positives
        self._atoms = atoms
        self._deciding = [name for name in deciding_fields(positives.plan) if name != TIME]
        self._bounds = _bounds(positives.plan)
        self._effort = effort
        self._left = effort.cost
        self._failures = 0
        self._seeds: Sequence[FieldPatch] = ()

    def reach(self, start: EventSet, objective: Objective, seeds: Sequence[FieldPatch] = ()) -> EventSet | None:
        """An event set that does what is wanted, made from another one by small changes; `seeds` are likely ones."""
        if self._left <= 0 or self._failures >= self._effort.failures:
            return None
        self._seeds = seeds
        limit = self._left - min(self._left, self._effort.cost_of_one + self._effort.runs * len(start.candidates))
        found = self._climb(objective, start, limit)
        self._failures = self._failures + 1 if found is None else 0
        return found

    def _climb(self, objective: Objective, event_set: EventSet, limit: int) -> EventSet | None:
        """One change after another: the first that helps a good deal, else the one that helps most."""
        best = self._read(objective, event_set)
        while best.score > 0:
            nearest, chosen = best, None
            for tries, moved in enumerate(self._moves(event_set, best)):
                if self._left <= limit:
                    return None
                if tries > self._effort.tries:
                    break
                reading = self._read(objective, moved)
                if reading.score < nearest.score - 1e-12:
                    nearest, chosen = reading, moved
                    if reading.score < MUCH * best.score:
                        break
            if chosen is None:
                return None
            event_set, best = chosen, nearest
        return event_set

    def _read(self, objective: Objective, event_set: EventSet) -> Reading:
        before = objective.spent
        found = objective.read(self._positives.bench.seen(event_set), self._positives.bench.outside(event_set))
        self._left -= objective.spent - before + COST_OF_RUN
        return found

    # Moves

    def _moves(self, event_set: EventSet, reading: Reading) -> Iterator[EventSet]:
        """Changes of what the unmet conditions are about."""
        view = self._positives.view
        behind = [name for asked, segment in reading.about for name in fields_behind(view, asked, segment)]
        names = list(dict.fromkeys(behind))
        held = [name for name in names if name != TIME]
        groups = _groups(event_set, self._deciding)
        if TIME in names:
            yield from _at_other_times(event_set, groups)
        yield from self._more_or_less(event_set, groups)
        every = list(range(len(event_set.candidates)))
        for group in dict.fromkeys(map(tuple, (*_groups(event_set, held), *groups, every))):
            for patch in self._patches(event_set, group, held):
                yield from _with_patch(event_set, group, patch)
        for name in held:
            yield from _spread(event_set, name)

    def _more_or_less(self, event_set: EventSet, groups: Sequence[Sequence[int]]) -> Iterator[EventSet]:
        """Twice the events of a group, or half; one more or less; as many as a bound says, and one more."""
        candidates = event_set.candidates
        for group in groups:
            members = tuple(candidates[index] for index in group)
            count = len(members)
            sizes = [2 * count, count + 1, *self._bounds]
            for size in dict.fromkeys(size for size in sizes if size > count):
                more = tuple(members[index % count] for index in range(size - count))
                if len(candidates) + len(more) <= MAX_ESQL_CASE_EVENTS:
                    yield replace(event_set, candidates=(*candidates, *more))
            for fewer in dict.fromkeys((count // 2, count - 1, 0)):
                if fewer < count and (fewer or len(candidates) > count):
                    yield event_set.without(group[fewer:])

    def _patches(self, event_set: EventSet, group: Sequence[int], names: Sequence[str]) -> list[FieldPatch]:
        """What the events of a group may hold instead: as the conditions about these fields ask, and beyond."""
        candidate = event_set.candidates[group[0]]
        lowering, builder = self._positives.lowering, self._positives.builder
        found: list[FieldPatch] = list(self._seeds)
        for atom in self._atoms:
            if fields_asked(self._positives.view, atom).isdisjoint(names) or len(found) > MAX_PATCHES:
                continue
            for holds in (True, False):
                self._left -= COST_OF_SOLUTION
                patch = builder.adapted(candidate, lowering.asked(atom.occurrences[0], atom.segment, holds=holds))
                found += [patch] if patch else []
        for name in names:
            values = candidate.values.get(name, ())
            others = _other_values(values[0]) if values else []
            found += [{name: (value,)} for value in others]
            found += [{name: each.values[name]} for each in event_set.candidates[:1] if name in each.values]
            found.append({name: ()})
        return [patch for patch in found if any(candidate.values.get(name, ()) != v for name, v in patch.items())]


def _bounds(plan: Plan) -> list[int]:
    """The small numbers that conditions compare with, and the next ones."""
    found: set[int] = set()
    for step in deciding_expressions(plan):
        for constant in (each for expression in step for each in expression.find(Constant)):
            if type(constant.value) in (int, float) and 2 <= constant.value <= MAX_BOUND:
                found |= {int(constant.value), int(constant.value) + 1}
    return sorted(found)[:MAX_BOUNDS]


def _groups(event_set: EventSet, names: Sequence[str]) -> list[list[int]]:
    """The positions of events that hold the same in some fields, few of them first."""
    alike = alike_events(event_set, names, range(len(event_set.candidates))).values()
    return sorted(alike, key=len)[:MAX_GROUPS]


def _other_values(value: Scalar) -> list[Scalar]:
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [value + 1, value * 2 + 10, value * 100 + 1_000, value - 1, value // 2, value // 20]
        case str():
            return [another(value, 1), another(value, 2), f"{value} {value}", "".join(value.split(" ")[::-1])]
        case _:
            return [another(value, 1)] if value is not None else []


def _with_patch(event_set: EventSet, group: Sequence[int], patch: FieldPatch) -> Iterator[EventSet]:
    """A changed event more, all events of the group changed, and one of them."""
    candidates = event_set.candidates
    extra = with_values(candidates[group[-1]], patch)
    yield replace(event_set, candidates=(*candidates, extra))
    chosen = set(group)
    changed = tuple(with_values(each, patch) if index in chosen else each for index, each in enumerate(candidates))
    yield replace(event_set, candidates=changed)
    if len(group) > 1:
        yield replace(event_set, candidates=(*candidates[: group[-1]], extra, *candidates[group[-1] + 1 :]))


def _spread(event_set: EventSet, name: str) -> Iterator[EventSet]:
    """As many values of a field as there are events; half of them; one value."""
    candidates = event_set.candidates
    values = next((each.values[name] for each in candidates if each.values.get(name)), ())
    if not values or len(candidates) < 2:
        return
    for share in (1, 2, len(candidates)):
        spread = tuple(
            with_values(each, {name: (another(values[0], index // share),)}) if index >= share else each
            for index, each in enumerate(candidates)
        )
        yield replace(event_set, candidates=spread)
    yield replace(event_set, candidates=tuple(with_values(each, {name: values}) for each in candidates))


def _at_other_times(event_set: EventSet, groups: Sequence[Sequence[int]]) -> Iterator[EventSet]:
    """The events further apart or closer together; those of a group later or earlier."""
    for step in (1, *SHIFTS):
        last = len(event_set.candidates) * step
        yield replace(event_set, step=step, start=min(event_set.start, event_set.start + 300_000 - last))
    for group in groups:
        chosen = set(group)
        for shift in SHIFTS:
            for by in (-shift, shift):
                moved = tuple(
                    replace(each, instant=_instant(event_set, index) + by) if index in chosen else each
                    for index, each in enumerate(event_set.candidates)
                )
                yield replace(event_set, candidates=moved)


def _instant(event_set: EventSet, index: int) -> int:
    own = event_set.candidates[index].instant
    return event_set.start + index * event_set.step if own is None else own
