"""Events that a run of the rule does not search, because of their time."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rulewright._explain.explanation import Explanation
from rulewright._report.style import Style
from rulewright_engine.rules.window import Window
from rulewright_engine.values.dates import format_instant

__all__ = ["Unseen"]


@dataclass(frozen=True, slots=True)
class Unseen(Explanation):
    """`time` is that of the event, in epoch milliseconds; None where it lacks the field that the rule goes by."""

    name: str
    time: int | None
    window: Window

    def to_json(self) -> dict[str, Any]:
        return {
            "event": self.name,
            "unseen": None if self.time is None else format_instant(self.time),
            "window": [format_instant(self.window.start), format_instant(self.window.end)],
        }

    def lines(self, style: Style) -> Iterator[str]:
        yield f"{style.paint('bold', self.name)} {style.paint('yellow', 'is not searched')}"
        start, end = format_instant(self.window.start), format_instant(self.window.end)
        yield f"  a run looks from {start} to {end}, and the event {self._said}"

    @property
    def _said(self) -> str:
        return "lacks the field of its time" if self.time is None else f"is of {format_instant(self.time)}"
