"""What an alert says: its severity, risk score, name and time, the fields it highlights, what indicators add.

As Kibana builds alerts (x-pack security_solution, `rule_types`): `transform_hit_to_alert.ts` and the functions of
`utils/mappings`, `build_alert.ts`, `build_alert_group_from_sequence.ts`, `enrich_signal_threat_matches.ts`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import floor, isfinite
from typing import Any

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.document_edits import with_fields
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Field, FieldType
from rulewright_engine.ir.query import Sample
from rulewright_engine.ir.query import Sequence as JoinedQuery
from rulewright_engine.rules.agreement import Side, asked_from
from rulewright_engine.rules.alert import Alert, AlertContent
from rulewright_engine.rules.compiled_rule import CompiledRule
from rulewright_engine.values.dates import format_instant
from rulewright_schema.rule import Rule, ThreatMatchRule, ThresholdRule

__all__ = ["SEVERITIES", "contents", "has_content"]

SEVERITIES = ("low", "medium", "high", "critical")
"""From the lowest to the highest."""

_INDICATOR_PATH = "threat.indicator"
_FEED_NAME = "threat.feed.name"
_HIGHEST_SCORE = 100
_SAFE = 2**53
_TIMESTAMP = Field("@timestamp", FieldType.DATE)
_DECIMAL = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)


def has_content(rule: Rule) -> bool:
    """Whether what an alert of the rule says depends on its events."""
    return bool(_mappings(rule) or rule.investigation_fields) or isinstance(rule, ThreatMatchRule)


def _mappings(rule: Rule) -> list[str]:
    """What the rule takes from events, if they have it."""
    asked = {
        "severity": rule.severity_mapping,
        "risk_score": rule.risk_score_mapping,
        "name": rule.rule_name_override,
    }
    return [what for what, mapping in asked.items() if mapping]


def contents(
    compiled: CompiledRule, alerts: Sequence[Alert], events: Sequence[Event], indicators: Sequence[Event] = ()
) -> list[AlertContent]:
    """What each of the alerts says that a run raised over events.

    A sequence or sample has an alert for each event and one that holds what these agree on; the latter is meant here.
    Of these Kibana reads no mapping: they say what the rule says. When they happened is not known.
    """
    enrich = _enricher(compiled, indicators)
    return [_content(compiled, alert, events, enrich) for alert in alerts]


def _content(
    compiled: CompiledRule, alert: Alert, events: Sequence[Event], enrich: Callable[[Event], Iterator[dict[str, Any]]]
) -> AlertContent:
    rule, members = compiled.rule, [events[position] for position in alert.events if position >= 0]
    source = _source(rule, alert, members)
    is_joined = isinstance(compiled.query, JoinedQuery | Sample)
    mapped = {} if is_joined else {**_severity(rule, source), **_risk_score(rule, source), **_name(rule, source)}
    said: dict[str, Any] = {"severity": rule.severity, "risk_score": rule.risk_score, "name": rule.name}
    said |= {what: value for what, (value, _) in mapped.items()}
    time = None if is_joined else min(Event(source).values(_TIMESTAMP), default=None)
    held = [(name, _held(name, source, members, is_joined=is_joined)) for name in rule.investigation_fields]
    return AlertContent(
        **said,
        original_time=None if time is None else format_instant(time),
        highlighted={name: values for name, values in held if values},
        enrichments=tuple(enrich(members[0])) if isinstance(rule, ThreatMatchRule) else (),
        overrides={what: mapped[what][1] if what in mapped else "" for what in _mappings(rule)},
    )


def _source(rule: Rule, alert: Alert, members: Sequence[Event]) -> Mapping[str, Any]:
    """The document of an alert of one event, of one group, or of one row."""
    if isinstance(rule, ThresholdRule):
        times = [time for event in members for time in event.values(_TIMESTAMP)]
        group: dict[str, Any] = dict(zip(rule.threshold.field, alert.keys, strict=True))
        return group | ({"@timestamp": max(times)} if times else {})
    own = {} if alert.is_aggregated else members[0].document
    return with_fields(own, alert.columns) if alert.columns else own


def _held(name: str, source: Mapping[str, Any], members: Sequence[Event], *, is_joined: bool) -> tuple[Any, ...]:
    if not is_joined:
        return tuple(Event(source).raw(name))
    first, *others = (event.raw(name) for event in members)
    return tuple(value for value in first if all(value in other for other in others))


# What a mapping makes of a document: what it decides, the value, and the field that it took it from

Mapped = dict[str, tuple[Any, str]]


def _severity(rule: Rule, source: Mapping[str, Any]) -> Mapped:
    """The highest severity of all entries whose value the event has: the same text, or the same whole number."""
    found = [(entry["severity"], entry["field"]) for entry in rule.severity_mapping if _equals(entry, source)]
    ranked = [each for each in found if each[0] in SEVERITIES]
    return {"severity": max(reversed(ranked), key=lambda each: SEVERITIES.index(each[0]))} if ranked else {}


def _equals(entry: Mapping[str, Any], source: Mapping[str, Any]) -> bool:
    """`event.severity` is compared as a number, of which text is none; any other field as text."""
    name, wanted = entry["field"], str(entry["value"])
    values = [value for value in _values(source, name) if not isinstance(value, bool)]
    numbers = [int(value) for value in values if isinstance(value, int | float) and _is_whole(value)]
    if name == "event.severity":
        number = _number(wanted)
        return number is not None and floor(number) in numbers
    return wanted in [*(value for value in values if isinstance(value, str)), *map(str, numbers)]


def _is_whole(value: float) -> bool:
    return value == value and abs(value) < _SAFE and value == int(value)


def _risk_score(rule: Rule, source: Mapping[str, Any]) -> Mapped:
    """The largest number from 0 to 100 in the field of the first entry; other entries are not read."""
    for entry in rule.risk_score_mapping[:1]:
        numbers = [_number(value) for value in _values(source, entry["field"])]
        scores = [number for number in numbers if number is not None and 0 <= number <= _HIGHEST_SCORE]
        if scores:
            score = max(scores)
            return {"risk_score": (int(score) if score == int(score) else score, entry["field"])}
    return {}


def _name(rule: Rule, source: Mapping[str, Any]) -> Mapped:
    """The text in the field; a list is none."""
    value = value_at(source, rule.rule_name_override) if rule.rule_name_override else None
    return {"name": (value, rule.rule_name_override or "")} if isinstance(value, str) else {}


def _values(source: Mapping[str, Any], name: str) -> list[Any]:
    value = value_at(source, name)
    return value if isinstance(value, list) else [] if value is None else [value]


def _number(value: Any) -> float | None:
    """A number as JavaScript reads one: of a text that holds nothing it is 0."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str):
        text = value.strip()
        if text and not _DECIMAL.fullmatch(text):
            return None
        value = text or "0"
    number = float(value)
    return number if isfinite(number) else None


