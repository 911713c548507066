"""When the events of a case happen, and what tells one of them from another."""

from collections.abc import Iterable
from typing import Any

from rulewright_engine.evaluate.event import Event
from rulewright_engine.rules import CompiledRule, window_of
from rulewright_engine.values.dates import format_instant
from rulewright_generators.cases.events.documents import Document, patched, trimmed
from rulewright_generators.cases.events.values import entity_id

__all__ = ["DELAY", "Timeline"]

DELAY = 5 * 60_000
"""How long before the run the last event of a case happened, in milliseconds, where the window is wide enough."""

_PROCESS = ("process.entity_id", "process.pid")
_TIMES = ("@timestamp", "event.created", "event.ingested")


class Timeline:
    """Dates events so that one run at `now` sees them. `fixed` are the fields that a rule asks about: they stay."""

    def __init__(self, compiled: CompiledRule, fixed: Iterable[str] = ()) -> None:
        rule = compiled.rule
        self.now = compiled.now
        self.window = window_of(rule, compiled.now)
        self._fixed = frozenset(fixed)
        own = (rule.timestamp_override, compiled.options.timestamp_field)
        self._times = tuple(name for name in dict.fromkeys((*_TIMES, *filter(None, own))) if name not in self._fixed)
        self._override = rule.timestamp_override

    @property
    def holds_late_events(self) -> bool:
        """Whether events from before the window are seen: those that arrived in it."""
        return self._override is not None and self._override != "@timestamp"

    @property
    def length(self) -> int:
        """The milliseconds between the first and the last event that one run can see."""
        return self.now - self.window.start

    def start(self, span: int) -> int:
        """When events begin that take `span` milliseconds: a run sees the last, and if possible all of them."""
        latest = self.now - span
        return max(latest - DELAY, min(self.window.start, latest))

    def scheduled(self, timed: Iterable[tuple[Document, int]]) -> list[Document]:
        """The documents of one case, each at its time (epoch milliseconds), told apart.

        A process starts once and is one program: another start, or another program, is another process.
        """
        programs: dict[str, str] = {}
        events = [self._staged(document, time, number, programs) for number, (document, time) in enumerate(timed)]
        return trimmed(events, {*self._fixed, self._override})

    def _staged(self, document: Document, time: int, number: int, programs: dict[str, str]) -> Document:
        event = Event(document)
        entity, program = _text(event, "process.entity_id"), _text(event, "process.executable")
        starts = "start" in event.raw("event.type") and "process" in event.raw("event.category")
        values: dict[str, Any] = {}
        if entity in programs and (starts or programs[entity] != program) and not self._fixed & set(_PROCESS):
            pid = 4644 + 4 * number
            entity = entity_id(pid)
            values = dict(zip(_PROCESS, (entity, pid), strict=True))
        if entity:
            programs[entity] = program
        return patched(self.dated(document, time, number), values)

    def dated(self, document: Document, time: int, number: int = 0, *, late: bool = True) -> Document:
        """The document as the event number `number` of its case, at `time` (epoch milliseconds).

        `late`: an event from before the window arrives in it, as far as the rule goes by that.
        """
        values: dict[str, Any] = dict.fromkeys(self._times, format_instant(time))
        if late and self._override in values and self._override != "@timestamp":
            values[self._override] = format_instant(min(max(time, self.window.start), self.now))
        if number and "event.id" not in self._fixed:
            values["event.id"] = f"{_text(Event(document), 'event.id')[:-4]}{number:04}"
        return patched(document, values)


def _text(event: Event, name: str) -> str:
    return str(next(iter(event.raw(name)), ""))
