"""Why one event meets a condition or not: every part with the values it saw, and the smallest change of the verdict."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rulewright.explain.wording import (
    change_lines,
    change_to_json,
    condition_text,
    line_of,
    shorten,
    values_text,
)
from rulewright.project import LoadedRule
from rulewright.report.style import Style, printable
from rulewright_engine.evaluate import Blocker, Trace, blockers, trace
from rulewright_engine.event import Event
from rulewright_engine.expression import And, Condition, Leaf, Nested, Not, Or, leaves_of
from rulewright_engine.ruletypes import Meaning
from rulewright_engine.solver import Solver
from rulewright_engine.solver.nearest import Change, NoChange, deciding_leaves, smallest_change
from rulewright_generators.fixtures.results import deciding_leaf
from rulewright_generators.fixtures.writer import EventWriter, identity_of, setting_of
from rulewright_schema.load import RuleFile

__all__ = ["ConditionExplanation", "blocker_line", "blocker_to_json", "explain_condition", "solver_of"]

MOST_SHOWN = 8
"""Blocking and deciding conditions that are listed."""

MOST_EXCLUDED = 4
"""Conditions below a `not` that lets the event pass; more of them are said in one line."""


@dataclass(frozen=True, slots=True)
class ConditionExplanation:
    """One event and one condition. `hangs_on`: the leaves that decide where it matches; `change`: where it does not."""

    name: str
    file: RuleFile
    trace: Trace
    blockers: tuple[Blocker, ...]
    hangs_on: tuple[Leaf, ...]
    change: Change | NoChange | None

    def to_json(self) -> dict[str, Any]:
        described: dict[str, Any] = {"event": self.name, "match": self.trace.truth}
        if self.trace.truth:
            described["hangs_on"] = [leaf.text for leaf in self.hangs_on]
        else:
            described["blocked_by"] = [blocker_to_json(blocker, self.file) for blocker in self.blockers]
        if self.change is not None:
            described["change"] = change_to_json(self.change)
        return described | {"trace": self.trace.to_json()}

    def lines(self, style: Style) -> Iterator[str]:
        verdict = style.paint("green", "matches") if self.trace.truth else style.paint("yellow", "does not match")
        yield f"{style.paint('bold', self.name)} {verdict}"
        yield from _tree(self.trace, deciding_leaf(self.trace), style, 1)
        if self.trace.truth:
            yield from self._hanging(style)
        else:
            yield f"  {style.paint('bold', 'blocked by')}"
            for blocker in self.blockers[:MOST_SHOWN]:
                yield f"    {blocker_line(blocker, self.file, style)}"
            if len(self.blockers) > MOST_SHOWN:
                yield f"    and {len(self.blockers) - MOST_SHOWN} more"
        if self.change is not None:
            head, *rest = change_lines(self.change)
            yield f"  {style.paint('bold', head)}"
            yield from (f"  {printable(line)}" for line in rest)

    def _hanging(self, style: Style) -> Iterator[str]:
        if not self.hangs_on:
            yield "  no single condition decides it"
            return
        yield f"  {style.paint('bold', 'hangs on each of these')}"
        for leaf in self.hangs_on[:MOST_SHOWN]:
            yield f"    {_placed(leaf, self.file)}"
        if len(self.hangs_on) > MOST_SHOWN:
            yield f"    and {len(self.hangs_on) - MOST_SHOWN} more"


def explain_condition(
    name: str, rule: LoadedRule, condition: Condition, event: Event, solver: Solver
) -> ConditionExplanation:
    """The verdict on an event; `solver` is of the same condition."""
    traced = trace(condition, event)
    if traced.truth:
        return ConditionExplanation(name, rule.file, traced, (), deciding_leaves(solver, event), None)
    change = smallest_change(solver, event)
    return ConditionExplanation(name, rule.file, traced, tuple(blockers(traced)), (), change)


def solver_of(rule: LoadedRule, meaning: Meaning, condition: Condition) -> Solver:
    """A solver that prefers values that an event of the rule would have."""
    setting = setting_of(rule.rule, condition)
    return EventWriter(condition, meaning.fields, setting, identity_of(rule.rule)).solver


# What blocks


def blocker_line(blocker: Blocker, file: RuleFile, style: Style) -> str:
    """`line 12: process.name == "nc" does not hold   process.name = "cat"`."""
    holds = "holds" if blocker.trace.truth else "does not hold"
    values = style.paint("dim", printable(values_text(_values_of(blocker.trace))))
    return f"{_placed(blocker.trace.node, file)} {holds}   {values}".rstrip()


def _placed(condition: Condition, file: RuleFile) -> str:
    line = line_of(file, condition.span)
    text = printable(shorten(condition_text(condition)))
    return text if line is None else f"line {line}: {text}"


def blocker_to_json(blocker: Blocker, file: RuleFile) -> dict[str, Any]:
    node = blocker.trace.node
    described: dict[str, Any] = {"condition": condition_text(node), "holds": blocker.trace.truth}
    if (line := line_of(file, node.span)) is not None:
        described["line"] = line
    return described | {"values": {name: list(values) for name, values in _values_of(blocker.trace).items()}}


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
        case Not(child) if node.truth and len(list(leaves_of(child))) > MOST_EXCLUDED:
            text = printable(shorten(condition_text(child)))
            yield f"{indent}{mark} not ({text})   {style.paint('dim', 'does not apply')}"
            return
        case And():
            word = "all of"
        case Or():
            word = "any of"
        case Not():
            word = "not"
        case Nested(path):
            word = f"one object of {printable(path)} with"
        case _:
            word = "true" if node.truth else "false"
    yield f"{indent}{mark} {word}"
    for child in node.children:
        yield from _tree(child, decisive, style, depth + 1)


def _shown(values: Mapping[str, tuple[Any, ...]], style: Style) -> str:
    return style.paint("dim", printable(values_text(values)))
