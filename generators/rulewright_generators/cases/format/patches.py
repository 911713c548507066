"""Events by what they change of another: how a file of cases writes them.

`{"base": "process", "set": {"process.name": "nc"}, "unset": ["user.name"]}` is the base document with other values of
some fields. With `count` there are so many of it, each counted up by `step` from the one before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from json import dumps
from typing import Any

from rulewright_engine.evaluate.document_edits import with_fields
from rulewright_generators.cases.format.steps import Step, advanced, step_between

__all__ = [
    "Document",
    "Run",
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


@dataclass(frozen=True, slots=True)
class Run:
    """So many events, each counted up from the one before."""

    first: Document
    count: int
    step: Mapping[str, Step]


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
    yield run.first
    held = leaves(run.first)
    for number in range(1, run.count):
        yield patched_document(run.first, {name: advanced(held[name], run.step[name], number) for name in run.step})


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
    """The base of which the document changes the fewest fields, if that is at most every second one."""
    held = leaves(document)
    changes = {name: _distance(held, base) for name, base in bases.items()}
    nearest = min(changes, key=changes.__getitem__, default=None)
    return nearest if nearest is not None and 2 * changes[nearest] <= len(held) else None


def _distance(document: Leaves, base: Leaves) -> int:
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
    step = _step(held[start], held[start + 1]) if start + MIN_RUN <= len(events) else None
    if step is None:
        return Run(events[start], 1, {})
    end = start + 1
    while end < len(events) and _is_step(held[start], held[end], step, end - start):
        end += 1
    run = Run(events[start], end - start, step)
    is_exact = run.count >= MIN_RUN and all(map(same_json, expanded(run), events[start:end]))
    return run if is_exact else Run(events[start], 1, {})


def _step(first: Leaves, second: Leaves) -> dict[str, Step] | None:
    """What counts up from one event to the next; None where something else differs."""
    steps: dict[str, Step] = {}
    if first.keys() != second.keys():
        return None
    for name, value in first.items():
        if not same_json(value, second[name]):
            step = step_between(value, second[name])
            if step is None:
                return None
            steps[name] = step
    return steps


def _is_step(first: Leaves, other: Leaves, step: Mapping[str, Step], times: int) -> bool:
    return first.keys() == other.keys() and all(
        same_json(other[name], advanced(value, step[name], times) if name in step else value)
        for name, value in first.items()
    )


def same_json(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON, whatever the order of keys; 1, 1.0 and true are three."""
    return one == other and dumps(one, sort_keys=True) == dumps(other, sort_keys=True)
