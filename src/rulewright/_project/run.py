"""A rule, run over events."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from rulewright._project.project import Rule
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import wrong_lookups
from rulewright_engine.rules import (
    Alert,
    CompiledRule,
    Execution,
    compile_rule,
    contents,
    judges_events,
    time_of_run,
    window_of,
)
from rulewright_schema.errors import UsageError

__all__ = ["Document", "checked_lookups", "compiled_at", "events_of", "run"]

Document = Mapping[str, Any]
"""An event as JSON has it: objects, lists, texts, numbers, booleans and nulls."""


def run(
    rule: Rule,
    events: Iterable[Document],
    *,
    history: Iterable[Document] = (),
    indicators: Iterable[Document] = (),
    answers: Mapping[str, Any] | None = None,
    lookups: Mapping[str, Any] | None = None,
) -> list[Alert]:
    """The alerts that a run of the rule raises over events, by their positions, and in `content` what each says.

    The run takes place right after the last event. `history` are events from before its window (new_terms),
    `indicators` those of the threat indices (threat_match), `answers` what COMPLETION gets from outside and `lookups`
    the rows that LOOKUP JOIN and ENRICH find, by the name of the index or policy (ES|QL). Raises UsageError for a rule
    that cannot be run, and LimitExceeded for events beyond the limits of evaluation.

    >>> harmless = {"event": {"category": "process"}, "process": {"name": "nc", "args": ["nc", "example.org"]}}
    >>> attack = {"event": {"category": "process"}, "process": {"name": "nc", "args": ["nc", "-l"]}}
    >>> [alert.events for alert in rulewright.run(rule, [harmless, attack])]
    [(1,)]
    >>> [alert.content.severity for alert in rulewright.run(rule, [attack])]
    ['medium']
    """
    documents, known = events_of(events), events_of(indicators)
    compiled = compiled_at(rule, documents)
    window = None if judges_events(compiled) else window_of(rule.rule, compiled.now)
    found = Execution(compiled)(
        documents,
        window,
        history=events_of(history),
        indicators=known,
        answers=answers,
        lookups=checked_lookups(lookups or {}),
    )
    said = contents(compiled, found, documents, known)
    return [replace(alert, content=content) for alert, content in zip(found, said, strict=True)]


def checked_lookups(lookups: Mapping[str, Any]) -> Mapping[str, Any]:
    """Raises UsageError for what are no rows by the names of indices or policies."""
    if wrong := wrong_lookups(lookups):
        raise UsageError(wrong)
    return lookups


def compiled_at(rule: Rule, events: Iterable[Event]) -> CompiledRule:
    """The rule as it runs when it sees these events. Raises UsageError for one that cannot be run."""
    compiled = compile_rule(rule.rule, rule.config, now=time_of_run(events, rule.rule)).compiled
    if compiled is None:
        raise UsageError(f"`{rule.file.name}` cannot be run; `rulewright check` says why")
    return compiled


def events_of(documents: Iterable[Document]) -> tuple[Event, ...]:
    """Raises UsageError for what is no JSON object."""
    found = []
    for document in documents:
        if not isinstance(document, Mapping):
            raise UsageError(f"an event is a mapping (a JSON object), not {type(document).__name__}")
        found.append(Event(document))
    return tuple(found)
