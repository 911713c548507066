"""The documents that a run of a rule sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rulewright_engine.evaluate.event import Event
from rulewright_engine.rules.window import EVER, Window

__all__ = ["Documents"]


@dataclass(frozen=True, slots=True)
class Documents:
    """`events` are the documents of the rule's indices, `current` the positions of those in the window of the run.

    `history` are more of them from before it (new_terms), `indicators` those of the threat indices (threat_match),
    `answers` and `lookups` what an ES|QL query gets from outside: see `Outside`.
    """

    events: Sequence[Event]
    current: Sequence[int]
    window: Window = EVER
    history: Sequence[Event] = ()
    indicators: Sequence[Event] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    lookups: Mapping[str, Any] = field(default_factory=dict)

    @property
    def searched(self) -> list[Event]:
        """The events in the window, in the order of `current`."""
        return [self.events[position] for position in self.current]

    def position(self, index: int) -> int:
        """The position of the event that stands at `index` among those searched; -1, a missing event, stays."""
        return index if index < 0 else self.current[index]
