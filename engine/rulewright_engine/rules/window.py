"""The stretch of time that a run searches, and the time of an event in the eyes of a rule."""

from collections.abc import Iterable
from dataclasses import dataclass

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Field, FieldType
from rulewright_engine.values.dates import REFERENCE_TIME, resolve
from rulewright_schema.durations import DEFAULT_FROM, DEFAULT_TO
from rulewright_schema.rule import Rule

__all__ = ["EVER", "Window", "is_found", "time_of", "time_of_run", "window_between"]

_TIMESTAMP = Field("@timestamp", FieldType.DATE)
_DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Window:
    """Epoch milliseconds, both ends included. `history` is where a new_terms rule begins to remember."""

    start: int
    end: int
    history: int | None = None

    def holds(self, time: int | None) -> bool:
        """Whether a run finds an event of that time. An event without one is taken to be of the time of the run."""
        return time is None or self.start <= time <= self.end

    def remembers(self, time: int | None) -> bool:
        """Whether an event of that time is history for a new_terms rule; without one it is.

        What was first seen exactly when the window begins is not new.
        """
        return self.history is not None and (time is None or self.history <= time <= self.start)


EVER = Window(-(2**63), 2**63)


def window_between(rule: Rule, now: int) -> Window:
    """From where a run at `now` looks back to, up to its end; a bound that is no date math is the default's."""
    return Window(_bound(rule.from_, DEFAULT_FROM, now), _bound(rule.to, DEFAULT_TO, now, round_up=True))


def is_found(event: Event, rule: Rule, window: Window | None) -> bool:
    """Whether a run over a window finds an event; None: the window does not matter.

    Kibana finds no event without a time. Cases may leave it out, unless the rule asks for the field by name.
    """
    time = time_of(event, rule)
    if time is None and rule.timestamp_override_fallback_disabled:
        return False
    return window is None or window.holds(time)


def time_of(event: Event, rule: Rule) -> int | None:
    """The event's time by `timestamp_override`, else, where allowed, by `@timestamp`; the earliest of several."""
    if rule.timestamp_override is not None:
        override: tuple[int, ...] = event.values(Field(rule.timestamp_override, FieldType.DATE))
        if override or rule.timestamp_override_fallback_disabled:
            return min(override, default=None)
    times: tuple[int, ...] = event.values(_TIMESTAMP)
    return min(times, default=None)


def time_of_run(events: Iterable[Event], rule: Rule) -> int:
    """When a run sees these events: the project's fixed time, or right after the last event when that is days away."""
    last = max((time for event in events if (time := time_of(event, rule)) is not None), default=REFERENCE_TIME)
    return REFERENCE_TIME if REFERENCE_TIME - _DAY < last <= REFERENCE_TIME else last


def _bound(text: str | None, default: str, now: int, *, round_up: bool = False) -> int:
    found = resolve(text, now=now, round_up=round_up) if text else None
    return found if found is not None else resolve(default, now=now) or now
