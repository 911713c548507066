"""Why one event meets a condition or not: every part with the values it saw, and the smallest change of the verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulewright._explain.consistency import in_agreement
from rulewright._explain.content import content_lines, contents_to_json, said_by
from rulewright._explain.explanation import Explanation
from rulewright._explain.wording import (
    change_lines,
    change_to_json,
    condition_text,
    line_of,
    values_text,
)
from rulewright._project.project import Rule
from rulewright._report.style import Style, printable
from rulewright_engine.evaluate import Blocker, Trace, blockers, trace
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    And,
    Condition,
    Leaf,
    Nested,
    Not,
    Or,
)
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.rules import Alert, AlertContent, CompiledRule
from rulewright_engine.rules.wording import MAX_VALUE_LENGTH
from rulewright_engine.solver.nearest import Change, NoChange, deciding_conditions, smallest_change
from rulewright_generators.cases.events.event_writer import EventWriter, identity_of, setting_of
from rulewright_generators.cases.events.processes import is_argument_list
from rulewright_generators.cases.evidence.results import deciding_condition
from rulewright_schema.files.load import RuleFile
from rulewright_schema.wording import shortened

__all__ = ["ConditionExplanation", "change_of", "explain_condition", "trace_line", "trace_to_json", "writer_of"]

MAX_SHOWN_CONDITIONS = 8
"""Blocking and deciding conditions that are listed."""

MAX_SHOWN_EXCLUDED = 4
"""Conditions below a `not` that lets the event pass; more of them are said in one line."""


@dataclass(frozen=True, slots=True)
class ConditionExplanation(Explanation):
    """One event and one query. `deciding`: the conditions that decide where it matches; `change`: where it does not."""

    name: str
    file: RuleFile
    trace: Trace
    blockers: tuple[Blocker, ...]
    deciding: tuple[Trace, ...]
    change: Change | NoChange | None
    said: tuple[AlertContent, ...] = ()

    def to_json(self) -> dict[str, Any]:
        described: dict[str, Any] = {"event": self.name, "match": self.trace.truth}
        if self.trace.truth:
            described["deciding"] = [trace_to_json(decisive, self.file) for decisive in self.deciding]
        else:
            described["blocked_by"] = [trace_to_json(blocker.trace, self.file) for blocker in self.blockers]
        described |= contents_to_json(self.said)
        if self.change is not None:
            described["change"] = change_to_json(self.change)
        return described | {"trace": self.trace.to_json()}

    def lines(self, style: Style) -> Iterator[str]:
        verdict = style.paint("green", "matches") if self.trace.truth else style.paint("yellow", "does not match")
        yield f"{style.paint('bold', self.name)} {verdict}"
        yield from _tree(self.trace, None if self.trace.truth else deciding_condition(self.trace), style, 1)
        if not self.trace.truth:
            yield from self._listed("blocked by", [blocker.trace for blocker in self.blockers], style)
        elif self.deciding:
            yield from self._listed("depends on each of these", self.deciding, style)
        else:
            yield "  no single condition decides it"
        yield from (f"  {printable(line)}" for line in content_lines(self.said))
        if self.change is not None:
            head, *rest = change_lines(self.change)
            yield f"  {style.paint('bold', head)}"
            yield from (f"  {printable(line)}" for line in rest)

    def _listed(self, title: str, traces: Sequence[Trace], style: Style) -> Iterator[str]:
        yield f"  {style.paint('bold', title)}"
        yield from (f"    {trace_line(each, self.file, style)}" for each in traces[:MAX_SHOWN_CONDITIONS])
        if len(traces) > MAX_SHOWN_CONDITIONS:
            yield f"    and {len(traces) - MAX_SHOWN_CONDITIONS} more"


def explain_condition(
    name: str, rule: Rule, condition: Condition, event: Event, writer: EventWriter, compiled: CompiledRule
) -> ConditionExplanation:
    """The verdict on an event; `writer` is of the same condition."""
    traced = trace(condition, event)
    if traced.truth:
        decisive = tuple(trace(leaf, event) for leaf in deciding_conditions(writer.solver, event))
        said = said_by(compiled, [Alert((0,))], [event])
        return ConditionExplanation(name, rule.file, traced, (), decisive, None, said)
    change = change_of(event, writer, compiled.fields)
    return ConditionExplanation(name, rule.file, traced, tuple(blockers(traced)), (), change)


def change_of(event: Event, writer: EventWriter, fields: FieldTypes) -> Change | NoChange:
    """The smallest change with which the event meets the condition, and what goes with it."""
    found = smallest_change(writer.solver, event, is_list=is_argument_list)
    return in_agreement(found, event, writer, fields) if isinstance(found, Change) else found


def writer_of(rule: Rule, compiled: CompiledRule, condition: Condition) -> EventWriter:
    """A writer, whose solver prefers values that an event of the rule would have."""
    return EventWriter(condition, compiled.fields, setting_of(rule.rule, condition), identity_of(rule.rule))


# One condition


def trace_line(node: Trace, file: RuleFile, style: Style) -> str:
    """`line 12: process.name == "nc" does not hold   process.name = "cat"`."""
    line = line_of(file, node.node.span)
    place = "" if line is None else f"line {line}: "
    holds = "holds" if node.truth else "does not hold"
    text = printable(shortened(condition_text(node.node), MAX_VALUE_LENGTH))
    return f"{place}{text} {holds}   {_shown(_values_of(node), style)}".rstrip()


def trace_to_json(node: Trace, file: RuleFile) -> dict[str, Any]:
    """`{"condition": ..., "holds": ..., "line": ..., "values": {...}}`; what is no part of the query has no line."""
    described: dict[str, Any] = {"condition": condition_text(node.node), "holds": node.truth}
    if (line := line_of(file, node.node.span)) is not None:
        described["line"] = line
    return described | {"values": {name: list(values) for name, values in _values_of(node).items()}}


def _values_of(node: Trace) -> Mapping[str, tuple[Any, ...]]:
    """What the event holds in the fields below a node."""
    values = dict(node.values)
    for child in node.children:
        values |= _values_of(child)
    return values


# The tree


def _tree(node: Trace, decisive: Trace | None, style: Style, depth: int) -> Iterator[str]:
    mark = style.paint("green", "+") if node.truth else style.paint("red", "-")
    indent = "  " * depth
    match node.node:
        case Leaf(text=text):
            pointer = style.paint("bold", "  <--") if node is decisive else ""
            yield f"{indent}{mark} {printable(text)}   {_shown(node.values, style)}{pointer}"
            return
        case Or(listed=True) if node.truth:
            for child in node.children:
                if child.truth:
                    yield from _tree(child, decisive, style, depth)
            return
        case Or(listed=True) if len(node.children) > 2:
            pointer = style.paint("bold", "  <--") if any(child is decisive for child in node.children) else ""
            text = printable(condition_text(node.node))
            yield f"{indent}{mark} {text}   {_shown(_values_of(node), style)}{pointer}"
            return
        case Not(child) if node.truth and len(list(child.leaves())) > MAX_SHOWN_EXCLUDED:
            text = printable(shortened(condition_text(child), MAX_VALUE_LENGTH))
            yield f"{indent}{mark} not ({text})   {style.paint('dim', 'does not apply')}"
            return
        case And():
            word = "all of"
        case Or():
            word = "any of"
        case Not(child):
            word = "none of" if _is_group(child) else "not"
        case Nested(path):
            word = f"one object of {printable(path)} with"
        case _:
            word = "true" if node.truth else "false"
    yield f"{indent}{mark} {word}"
    for child in _operands(node):
        yield from _tree(child, decisive, style, depth + 1)


def _operands(node: Trace) -> Iterator[Trace]:
    """The operands of a node; those of an AND in an AND, and of an OR that is negated, take the place of it."""
    for child in node.children:
        if isinstance(child.node, And) and isinstance(node.node, And):
            yield from _operands(child)
        elif isinstance(node.node, Not) and _is_group(child.node):
            yield from child.children
        else:
            yield child


def _is_group(condition: Condition) -> bool:
    """Whether alternatives are told one by one; those of a long list are told together."""
    return isinstance(condition, Or) and not (condition.listed and len(condition.children) > 2)


def _shown(values: Mapping[str, tuple[Any, ...]], style: Style) -> str:
    return style.paint("dim", printable(values_text(values)))
