"""The trace of events through the commands of an ES|QL rule: what each made of them, which one dropped them and why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulewright._explain.content import content_lines, contents_to_json, said_by
from rulewright._explain.explanation import Explanation
from rulewright._explain.inputs import Input
from rulewright._explain.nearest_case import NearestCase
from rulewright._explain.wording import change_lines, change_to_json, line_of, values_text
from rulewright._project.project import Rule
from rulewright._report.style import Style, printable
from rulewright_engine.esql.execution.explain import (
    CommandReport,
    ConditionTrace,
    RowTrace,
    RowTraces,
    explain,
)
from rulewright_engine.evaluate.outside import outside_of
from rulewright_engine.ir.operators import Operator
from rulewright_engine.ir.query import EsqlQuery
from rulewright_engine.rules import AlertContent, CompiledRule, alerts
from rulewright_engine.rules.wording import MAX_VALUE_LENGTH, numbers_text, value_text
from rulewright_engine.solver.nearest import Change, NoChange
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.errors import UsageError
from rulewright_schema.files.load import RuleFile
from rulewright_schema.wording import shortened

__all__ = ["PipelineExplanation", "explain_pipeline"]

MAX_COMMAND_TEXT = 100
"""Characters of a command in the line that says what it does."""

MAX_ALTERNATIVES = 4
"""Alternatives of which none holds that are shown one by one."""


@dataclass(frozen=True, slots=True)
class EventTrace:
    """The trace of one event. `alert` is the number of the alert that it has a part in, counted from 1."""

    number: int
    row_trace: RowTrace
    alert: int | None

    @property
    def reached(self) -> Sequence[CommandReport]:
        """The commands up to the one that dropped the event."""
        lost = self.row_trace.dropped_by
        return self.row_trace.commands[: self.row_trace.commands.index(lost) + 1] if lost else self.row_trace.commands

    @property
    def likeness(self) -> tuple[Any, ...]:
        """Equal for events that fare alike, and for the same reasons.

        Rows that became one fare alike, but not those of another group: their values differ.
        """
        together = max((command.together for command in self.reached), key=len)
        lost = self.row_trace.dropped_by
        return (
            self.alert,
            len(self.reached),
            together if len(together) > 1 else (),
            _truths(lost.reason if lost else None),
        )


@dataclass(frozen=True, slots=True)
class PipelineExplanation(Explanation):
    """The traces of events that the rule sees together. `change`: what to change of the first of them, where the rule
    raises no alert."""

    name: str
    file: RuleFile
    traces: tuple[EventTrace, ...]
    warnings: tuple[str, ...]
    change: Change | NoChange | None = None
    said: tuple[AlertContent, ...] = ()

    def to_json(self) -> dict[str, Any]:
        events = [self._trace_to_json(trace) for trace in self.traces]
        described = {"case": self.name, "events": events, "warnings": list(self.warnings)}
        described |= contents_to_json(self.said)
        return described | ({"change": change_to_json(self.change)} if self.change else {})

    def lines(self, style: Style) -> Iterator[str]:
        """Events that fare alike are told of together."""
        groups: dict[tuple[Any, ...], list[EventTrace]] = {}
        for trace in self.traces:
            groups.setdefault(trace.likeness, []).append(trace)
        for number, group in enumerate(groups.values()):
            if number:
                yield ""
            yield from self._group(group, style)
        yield from (f"  {printable(line)}" for line in content_lines(self.said))
        if self.change is not None:
            head, *rest = change_lines(self.change)
            yield f"  {style.paint('bold', printable(head))}"
            yield from (f"  {printable(line)}" for line in rest)
        for warning in self.warnings:
            yield f"{style.paint('yellow', 'warning')}: {printable(warning)}"

    def _group(self, group: Sequence[EventTrace], style: Style) -> Iterator[str]:
        trace = group[0]
        name = ", ".join(filter(None, (printable(self.name), numbers_text([each.number for each in group]))))
        shown = f" (shown for event {trace.number})" if len(group) > 1 else ""
        yield f"{style.paint('bold', name)} {self._verdict(trace, len(group) > 1, style)}{shown}"
        before: Mapping[str, Any] = {}
        for position, command in enumerate(trace.reached):
            mark = style.paint("red", "-") if command.drops else style.paint("green", "+")
            text = printable(shortened(command.text, MAX_COMMAND_TEXT))
            line = f"  {mark} line {line_of(self.file, command.span)}: {text}   {style.paint('dim', _counts(command))}"
            yield line.rstrip()
            if command.drops:
                yield from _reason(command, style)
            elif position:
                is_new = command.text[:5].lower() == "stats"  # a row of its own, whose keys are worth to be seen
                yield from _changes({} if is_new else before, command, trace.row_trace.position, style)
            before = command.row

    def _verdict(self, trace: EventTrace, several: bool, style: Style) -> str:
        if trace.alert is not None:
            return style.paint("green", f"{'are' if several else 'is'} in alert {trace.alert}")
        lost = trace.row_trace.dropped_by
        if lost is None:
            return style.paint("yellow", "comes through, but has no alert: there are enough others, or it is a repeat")
        command = lost.text.split()[0].upper()
        verb, object_ = ("raise", "them") if several else ("raises", "it")
        return style.paint(
            "yellow", f"{verb} no alert: {command} on line {line_of(self.file, lost.span)} drops {object_}"
        )

    def _trace_to_json(self, trace: EventTrace) -> dict[str, Any]:
        described: dict[str, Any] = {"event": trace.number, "alert": trace.alert}
        if trace.row_trace.dropped_by is not None:
            described["dropped_by"] = len(trace.reached) - 1
        return described | {"commands": [self._command_to_json(command) for command in trace.reached]}

    def _command_to_json(self, command: CommandReport) -> dict[str, Any]:
        described: dict[str, Any] = {
            "command": command.text,
            "line": line_of(self.file, command.span),
            "rows": [command.rows_in, command.rows_out],
            "own": [command.own_in, command.own_out],
        }
        if command.reason is not None:
            described["reason"] = _condition_to_json(command.reason)
        return described | {"row": dict(command.row), "together": [position + 1 for position in command.together]}


def explain_pipeline(
    rule: Rule,
    compiled: CompiledRule,
    query: EsqlQuery,
    given: Input,
    seen: Sequence[int],
    nearest: NearestCase,
) -> PipelineExplanation:
    """How the events at the positions `seen` fare, which are those that a run searches."""
    events = [given.events[position] for position in seen]
    outside = outside_of(given.answers, given.lookups)
    found = explain(query.text, events, compiled.fields, now=compiled.now, outside=outside)
    if not isinstance(found, RowTraces):
        raise UsageError(f"the query cannot run: {found[0].message}; `rulewright check` shows where")
    raised = alerts(compiled, events, answers=given.answers, lookups=given.lookups)

    def warning_of(problem: Diagnostic) -> str:
        line = line_of(rule.file, problem.span) if problem.span else None
        return f"line {line}: {problem.message}" if line else problem.message

    traces = tuple(
        EventTrace(
            seen[row_trace.position] + 1,
            row_trace,
            next((number for number, each in enumerate(raised, 1) if row_trace.position in each.events), None),
        )
        for row_trace in found.each
    )
    change = nearest.change(given, seen[0]) if seen and not raised else None
    warnings = tuple(dict.fromkeys(map(warning_of, found.warnings)))
    return PipelineExplanation(given.name, rule.file, traces, warnings, change, said_by(compiled, raised, events))


def _counts(command: CommandReport) -> str:
    rows = f"{command.rows_in} -> {command.rows_out} rows" if command.rows_in != command.rows_out else ""
    own = f"{command.own_out} of them from this event" if command.own_out > 1 else ""
    return ", ".join(filter(None, (rows, own)))


def _changes(before: Mapping[str, Any], command: CommandReport, position: int, style: Style) -> Iterator[str]:
    """The columns that the command added or changed, and the events that became one."""
    others = [other + 1 for other in command.together if other != position]
    if others and command.rows_in != command.rows_out:
        yield f"      {style.paint('dim', f'one row with {numbers_text(others)}')}"
    for name, value in command.row.items():
        if before.get(name) != value:
            yield f"      {style.paint('dim', printable(f'{name} = {value_text(_values(value))}'))}"


def _values(cell: Any) -> list[Any]:
    return cell if isinstance(cell, list) else [] if cell is None else [cell]


# Why it was dropped


def _reason(command: CommandReport, style: Style) -> Iterator[str]:
    if command.reason is None:
        yield f"      {command.rows_out} rows are kept, and this one is number {command.position}"
        return
    yield from _blocking(command.reason, style, 3)
    if command.own_in > 1:
        yield f"      so it is with one row, and {command.own_in - 1} more from this event are dropped, too"


def _blocking(judged: ConditionTrace, style: Style, depth: int) -> Iterator[str]:
    """The parts of a condition; what holds is told in one line."""
    parts = _operands(judged, judged.connective)
    if judged.value is True or not judged.connective:
        yield _told(judged, shortened(judged.text, MAX_VALUE_LENGTH), style, depth)
    elif judged.connective is Operator.AND:
        for part in parts:
            yield from _blocking(part, style, depth)
    elif len(parts) > MAX_ALTERNATIVES and not any(part.parts for part in parts):
        yield _told(judged, f"{parts[0].text} or one of {len(parts) - 1} more", style, depth)
    else:
        word = "any of" if judged.connective is Operator.OR else "not"
        yield f"{'  ' * depth}{_mark(judged.value, style)} {word}"
        for part in parts:
            yield from _blocking(part, style, depth + 1)


def _told(judged: ConditionTrace, text: str, style: Style, depth: int) -> str:
    unknown = " is null" if judged.value is None else ""
    values = {name: _values(value) for name, value in _columns(judged).items()}
    shown = style.paint("dim", printable(values_text(values)))
    return f"{'  ' * depth}{_mark(judged.value, style)} {printable(text)}{unknown}   {shown}".rstrip()


def _mark(value: Any, style: Style) -> str:
    return {True: style.paint("green", "+"), None: style.paint("yellow", "?")}.get(value, style.paint("red", "-"))


def _operands(judged: ConditionTrace, connective: Operator | None) -> list[ConditionTrace]:
    """`a or b or c` has three, however the grammar nests them."""
    if judged.connective is not connective or connective is Operator.NOT:
        return list(judged.parts) if judged.connective is connective else [judged]
    return [operand for part in judged.parts for operand in _operands(part, connective)]


def _columns(judged: ConditionTrace) -> Mapping[str, Any]:
    columns = dict(judged.values)
    for part in judged.parts:
        columns |= _columns(part)
    return columns


def _truths(judged: ConditionTrace | None) -> tuple[Any, ...]:
    return () if judged is None else (judged.value, *(_truths(part) for part in judged.parts))


def _condition_to_json(judged: ConditionTrace) -> dict[str, Any]:
    described: dict[str, Any] = {"text": judged.text, "value": judged.value}
    if judged.parts:
        return described | {"parts": [_condition_to_json(part) for part in judged.parts]}
    return described | {"values": dict(judged.values)}
