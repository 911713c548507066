"""A run in a few lines: what its documents agree in, and when and in what they differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rulewright._compare.runs import Run
from rulewright._compare.wording import MAX_SHOWN_FIELDS
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Field, FieldType
from rulewright_engine.rules.wording import numbers_text, value_text
from rulewright_schema.durations import time_words

__all__ = ["run_lines"]

MAX_LINES = 6
"""Lines for single documents; more of them are told of together."""

LABELS = ("event.category", "event.type")
"""Fields that say what an event is, where that differs."""

TIME = Field("@timestamp", FieldType.DATE)


@dataclass(frozen=True, slots=True)
class _Document:
    """`kind` is `event`, `history event`, `indicator`, or `row of` a table; they are counted from 1."""

    kind: str
    number: int
    event: Event


def run_lines(run: Run, fields: Sequence[str]) -> Iterator[str]:
    """`fields` are those that matter. Documents that follow each other and agree have one line."""
    documents = list(_documents(run))
    common = [name for name in fields if len(documents) > 1 and _agree(documents, name)]
    others = [name for name in fields if name not in common]
    others += [name for name in LABELS if name not in fields and not _agree(documents, name)]
    groups = [list(group) for _, group in groupby(documents, key=lambda each: (each.kind, _told([each], others)))]
    if len(groups) > MAX_LINES:
        groups = [list(group) for _, group in groupby(documents, key=lambda each: each.kind)]
    if common:
        yield f"all: {'; '.join(_values(documents[0].event, common[:MAX_SHOWN_FIELDS]))}"
    start = min((time for each in documents if each.kind == "event" for time in each.event.values(TIME)), default=0)
    for group in groups:
        told = _told(group, group[0].event.names() if group[0].kind.startswith("row of") else others)
        yield f"{_named(group)}{_when(group, start)}{': ' if told else ''}{'; '.join(told[:MAX_SHOWN_FIELDS])}"


def _documents(run: Run) -> Iterator[_Document]:
    case = run.case
    kinds: dict[str, Iterable[Mapping[str, Any]]] = {"history event": case.history, "indicator": case.indicators}
    kinds |= {f"row of {name}": [row.document for row in table.rows] for name, table in case.outside.tables.items()}
    for kind, held in (*kinds.items(), ("event", case.events)):
        yield from (_Document(kind, number, Event(document)) for number, document in enumerate(held, 1))


def _agree(documents: Sequence[_Document], name: str) -> bool:
    first, *others = (each.event.raw(name) for each in documents)
    return all(other == first for other in others)


def _values(event: Event, fields: Iterable[str]) -> list[str]:
    held = {name: event.raw(name) for name in fields}
    return [f"{name} = {value_text(values)}" if values else f"{name} is missing" for name, values in held.items()]


def _told(group: Sequence[_Document], fields: Iterable[str]) -> list[str]:
    """The values of fields that are there; `100 values of destination.ip` where documents do not agree."""
    told = []
    for name in fields:
        texts = {value_text(each.event.raw(name)) for each in group}
        if len(texts) > 1:
            told.append(f"{len(texts)} values of {name}")
        elif group[0].event.raw(name):
            told.append(f"{name} = {texts.pop()}")
    return told


def _named(group: Sequence[_Document]) -> str:
    first = group[0]
    return numbers_text(range(first.number, first.number + len(group))).replace("event", first.kind)


def _when(group: Sequence[_Document], start: int) -> str:
    """How long after the first event of the run, or before it."""
    times = [min(each.event.values(TIME), default=None) for each in (group[0], group[-1])]
    first, last = times
    if group[0].kind == "indicator" or first is None or last is None:
        return ""
    after = f", {time_words(abs(first - start))} {'later' if first > start else 'before'}" if first != start else ""
    return f"{after}, within {time_words(last - first)}" if last > first else after
