"""Which documents a file of cases is written with: events that many others are like."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from rulewright_generators.cases.format.patches import Document, Flattened, Run, nearest_base, same_json

__all__ = ["base_of", "chosen_bases"]

MAX_SAMPLE = 16
"""Events among which the most usual one is looked for, to be the first base."""

MAX_ROUNDS = 5
"""Times that bases are adapted to the events that are near to them; two are usual."""

MAX_BASE_NAME = 40
"""Characters of the name that a base gets of its event."""


def chosen_bases(runs: Sequence[Run], known: Mapping[str, Document], used: Collection[str]) -> dict[str, Flattened]:
    """The bases of `known` that are used or that something is near to, and events that several are near to.

    A base that nobody uses by name takes over what nearly all events change of it: so a rule that asks for another
    value changes the base, and not every case.
    """
    bases = {name: Flattened.of(base) for name, base in known.items()}
    chosen = _chosen(runs, bases, used)
    for _ in range(MAX_ROUNDS):
        adapted = _adapted(runs, chosen, used)
        if all(adapted[name].texts == base.texts for name, base in chosen.items()):
            break
        chosen = _chosen(runs, adapted, used)
    return chosen


def _chosen(runs: Sequence[Run], known: Mapping[str, Flattened], used: Collection[str]) -> dict[str, Flattened]:
    bases = dict(known)
    needs = Counter(used)
    for run in _most_usual_first(runs):
        name = base_of(run.first, bases)
        if name is None:
            name = _new_name(run.first, bases)
            bases[name] = run.first
            needs[name] += run.count > 1 or "base" in run.first.document
        needs[name] += 1
    return {name: base for name, base in bases.items() if needs[name] >= (1 if name in known else 2)}


def _adapted(runs: Sequence[Run], bases: Mapping[str, Flattened], fixed: Collection[str]) -> dict[str, Flattened]:
    """The bases, but for those that are fixed, with what three in four of their events have instead."""
    near: dict[str, list[Flattened]] = {}
    for run in runs:
        name = base_of(run.first, bases)
        if name is not None and name not in fixed:
            near.setdefault(name, []).append(run.first)
    return {**bases, **{name: _with_usual(bases[name], events) for name, events in near.items()}}


def _with_usual(base: Flattened, events: Sequence[Flattened]) -> Flattened:
    usual = Counter(item for event in events for item in event.texts - base.texts)
    absent = Counter(name for event in events for name in base.leaves if name not in event.leaves)
    most = {item for item, count in usual.items() if 4 * count > 3 * len(events)}
    values = {name: event.leaves[name] for event in events for name, _ in sorted(event.texts & most)}
    gone = [name for name, count in absent.items() if 4 * count > 3 * len(events)]
    return Flattened.of(base.patched(values, sorted(gone))) if values or gone else base


def base_of(document: Flattened, bases: Mapping[str, Flattened]) -> str | None:
    """The base that a document is written as a change of; None where there is none like it."""
    if "base" in document.document:  # what stands among the events with this key is read as a change of a base
        return next((name for name, base in bases.items() if same_json(base.document, document.document)), None)
    return nearest_base(document, bases)


def _most_usual_first(runs: Sequence[Run]) -> list[Run]:
    """The runs, that one ahead from which a sample of others differs the least."""
    sample = [run.first for run in runs[:MAX_SAMPLE]]
    best = min(range(len(sample)), key=lambda at: sum(map(sample[at].distance, sample)), default=0)
    return [*runs[best : best + 1], *runs[:best], *runs[best + 1 :]]


def _new_name(document: Flattened, bases: Collection[str]) -> str:
    """What kind of event a base is: its category, else its data set."""
    values = (document.leaves.get(name) for name in ("event.category", "event.dataset", "data_stream.dataset"))
    texts = (value[-1] if isinstance(value, list) and value else value for value in values)
    name = next((text for text in texts if isinstance(text, str) and 0 < len(text) < MAX_BASE_NAME), "event")
    numbers = range(2, len(bases) + 3)
    return next(each for each in (name, *(f"{name}-{number}" for number in numbers)) if each not in bases)
