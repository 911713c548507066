"""Events by what they change of another: how a file of cases writes them.

`{"base": "process", "set": {"process.name": "nc"}, "unset": ["user.name"]}` is the base document with other values of
some fields. With `count` there are so many of it, which differ in the fields of `step`: each counts up from the event
before, or goes through a list of values.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulewright_engine.evaluate.document_edits import with_fields
from rulewright_generators.cases.format.steps import Step, advanced, step_between

__all__ = ["Document", "Flattened", "Run", "nearest_base", "runs_of", "same_json"]

Document = Mapping[str, Any]

MIN_RUN = 3
"""Events that are written as a count."""

MAX_LISTED = 2
"""Fields of a run that go through a list of values: where more change, events are easier to read one by one."""


@dataclass(frozen=True, slots=True)
class Flattened:
    """A document with its values by name, and what it is compared with others by.

    `is_plain`: no key has a dot in it and no object is empty, so that each field has one place, and its values make the
    document.
    """

    document: Document
    leaves: Mapping[str, Any]
    texts: frozenset[tuple[str, str]]
    is_plain: bool

    @staticmethod
    def of(document: Document) -> "Flattened":
        held: dict[str, Any] = {}
        is_plain = _collect(document, "", held)
        return Flattened(document, held, frozenset((name, repr(value)) for name, value in held.items()), is_plain)

    def distance(self, other: "Flattened") -> int:
        """How many values two documents have that the other has not."""
        return len(self.texts ^ other.texts)

    def patched(self, values: Mapping[str, Any], unset: Sequence[str] = ()) -> Document:
        """The document with other values of some fields, without those in `unset` and the objects that they leave
        empty.

        >>> Flattened.of({"host": {"os": {"type": "linux"}}}).patched({"host.name": "srv"}, ["host.os.type"])
        {'host': {'name': 'srv'}}
        """
        if not values and not unset:
            return self.document
        if not self.is_plain:
            return _filled(with_fields(self.document, {**values, **dict.fromkeys(unset)}))
        made = dict(self.document)
        for name in unset:
            _take_out(made, name.split("."))
        for name, value in values.items():
            _put(made, name.split("."), value)
        return made

    def patch(self, other: "Flattened") -> dict[str, Any] | None:
        """The keys `set` and `unset` that make another document of this; None where they can not."""
        values = {name: other.leaves[name] for name, _ in sorted(other.texts - self.texts)}
        unset = sorted(name for name in self.leaves if name not in other.leaves)
        is_exact = (self.is_plain and other.is_plain) or same_json(self.patched(values, unset), other.document)
        if None in values.values() or not is_exact:
            return None
        return {**({"set": values} if values else {}), **({"unset": unset} if unset else {})}


@dataclass(frozen=True, slots=True)
class Run:
    """So many events that differ in some fields: by what is added each time, or by the next of a list of values."""

    first: Flattened
    count: int
    step: Mapping[str, Any]

    def events(self) -> Iterator[Document]:
        for number in range(self.count):
            yield self.first.patched(
                {
                    name: step[number % len(step)]
                    if isinstance(step, list)
                    else advanced(self.first.leaves[name], step, number)
                    for name, step in self.step.items()
                }
            )


def _collect(document: Document, path: str, leaves: dict[str, Any]) -> bool:
    """Add each value of a document under its dotted name; an array is one value. Says whether it is plain."""
    is_plain = True
    for key, value in document.items():
        is_plain &= "." not in key and value != {}
        if isinstance(value, dict) and value:
            is_plain &= _collect(value, f"{path}{key}.", leaves)
        else:
            leaves[f"{path}{key}"] = value
    return is_plain


def _put(document: dict[str, Any], path: Sequence[str], value: Any) -> None:
    """Set a field of a copy, of which objects are shared with its original."""
    for key in path[:-1]:
        inner = document.get(key)
        document[key] = dict(inner) if isinstance(inner, dict) else {}
        document = document[key]
    document[path[-1]] = value


def _take_out(document: dict[str, Any], path: Sequence[str]) -> None:
    key, *rest = path
    inner = document.get(key)
    if rest and isinstance(inner, dict):
        document[key] = inner = dict(inner)
        _take_out(inner, rest)
    if not rest or inner == {}:
        document.pop(key, None)


def _filled(document: Document) -> dict[str, Any]:
    kept = {key: _filled(item) if isinstance(item, dict) else item for key, item in document.items()}
    return {key: item for key, item in kept.items() if item != {}}


# Writing


def nearest_base(document: Flattened, bases: Mapping[str, Flattened]) -> str | None:
    """The base that the document differs from in the fewest values, if these are few."""
    distances = {name: document.distance(base) for name, base in bases.items()}
    nearest = min(distances, key=distances.__getitem__, default=None)
    near = nearest is not None and 3 * distances[nearest] <= 2 * len(document.leaves)
    return nearest if near else None


def runs_of(events: Sequence[Document]) -> Iterator[Run]:
    """The events as runs, each as long as can be; most are of one event."""
    held = list(map(Flattened.of, events))
    start = 0
    while start < len(held):
        run = _run_from(held, start)
        yield run
        start += run.count


def _run_from(held: Sequence[Flattened], start: int) -> Run:
    first = held[start]
    end, steps = start + 1, dict[str, Step | None]()
    while end < len(held) and held[end].leaves.keys() == first.leaves.keys():
        stepped = _stepped(first, held[end - 1], held[end], steps, end - start)
        if stepped is None:
            break
        end, steps = end + 1, stepped
    if end - start >= MIN_RUN:
        values = {name: [each.leaves[name] for each in held[start:end]] for name, step in steps.items() if step is None}
        run = Run(first, end - start, {**steps, **{name: _period(each) for name, each in values.items()}})
        if all(map(same_json, run.events(), (each.document for each in held[start:end]))):
            return run
    return Run(first, 1, {})


def _stepped(
    first: Flattened, before: Flattened, other: Flattened, known: Mapping[str, Step | None], times: int
) -> dict[str, Step | None] | None:
    """What each field that changes counts up by, up to the event so many steps on; None of one that changes otherwise.

    None where that is too much for one run, or where a field stays for a while and then changes.
    """
    changed = {name for name, _ in other.texts - before.texts}
    if times > 1 and not changed <= known.keys():
        return None
    steps = dict(known)
    for name in sorted(changed | known.keys()):
        if name not in known:
            steps[name] = step_between(first.leaves[name], other.leaves[name])
        else:
            step = known[name]
            if step is not None and not same_json(other.leaves[name], advanced(first.leaves[name], step, times)):
                steps[name] = step = None
            if step is None and name not in changed:
                return None
    return steps if sum(step is None for step in steps.values()) <= MAX_LISTED else None


def _period(values: list[Any]) -> list[Any]:
    """The values up to where they begin again, if they do."""
    lengths = (length for length in range(1, len(values) // 2 + 1) if values[0] == values[length])
    return next((values[:n] for n in lengths if all(a == values[at % n] for at, a in enumerate(values))), values)


def same_json(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON, whatever the order of keys; 1, 1.0 and true are three."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_json(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    return bool(one == other)
