"""Why a rule fires for given events or does not, in plain words and as JSON.

explanation  what every answer can do
inputs       the events of a file, or the cases in it
conditions   one event and one condition: every part with its values, what blocks, the smallest change
consistency  what else changes with a change, so that the fields of an event agree
pipeline     the trace of an event through the commands of an ES|QL rule; nearest_case: what to change so that it alerts
stages       how far events came through a sequence or a sample; nearest_event: which came nearest to a stage
groups       matching events that must be many, or new, or agree with an indicator
content      what alerts say, where that depends on their events
unseen       events that a run does not search
wording      what all of them say alike
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rulewright._explain.conditions import explain_condition, writer_of
from rulewright._explain.explanation import Explanation
from rulewright._explain.groups import explain_groups
from rulewright._explain.inputs import Input, read_inputs
from rulewright._explain.nearest_case import NearestCase
from rulewright._explain.pipeline import explain_pipeline
from rulewright._explain.stages import explain_stages
from rulewright._explain.unseen import Unseen
from rulewright._project.project import Rule
from rulewright._project.run import checked_lookups, compiled_at, events_of
from rulewright_engine.ir.query import (
    EventQuery,
    Sample,
    Sequence,
)
from rulewright_engine.rules import CompiledRule, time_of_run, type_of, window_of
from rulewright_engine.rules.window import is_found, time_of
from rulewright_schema.errors import UsageError

__all__ = ["Explanation", "Input", "explain", "explanations", "read_inputs"]


def explain(
    rule: Rule,
    *events: Mapping[str, Any],
    history: Iterable[Mapping[str, Any]] = (),
    indicators: Iterable[Mapping[str, Any]] = (),
    lookups: Mapping[str, Any] | None = None,
) -> list[Explanation]:
    """Why the rule fires for events or does not: one explanation for each event, or one for all that count together.

    `str()` of an explanation is for people, its `to_json()` for programs. `history`, `indicators` and
    `lookups` are as of `run`. Raises UsageError where there is no event, or the rule cannot be run.

    >>> [explanation] = rulewright.explain(rule, {"event": {"category": "process"}, "process": {"name": "nc"}})
    >>> print(explanation)
    event 1 does not match
      - all of
        + event.category == "process"   event.category = "process"
        + process.name == "nc"   process.name = "nc"
        - process.args == "-l"   process.args = missing  <--
      blocked by
        line 17: process.args == "-l" does not hold   process.args = missing
      the smallest change with which it fires:
        process.args: added "-l"
    """
    if not events:
        raise UsageError("there is no event to explain: give one or several")
    given = Input(
        "", events_of(events), events_of(history), events_of(indicators), lookups=checked_lookups(lookups or {})
    )
    return list(explanations(rule, [given]))


def explanations(rule: Rule, inputs: list[Input]) -> Iterator[Explanation]:
    """An explanation of each event, or of each subject where events count together."""
    compiled, writer, nearest = rule.compiled, None, None
    if compiled is None:
        raise UsageError("the rule cannot be run, so there is nothing to explain; `rulewright check` says why")
    for given in inputs:
        if not given.name:  # a case is of the project's time, the events of a file are of their own
            compiled = compiled_at(rule, given.events)
        if isinstance(compiled.query, EventQuery) and type_of(rule.rule).judges_single_events:
            writer = writer or writer_of(rule, compiled, compiled.query.condition)
            for position, event in enumerate(given.events):
                name, condition = given.name_of(position), compiled.query.condition
                if not is_found(event, rule.rule, None):
                    yield Unseen(name, None, window_of(rule.rule, compiled.now))
                    continue
                yield explain_condition(name, rule, condition, event, writer, compiled)
        else:
            nearest = nearest or NearestCase(compiled)
            yield from _together(rule, compiled, given, nearest)


def _together(rule: Rule, compiled: CompiledRule, given: Input, nearest: NearestCase) -> Iterator[Explanation]:
    """An explanation of the events that a run searches, and one of each that it does not."""
    window = window_of(rule.rule, time_of_run(given.events, rule.rule))
    times = [time_of(event, rule.rule) for event in given.events]
    seen = [position for position, event in enumerate(given.events) if is_found(event, rule.rule, window)]
    match compiled.query:
        case Sequence() | Sample() as query:
            yield explain_stages(rule, compiled, query, given, seen)
        case EventQuery() as query:
            yield explain_groups(rule, compiled, query, given, seen, window)
        case query:
            yield explain_pipeline(rule, compiled, query, given, seen, nearest)
    for position, time in enumerate(times):
        if position not in seen and not (time is not None and window.remembers(time)):
            yield Unseen(given.name_of(position), time, window)
