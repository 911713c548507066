"""Of several events the one that is nearest to a condition that none of them meets."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rulewright._explain.conditions import change_of, trace_line, writer_of
from rulewright._explain.wording import change_lines, change_to_json
from rulewright._project.project import Rule
from rulewright._report.style import Style, printable
from rulewright_engine.evaluate import Blocker, blockers, trace
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver.nearest import Change, NoChange
from rulewright_schema.files.load import RuleFile

__all__ = ["NearestEvent", "nearest_event"]

MAX_COMPARED_EVENTS = 1_000
"""Events among which the nearest is looked for."""

MAX_SHOWN_BLOCKERS = 6
"""Blocking conditions that are listed."""


@dataclass(frozen=True, slots=True)
class NearestEvent:
    """The event with this number, what blocks it, and how it would meet the condition."""

    number: int
    file: RuleFile
    blockers: tuple[Blocker, ...]
    change: Change | NoChange

    def to_json(self) -> dict[str, Any]:
        return {"event": self.number, "change": change_to_json(self.change)}

    def lines(self, style: Style) -> Iterator[str]:
        yield f"  {style.paint('bold', f'nearest is event {self.number}, blocked by')}"
        for blocker in self.blockers[:MAX_SHOWN_BLOCKERS]:
            yield f"    {trace_line(blocker.trace, self.file, style)}"
        if len(self.blockers) > MAX_SHOWN_BLOCKERS:
            yield f"    and {len(self.blockers) - MAX_SHOWN_BLOCKERS} more"
        yield from (f"  {printable(line)}" for line in change_lines(self.change, "meets the condition"))


def nearest_event(
    rule: Rule, compiled: CompiledRule, condition: Condition, events: Mapping[int, Event]
) -> NearestEvent | None:
    """The event with the fewest blocking conditions, the first of them; `events` are by number."""
    found = {
        number: tuple(blockers(trace(condition, event)))
        for number, event in islice(events.items(), MAX_COMPARED_EVENTS)
    }
    if not found:
        return None
    number = min(found, key=lambda number: len(found[number]))
    change = change_of(events[number], writer_of(rule, compiled, condition), compiled.fields)
    return NearestEvent(number, rule.file, found[number], change)