def value_at(document: Mapping[str, Any], name: str) -> Any:
    """What stands at a dotted name as JSON has it, however dots and nesting spell it; None where nothing does."""
    if name in document:
        return document[name]
    for key, item in document.items():
        if isinstance(item, Mapping) and name.startswith(f"{key}."):
            found = value_at(item, name[len(key) + 1 :])
            if found is not None:
                return found
    return None


# Indicators


def _enricher(compiled: CompiledRule, indicators: Sequence[Event]) -> Callable[[Event], Iterator[dict[str, Any]]]:
    """What the indicators add that an event agrees with: one object for each entry, negated ones left out.

    They are asked for from the event, whatever side the run asked from.
    """
    rule = compiled.rule
    if not isinstance(rule, ThreatMatchRule):
        return lambda event: iter(())
    is_indicator = compile_condition(compiled.indicators)
    known = [indicator for indicator in indicators if is_indicator(indicator)]
    agreements = asked_from(Side.EVENTS, rule.threat_mapping, known, compiled.fields, now=compiled.now)

    def enrich(event: Event) -> Iterator[dict[str, Any]]:
        pairs = [(each.indicator, entry) for each in agreements(event) for entry in each.group if not entry.negate]
        for place, entry in dict.fromkeys(pairs):
            yield _enrichment(rule, known[place].document, entry.field, event.document)

    return enrich


def _enrichment(rule: ThreatMatchRule, indicator: Mapping[str, Any], name: str, event: Mapping[str, Any]) -> Any:
    told, feed = _values(indicator, rule.threat_indicator_path or _INDICATOR_PATH), value_at(indicator, _FEED_NAME)
    return {
        "indicator": told[0] if told and isinstance(told[0], Mapping) else {},
        "feed": {"name": feed} if feed else {},
        "matched": {"atomic": value_at(event, name), "field": name, "type": "indicator_match_rule"},
    }
