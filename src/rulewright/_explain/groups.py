"""Rules whose type asks more of the events that meet the query."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulewright._explain.conditions import trace_line, trace_to_json
from rulewright._explain.content import content_lines, contents_to_json, said_by
from rulewright._explain.explanation import Explanation
from rulewright._explain.inputs import Input
from rulewright._explain.nearest_event import NearestEvent, nearest_event
from rulewright._project.project import Rule
from rulewright._report.style import Style, printable
from rulewright_engine.evaluate import Blocker, blockers, trace
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules import AlertContent, CompiledRule, Execution, type_of
from rulewright_engine.rules.documents import Documents
from rulewright_engine.rules.window import Window
from rulewright_engine.rules.wording import MAX_SHOWN, numbers_text
from rulewright_schema.files.load import RuleFile
from rulewright_schema.wording import counted

__all__ = ["GroupsExplanation", "explain_groups"]


@dataclass(frozen=True, slots=True)
class GroupsExplanation(Explanation):
    """`matched` are the numbers of the events that meet the query, `blocked` what blocks each of the others, and
    `reasons` what the rule's type makes of the matching ones. `nearest` is there where none matches."""

    name: str
    file: RuleFile
    alerts: tuple[tuple[int, ...], ...]
    matched: tuple[int, ...]
    blocked: Mapping[int, tuple[Blocker, ...]]
    reasons: tuple[str, ...]
    nearest: NearestEvent | None
    said: tuple[AlertContent, ...] = ()

    def to_json(self) -> dict[str, Any]:
        described: dict[str, Any] = {"case": self.name, "alerts": [list(alert) for alert in self.alerts]}
        described["matched"] = list(self.matched)
        described["blocked"] = [
            {"event": number, "blocked_by": [trace_to_json(blocker.trace, self.file) for blocker in found]}
            for number, found in self.blocked.items()
        ]
        described["reasons"] = list(self.reasons)
        described |= contents_to_json(self.said)
        return described | ({"nearest": self.nearest.to_json()} if self.nearest else {})

    def lines(self, style: Style) -> Iterator[str]:
        name = style.paint("bold", printable(self.name or "the events"))
        verb = "raises" if self.name else "raise"
        if self.alerts:
            told = "; ".join(numbers_text(alert) for alert in self.alerts)
            count = "an alert" if len(self.alerts) == 1 else counted(len(self.alerts), "alert")
            yield f"{name} {style.paint('green', f'{verb} {count}')}: {told}"
        else:
            yield f"{name} {style.paint('yellow', f'{verb} no alert')}"
        yield f"  the query is met by {numbers_text(self.matched)}"
        if self.nearest is not None:
            yield from self.nearest.lines(style)
        else:
            for number, found in list(self.blocked.items())[:MAX_SHOWN]:
                first, *rest = found
                more = f" (and {len(rest)} more)" if rest else ""
                yield f"  {style.paint('red', '-')} event {number}: {trace_line(first.trace, self.file, style)}{more}"
        yield from (f"  {printable(reason)}" for reason in (*self.reasons, *content_lines(self.said)))


def explain_groups(
    rule: Rule, compiled: CompiledRule, query: EventQuery, given: Input, seen: Sequence[int], window: Window
) -> GroupsExplanation:
    """How the events at the positions `seen` fare, which are those of the window."""
    traces = {position + 1: trace(query.condition, given.events[position]) for position in seen}
    matching = {number: given.events[number - 1] for number, traced in traces.items() if traced.truth}
    blocked = {number: tuple(blockers(traced)) for number, traced in traces.items() if not traced.truth}
    raised = Execution(compiled)(
        given.events, window, history=given.history, indicators=given.indicators, answers=given.answers
    )
    alerts = tuple(tuple(position + 1 for position in alert.events) for alert in raised)
    others = {number: given.events[number - 1] for number in blocked}
    nearest = None if matching else nearest_event(rule, compiled, query.condition, others)
    documents = Documents(given.events, seen, window, given.history, given.indicators)
    reasons = tuple(type_of(compiled.rule).reasons(compiled, matching, documents))
    said = said_by(compiled, raised, given.events, given.indicators)
    return GroupsExplanation(given.name, rule.file, alerts, tuple(matching), blocked, reasons, nearest, said)
