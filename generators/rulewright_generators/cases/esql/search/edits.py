"""Small changes of an event set: one event or one value more or less, another value, another bucket of time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rulewright_generators.cases.esql.events.event_builder import FieldPatch, with_values
from rulewright_generators.cases.esql.events.event_set import EventSet
from rulewright_generators.cases.events.documents import Values
from rulewright_generators.cases.events.values import another

__all__ = ["Edit", "alike_events", "changed_fields", "edits", "patched"]

MAX_ALIKE_GROUPS = 8
"""Groups of events that are alike, of which one is changed, or all."""


def changed_fields(before: Values, after: Values, names: frozenset[str]) -> FieldPatch:
    """What the fields `names` hold after, where that is something else than before."""
    return {name: after.get(name, ()) for name in sorted(names) if before.get(name, ()) != after.get(name, ())}


def patched(event_set: EventSet, patch: FieldPatch, positions: Sequence[int] = ()) -> Iterator[EventSet]:
    """The fields changed in few of the events at `positions` (without them of all): one, those that are alike, all."""
    if not patch:
        yield event_set
        return
    candidates = event_set.candidates
    changed_candidates = [with_values(candidate, patch) for candidate in candidates]
    every = range(len(candidates))
    chosen = positions or every
    alike = list(alike_events(event_set, patch, chosen).values())[:MAX_ALIKE_GROUPS]
    groups = [*([group[0]] for group in alike), *alike, chosen, every]
    for group in dict.fromkeys(tuple(group) for group in groups):
        mixed = list(candidates)
        for position in group:
            mixed[position] = changed_candidates[position]
        yield replace(event_set, candidates=tuple(mixed))


def alike_events(
    event_set: EventSet, names: Iterable[str], positions: Sequence[int]
) -> dict[tuple[object, ...], list[int]]:
    """The positions of events by what they hold in some fields."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for position in positions:
        values = event_set.candidates[position].values
        alike.setdefault(tuple(values.get(name, ()) for name in names), []).append(position)
    return alike


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed event set, the change in words, and the field that it changes, if it is one."""

    event_set: EventSet
    change: str
    name: str | None = None


def edits(event_set: EventSet, names: Sequence[str], bounds: Sequence[int]) -> Iterator[Edit]:
    """Changes of the fields `names`; `bounds` are the numbers that conditions compare with: what may be too much."""
    held = [name for name in names if any(candidate.values.get(name) for candidate in event_set.candidates)]
    yield from _smaller(event_set, held)
    yield from _other_values(event_set, held)
    yield from _larger(event_set, held, bounds)


def _smaller(event_set: EventSet, names: Sequence[str]) -> Iterator[Edit]:
    candidates = event_set.candidates
    for positions in list(alike_events(event_set, names, range(len(candidates))).values())[:MAX_ALIKE_GROUPS]:
        if len(candidates) > 1:
            position = positions[-1]
            yield Edit(
                replace(event_set, candidates=(*candidates[:position], *candidates[position + 1 :])),
                "one event is missing",
            )
    for name in names:
        values = list(dict.fromkeys(candidate.values.get(name, ()) for candidate in candidates))
        if len(values) > 1:
            merged = [
                with_values(candidate, {name: values[0]}) if candidate.values.get(name) == values[-1] else candidate
                for candidate in candidates
            ]
            yield Edit(replace(event_set, candidates=tuple(merged)), f"`{name}` has one value less", name)


def _other_values(event_set: EventSet, names: Sequence[str]) -> Iterator[Edit]:
    """Another value, or none, in each field."""
    for name in names:
        value = next(held[0] for candidate in event_set.candidates if (held := candidate.values.get(name)))
        for found in patched(event_set, {name: (another(value, 1),)}):
            yield Edit(found, f"`{name}` has another value", name)
        for found in patched(event_set, {name: ()}):
            yield Edit(found, f"`{name}` is missing", name)


def _larger(event_set: EventSet, names: Sequence[str], bounds: Sequence[int]) -> Iterator[Edit]:
    """One more than a bound: of events, of values."""
    candidates = event_set.candidates
    for bound in bounds:
        count = max(bound + 1, len(candidates) + 1)
        repeated = tuple(candidates[index % len(candidates)] for index in range(count))
        yield Edit(replace(event_set, candidates=repeated), "there are too many events")
        for name in names:
            several = tuple(
                with_values(candidate, {name: (another(candidate.values[name][0], index),)})
                if candidate.values.get(name)
                else candidate
                for index, candidate in enumerate(repeated)
            )
            yield Edit(replace(event_set, candidates=several), f"`{name}` has too many values", name)
