"""Small changes of a population: one event or one value more or less, another value, another bucket of time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rulewright_generators.cases.esql.events.event_builder import Overlay, with_values
from rulewright_generators.cases.esql.events.event_set import Population
from rulewright_generators.cases.esql.events.values import changed
from rulewright_generators.cases.events.documents import Values

__all__ = ["Edit", "alike_places", "changed_fields", "edits", "overlaid"]

MOST_GROUPS = 8
"""Groups of events that are alike, of which one is changed, or all."""


def changed_fields(before: Values, after: Values, names: frozenset[str]) -> Overlay:
    """What the fields `names` hold after, where that is something else than before."""
    return {name: after.get(name, ()) for name in sorted(names) if before.get(name, ()) != after.get(name, ())}


def overlaid(population: Population, overlay: Overlay, places: Sequence[int] = ()) -> Iterator[Population]:
    """The fields changed in few of the events at `places` (without them of all): one, those that are alike, all."""
    if not overlay:
        yield population
        return
    drafts = population.drafts
    changed_drafts = [with_values(draft, overlay) for draft in drafts]
    every = range(len(drafts))
    chosen = places or every
    alike = list(alike_places(population, overlay, chosen).values())[:MOST_GROUPS]
    groups = [*([group[0]] for group in alike), *alike, chosen, every]
    for group in dict.fromkeys(tuple(group) for group in groups):
        mixed = list(drafts)
        for place in group:
            mixed[place] = changed_drafts[place]
        yield replace(population, drafts=tuple(mixed))


def alike_places(
    population: Population, names: Iterable[str], places: Sequence[int]
) -> dict[tuple[object, ...], list[int]]:
    """The places of events by what they hold in some fields."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for place in places:
        values = population.drafts[place].values
        alike.setdefault(tuple(values.get(name, ()) for name in names), []).append(place)
    return alike


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed population, the change in words, and the field that it changes, if it is one."""

    population: Population
    change: str
    name: str | None = None


def edits(population: Population, names: Sequence[str], bounds: Sequence[int]) -> Iterator[Edit]:
    """Changes of the fields `names`; `bounds` are the numbers that conditions compare with: what may be too much."""
    held = [name for name in names if any(draft.values.get(name) for draft in population.drafts)]
    yield from _smaller(population, held)
    yield from _other_values(population, held)
    yield from _larger(population, held, bounds)


def _smaller(population: Population, names: Sequence[str]) -> Iterator[Edit]:
    drafts = population.drafts
    for places in list(alike_places(population, names, range(len(drafts))).values())[:MOST_GROUPS]:
        if len(drafts) > 1:
            place = places[-1]
            yield Edit(replace(population, drafts=(*drafts[:place], *drafts[place + 1 :])), "one event is missing")
    for name in names:
        values = list(dict.fromkeys(draft.values.get(name, ()) for draft in drafts))
        if len(values) > 1:
            merged = [
                with_values(draft, {name: values[0]}) if draft.values.get(name) == values[-1] else draft
                for draft in drafts
            ]
            yield Edit(replace(population, drafts=tuple(merged)), f"`{name}` has one value less", name)


def _other_values(population: Population, names: Sequence[str]) -> Iterator[Edit]:
    """Another value, or none, in each field."""
    for name in names:
        value = next(held[0] for draft in population.drafts if (held := draft.values.get(name)))
        for found in overlaid(population, {name: (changed(value, 1),)}):
            yield Edit(found, f"`{name}` has another value", name)
        for found in overlaid(population, {name: ()}):
            yield Edit(found, f"`{name}` is missing", name)


def _larger(population: Population, names: Sequence[str], bounds: Sequence[int]) -> Iterator[Edit]:
    """One more than a bound: of events, of values."""
    drafts = population.drafts
    for bound in bounds:
        count = max(bound + 1, len(drafts) + 1)
        repeated = tuple(drafts[place % len(drafts)] for place in range(count))
        yield Edit(replace(population, drafts=repeated), "there are too many events")
        for name in names:
            several = tuple(
                with_values(draft, {name: (changed(draft.values[name][0], place),)})
                if draft.values.get(name)
                else draft
                for place, draft in enumerate(repeated)
            )
            yield Edit(replace(population, drafts=several), f"`{name}` has too many values", name)
