"""Rules that ask more of matching events: that they are many, that they are new, that an indicator agrees."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rulewright._explain.conditions import trace_line, trace_to_json
from rulewright._explain.explanation import Explanation
from rulewright._explain.nearest_event import NearestEvent, nearest_event
from rulewright._explain.subjects import Subject
from rulewright._explain.wording import numbers_text, value_text
from rulewright._project.project import LoadedRule
from rulewright._report.style import Style, printable
from rulewright_engine.evaluate import Blocker, blockers, compile_condition, trace
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules import CompiledRule, Execution
from rulewright_engine.rules.groups import combinations, key_fields
from rulewright_engine.rules.threat_match import threat_condition
from rulewright_engine.rules.threshold import threshold_groups
from rulewright_engine.rules.window import Window, time_of
from rulewright_schema.load import RuleFile
from rulewright_schema.rule import NewTermsRule, ThreatMapping, ThreatMatchRule, ThresholdRule

__all__ = ["GroupsExplanation", "explain_groups"]

MOST_SHOWN = 10
"""Events and groups that are told of one by one."""

Named = Mapping[int, Event]
"""Events by the numbers they are called by."""


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

    def to_json(self) -> dict[str, Any]:
        described: dict[str, Any] = {"case": self.name, "alerts": [list(alert) for alert in self.alerts]}
        described["matched"] = list(self.matched)
        described["blocked"] = [
            {"event": number, "blocked_by": [trace_to_json(blocker.trace, self.file) for blocker in found]}
            for number, found in self.blocked.items()
        ]
        described["reasons"] = list(self.reasons)
        return described | ({"nearest": self.nearest.to_json()} if self.nearest else {})

    def lines(self, style: Style) -> Iterator[str]:
        name = style.paint("bold", printable(self.name or "the events"))
        verb = "raises" if self.name else "raise"
        if self.alerts:
            told = "; ".join(numbers_text(alert) for alert in self.alerts)
            count = "an alert" if len(self.alerts) == 1 else f"{len(self.alerts)} alerts"
            yield f"{name} {style.paint('green', f'{verb} {count}')}: {told}"
        else:
            yield f"{name} {style.paint('yellow', f'{verb} no alert')}"
        yield f"  the query is met by {numbers_text(self.matched)}"
        if self.nearest is not None:
            yield from self.nearest.lines(style)
        else:
            for number, found in list(self.blocked.items())[:MOST_SHOWN]:
                first, *rest = found
                more = f" (and {len(rest)} more)" if rest else ""
                yield f"  {style.paint('red', '-')} event {number}: {trace_line(first.trace, self.file, style)}{more}"
        yield from (f"  {printable(reason)}" for reason in self.reasons)


def explain_groups(
    rule: LoadedRule, compiled: CompiledRule, query: EventQuery, subject: Subject, seen: Sequence[int], window: Window
) -> GroupsExplanation:
    """How the events at the positions `seen` fare, which are those of the window."""
    traces = {position + 1: trace(query.condition, subject.events[position]) for position in seen}
    matching = {number: subject.events[number - 1] for number, traced in traces.items() if traced.truth}
    blocked = {number: tuple(blockers(traced)) for number, traced in traces.items() if not traced.truth}
    raised = Execution(compiled)(
        subject.events, window, history=subject.history, indicators=subject.indicators, answers=subject.answers
    )
    alerts = tuple(tuple(position + 1 for position in alert.events) for alert in raised)
    others = {number: subject.events[number - 1] for number in blocked}
    nearest = None if matching else nearest_event(rule, compiled, query.condition, others)
    reasons = tuple(_reasons(rule, compiled, query, subject, matching, window))
    return GroupsExplanation(subject.name, rule.file, alerts, tuple(matching), blocked, reasons, nearest)


def _reasons(
    rule: LoadedRule, compiled: CompiledRule, query: EventQuery, subject: Subject, matching: Named, window: Window
) -> Iterator[str]:
    match rule.rule:
        case ThresholdRule():
            yield from _of_threshold(rule.rule, compiled, matching)
        case NewTermsRule():
            yield from _of_new_terms(rule.rule, compiled, query, subject, matching, window)
        case ThreatMatchRule():
            yield from _of_indicators(rule.rule, compiled, subject.indicators, matching)
        case _:
            return


# Threshold


def _of_threshold(rule: ThresholdRule, compiled: CompiledRule, matching: Named) -> Iterator[str]:
    """Each group with its count, the largest first."""
    threshold, numbers, events = rule.threshold, list(matching), list(matching.values())
    every = threshold_groups(replace(threshold, value=1, cardinality=()), events, range(len(events)), compiled.fields)
    groups = sorted(every, key=lambda group: -len(group[1]))
    for key, members in groups[:MOST_SHOWN]:
        shown = ", ".join(f"{name} = {value_text([value])}" for name, value in zip(threshold.field, key, strict=True))
        counted = [_count(len(members), threshold.value, "event")]
        for each in threshold.cardinality[:1]:
            (field,) = key_fields((each.field,), compiled.fields)
            values = {value for member in members for value in events[member].values(field)}
            counted.append(_count(len(values), each.value, "value", f" of {each.field}"))
        called = numbers_text([numbers[member] for member in members])
        yield f"{shown or 'all events'}: {', '.join(counted)} ({called})"
    if len(groups) > MOST_SHOWN:
        yield f"and {len(groups) - MOST_SHOWN} more groups"
    grouped = {member for _, members in every for member in members}
    if lost := [number for place, number in enumerate(numbers) if place not in grouped]:
        yield f"without one of {', '.join(threshold.field)} an event is in no group: {numbers_text(lost)}"


def _count(count: int, needed: int, what: str, of: str = "") -> str:
    told = f"{count} {what}{'' if count == 1 else 's'}{of}"
    return f"{told} of at least {needed}" if count >= needed else f"{told}, and {needed} are needed"


# New terms


def _of_new_terms(
    rule: NewTermsRule, compiled: CompiledRule, query: EventQuery, subject: Subject, matching: Named, window: Window
) -> Iterator[str]:
    """Of each combination whether it is new, or where it was seen before."""
    fields = key_fields(rule.new_terms.fields, compiled.fields)
    meets = compile_condition(query.condition)
    past = {
        f"event {place}": event for place, event in enumerate(subject.events, 1) if time_of(event, rule) is not None
    }
    past |= {f"history event {place}": event for place, event in enumerate(subject.history, 1)}
    known: dict[tuple[Any, ...], str] = {}
    for name, event in past.items():
        if window.remembers(time_of(event, rule)) and meets(event):
            for key in combinations(event, fields):
                known.setdefault(key, name)
    for number, event in list(matching.items())[:MOST_SHOWN]:
        found = list(combinations(event, fields))
        if not found:
            absent = ", ".join(field.name for field in fields if not event.values(field))
            yield f"event {number} has no {absent}, so it has no combination that could be new"
        for key in found[:MOST_SHOWN]:
            shown = ", ".join(f"{field.name} = {value_text([value])}" for field, value in zip(fields, key, strict=True))
            yield f"event {number}: {shown} {f'is known from {known[key]}' if key in known else 'is new'}"
    if unused := [name for name in past if name.startswith("history") and name not in known.values()]:
        yield f"of no use are {', '.join(unused)}: too old, not met by the query, or told before"


# Indicators


def _of_indicators(
    rule: ThreatMatchRule, compiled: CompiledRule, indicators: Sequence[Event], matching: Named
) -> Iterator[str]:
    """Of each entry of the mapping whether an indicator agrees with the event."""
    is_indicator = compile_condition(compiled.indicators)
    found = [document for document in indicators if is_indicator(document)]
    if not indicators:
        yield "there are no indicators to agree: give them as `indicators` of a case"
        return
    if len(found) < len(indicators):
        yield f"{len(found)} of {len(indicators)} indicators meet the rule's threat query"
    for number, event in list(matching.items())[:MOST_SHOWN]:
        for group in rule.threat_mapping:
            agreeing = [entry for entry in group if _agrees(rule, (entry,), compiled, found, event)]
            for entry in group:
                yield f"event {number}: {_entry_text(entry, event, agrees=entry in agreeing)}"
            if len(agreeing) == len(group) > 1 and not _agrees(rule, group, compiled, found, event):
                yield f"event {number}: no single indicator agrees with all of these"


def _entry_text(entry: ThreatMapping, event: Event, *, agrees: bool) -> str:
    held = event.raw(entry.field)
    if not held:
        return f"{entry.field} is missing, and is compared with {entry.value}"
    shown = f"{entry.field} = {value_text(held)}"
    if entry.negate:
        return f"{shown}: {'an' if agrees else 'no'} indicator has another {entry.value}"
    return f"{shown}: {'an' if agrees else 'no'} indicator has it as {entry.value}"


def _agrees(
    rule: ThreatMatchRule,
    group: tuple[ThreatMapping, ...],
    compiled: CompiledRule,
    indicators: Sequence[Event],
    event: Event,
) -> bool:
    asked = replace(rule, threat_mapping=(group,))
    return compile_condition(threat_condition(asked, indicators, compiled.fields, now=compiled.now))(event)
