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

__all__ = [
    "Document",
    "Run",
    "distance",
    "expanded",
    "leaves",
    "nearest_base",
    "patch_of",
    "patched_document",
    "runs_of",
    "same_json",
]

Document = Mapping[str, Any]

Leaves = Mapping[str, Any]
"""Each value of a document by its dotted name; an array is one value."""

MIN_RUN = 3
"""Events that are written as a count."""

MAX_LISTED = 2
"""Fields of a run that go through a list of values: where more change, events are easier to read one by one."""


@dataclass(frozen=True, slots=True)
class Run:
    """So many events that differ in some fields: by what is added each time, or by the next of a list of values."""

    first: Document
    count: int
    step: Mapping[str, Any]


def leaves(document: Document) -> dict[str, Any]:
    """
    >>> leaves({"host": {"os": {"type": "linux"}}, "user.name": ["root"]})
    {'host.os.type': 'linux', 'user.name': ['root']}
    """
    return dict(_leaves(document, ""))


def _leaves(document: Document, path: str) -> Iterator[tuple[str, Any]]:
    for key, value in document.items():
        if isinstance(value, Mapping) and value:
            yield from _leaves(value, f"{path}{key}.")
        else:
            yield f"{path}{key}", value


def patched_document(base: Document, values: Mapping[str, Any], unset: Sequence[str] = ()) -> dict[str, Any]:
    """The document with other values of some fields, without those in `unset` and what objects they leave empty."""
    return _filled(with_fields(base, {**values, **dict.fromkeys(unset)}))


def _filled(document: Document) -> dict[str, Any]:
    kept = {key: _filled(item) if isinstance(item, Mapping) else item for key, item in document.items()}
    return {key: item for key, item in kept.items() if item != {}}


def expanded(run: Run) -> Iterator[Document]:
    """The events of a run."""
    held = leaves(run.first)
    for number in range(run.count):
        values = {
            name: step[number % len(step)] if isinstance(step, list) else advanced(held[name], step, number)
            for name, step in run.step.items()
        }
        yield patched_document(run.first, values) if values else run.first


# Writing


def patch_of(document: Document, base: Document) -> dict[str, Any] | None:
    """The keys `set` and `unset` that make the document of the base; None where they can not."""
    before, after = leaves(base), leaves(document)
    values = {name: value for name, value in after.items() if name not in before or not same_json(before[name], value)}
    unset = [name for name in before if name not in after]
    if any(value is None for value in values.values()):
        return None
    made = patched_document(base, values, unset) if values or unset else base
    if not same_json(made, document):
        return None
    return {**({"set": values} if values else {}), **({"unset": unset} if unset else {})}


def nearest_base(document: Document, bases: Mapping[str, Leaves]) -> str | None:
    """The base of which the document changes the fewest fields, if that is at most every third one."""
    held = leaves(document)
    changes = {name: distance(held, base) for name, base in bases.items()}
    nearest = min(changes, key=changes.__getitem__, default=None)
    return nearest if nearest is not None and 3 * changes[nearest] <= len(held) else None


def distance(document: Leaves, base: Leaves) -> int:
    """How many fields two documents differ in."""
    changed = sum(name not in base or base[name] != value for name, value in document.items())
    return changed + sum(name not in document for name in base)


def runs_of(events: Sequence[Document]) -> Iterator[Run]:
    """The events as runs, each as long as can be; most are of one event."""
    held = [leaves(event) for event in events]
    start = 0
    while start < len(events):
        run = _run_from(events, held, start)
        yield run
        start += run.count


def _run_from(events: Sequence[Document], held: Sequence[Leaves], start: int) -> Run:
    lone = Run(events[start], 1, {})
    if start + MIN_RUN > len(events):
        return lone
    end, steps = start + 1, dict[str, Step | None]()
    while end < len(events) and held[end].keys() == held[start].keys():
        stepped = _stepped(held[start], held[end - 1], held[end], steps, end - start)
        if stepped is None:
            break
        end, steps = end + 1, stepped
    if end - start < MIN_RUN:
        return lone
    values = {name: [each[name] for each in held[start:end]] for name, step in steps.items() if step is None}
    run = Run(events[start], end - start, {**steps, **{name: _period(each) for name, each in values.items()}})
    return run if all(map(same_json, expanded(run), events[start:end])) else lone


def _stepped(
    first: Leaves, before: Leaves, other: Leaves, known: Mapping[str, Step | None], times: int
) -> dict[str, Step | None] | None:
    """What each field that changes counts up by, up to the event so many steps on; None of one that changes otherwise.

    None where that is too much for one run, or where a field stays for a while and then changes.
    """
    steps = dict(known)
    for name, value in first.items():
        is_changed = not same_json(before[name], other[name])
        if is_changed and name not in known:
            if times > 1:
                return None
            steps[name] = step_between(value, other[name])
        elif name in known:
            step = known[name]
            if step is not None and not same_json(other[name], advanced(value, step, times)):
                steps[name] = step = None
            if step is None and not is_changed:
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
