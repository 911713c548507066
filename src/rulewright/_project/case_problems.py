"""What is wrong with a case that does not raise its alerts: at the condition that it is about, and what has changed."""

from collections.abc import Sequence
from functools import partial
from json import dumps
from pathlib import Path

from rulewright._project.project import Rule
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_generators.cases import Case, CaseFile, CaseResult, ConditionCoverage, is_generated
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import NOWHERE
from rulewright_schema.wording import counted, listed

__all__ = ["CASE_FAILED", "case_problem"]

CASE_FAILED = Code(
    code="RW710",
    name="case-failed",
    level=Level.ERROR,
    title="a rule raises the alerts that its cases say",
    why="The rule no longer does what was agreed: an attack goes unseen, or a false alarm is raised.",
    bad='{"case": "copies-a-key", "alerts": [[0]], "why": "...", "events": [{"process": {"name": "unrelated"}}]}\n',
    good='{"case": "copies-a-key", "alerts": [[0]], "why": "...", "events": [{"process": {"name": "nc"}}]}\n',
)
MAX_CHANGES_TOLD = 2
"""Conditions that went from the query, or came, that are told by name."""


def case_problem(
    rule: Rule, result: CaseResult, conditions: Sequence[ConditionCoverage], pinned: CaseFile | None
) -> Diagnostic:
    """A failed case, at the condition that it is about, else at the one that decided it, else at the query."""
    file, case = rule.file, result.case
    said = f"the case says: {case.why}" if case.why else ""
    since = _since_pinned(case, conditions, pinned)
    note = f"{said} Since it was pinned, {since}" if said and since else said or since
    problem_of = partial(CASE_FAILED.report, f"case `{case.name}` {_raised(result)}", note=note)
    help_ = _help(result, pinned)
    condition = None if result.raised else _concerned(result, conditions, pinned)
    if condition is not None and condition.leaf.span != NOWHERE:
        return file.placed(problem_of(span=condition.leaf.span, label=_label(result, condition), help=help_))
    return file.placed(problem_of(help=help_), ("rule", _blamed(rule, result)), key=True)


def _concerned(
    result: CaseResult, conditions: Sequence[ConditionCoverage], pinned: CaseFile | None
) -> ConditionCoverage | None:
    """The condition to point at: the one that decided if the case is about it, or no pinned case is; else the case's
    own; else the one that reads most like what the case was about."""
    decisive = next((each for each in conditions if result.decisive and each.leaf is result.decisive.node), None)
    by_name = {condition.name: condition for condition in conditions}
    named = _named(result.case)
    own = [by_name[name] for name in named if name in by_name]
    if decisive is not None and (decisive in own or decisive.name in _come(conditions, pinned)):
        return decisive
    gone = [name for name in named if name not in by_name]
    if gone:
        near = nearest_of(gone[0], _come(conditions, pinned) or by_name) or nearest_of(gone[0], by_name)
        return by_name[near] if near else own[0] if own else decisive
    return own[0] if len(own) == 1 else decisive


def _label(result: CaseResult, condition: ConditionCoverage) -> str:
    """Whether the condition holds for the event, and what the event has there."""
    if result.event is None:
        return ""
    event = Event(result.case.events[result.event])
    names = [field.name for field in condition.leaf.value.fields()]
    values = "; ".join(f"{name} is {_shown(tuple(event.raw(name)))}" for name in names)
    is_true = compile_condition(condition.leaf)(event)
    return f"`{condition.leaf.text}` is {'true' if is_true else 'false'}: {values}" if values else ""


def _since_pinned(case: Case, conditions: Sequence[ConditionCoverage], pinned: CaseFile | None) -> str:
    """What has changed in the query since the cases were pinned, as far as their conditions tell."""
    names = {condition.name for condition in conditions}
    own = [name for name in _named(case) if name not in names]
    gone = own or [name for name in _recorded(pinned) if name not in names]
    come = _come(conditions, pinned)
    parts = [_change(gone, "went from the query")] if gone else []
    parts += [_change(come, "came into it" if gone else "came into the query")] if come else []
    return " and ".join(parts)


def _change(names: Sequence[str], what: str) -> str:
    return f"{listed([f'`{name}`' for name in names], limit=MAX_CHANGES_TOLD)} {what}"


def _come(conditions: Sequence[ConditionCoverage], pinned: CaseFile | None) -> list[str]:
    """The conditions that no pinned case is about; none where none is about any."""
    recorded = set(_recorded(pinned))
    return [condition.name for condition in conditions if condition.name not in recorded] if recorded else []


def _recorded(pinned: CaseFile | None) -> list[str]:
    """The conditions that pinned cases are about, each once."""
    return list(dict.fromkeys(name for case in (pinned.cases if pinned else ()) for name in _named(case)))


def _named(case: Case) -> tuple[str, ...]:
    return (case.flips,) if case.flips is not None else case.covers


def _help(result: CaseResult, pinned: CaseFile | None) -> str:
    """What to do: with a generated case, and with one that somebody wrote."""
    case = result.case
    if pinned is None:
        return ""
    if is_generated(case):
        losses = " --accept-losses" if case.is_positive else ""
        return f"correct the query; if the new verdict is right, accept it: `rulewright cases --write{losses}`"
    spans = {each.name: span for each, span in zip(pinned.cases, pinned.spans, strict=True)}
    line = pinned.source.position(spans[case.name].start).line
    return (
        f"correct the query; if the new verdict is right, change `alerts` or `events` in line {line} of "
        f"`{Path(pinned.source.name).name}`, which is yours: no command rewrites it"
    )


def _blamed(rule: Rule, result: CaseResult) -> str:
    """The key that decides what the alerts say otherwise than the case, if the rule has one; else the query."""
    said = result.said[0].partition(" ")[0] if result.raised and result.said else ""
    return next((key for what, key in _DECIDES if what == said and getattr(rule.rule, key)), "query")


_DECIDES = (
    ("severity", "severity_mapping"),
    ("severity", "severity"),
    ("risk_score", "risk_score_mapping"),
    ("risk_score", "risk_score"),
    ("name", "rule_name_override"),
    ("name", "name"),
    ("highlighted", "investigation_fields"),
)


def _raised(result: CaseResult) -> str:
    if result.raised:
        return f"raises its alerts, but they say something else: {'; '.join(result.said)}"
    if result.case.is_positive and not result.alerts:
        return "should raise an alert and raises none"
    raised = counted(len(result.alerts), "alert")
    if not result.case.is_positive:
        return f"should stay quiet and raises {raised}"
    return f"should raise {counted(len(result.case.alerts), 'alert')} and raises {raised}, or other ones"


def _shown(values: tuple[object, ...]) -> str:
    if not values:
        return "missing"
    text = ", ".join(dumps(value, ensure_ascii=False) for value in values)
    return text if len(text) <= 120 else f"{text[:119]}…"
