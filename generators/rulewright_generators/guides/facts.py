"""The facts of a rule as label and values: what it is, where and when it runs, who answers for it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rulewright_schema.rule import (
    EqlRule,
    MachineLearningRule,
    NewTermsRule,
    Rule,
    ThreatMatchRule,
    ThresholdRule,
)
from rulewright_schema.wording import counted

__all__ = ["Fact", "data_sources", "facts_of"]

_TYPES = {
    "eql": "event correlation",
    "query": "query",
    "esql": "ES|QL",
    "threshold": "threshold",
    "threat_match": "indicator match",
    "new_terms": "new terms",
    "machine_learning": "machine learning",
}
_LANGUAGES = {"eql": "EQL", "kuery": "KQL", "lucene": "Lucene", "esql": "ES|QL"}
_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its values; `code` says that they are names or patterns."""

    label: str
    values: tuple[str, ...]
    code: bool = False


def facts_of(rule: Rule, attack_version: str) -> Iterator[Fact]:
    """The facts that the rule states, in reading order."""
    for fact in (*_what(rule), *_when(rule), *_who(rule, attack_version)):
        if any(fact.values):
            yield fact


def _what(rule: Rule) -> Iterator[Fact]:
    language = rule.query_language
    yield Fact("Type", (_TYPES.get(rule.type, rule.type),))
    yield Fact("Language", (_LANGUAGES.get(language, language),) if language else ())
    yield from _of_type(rule)
    yield Fact("Severity", (rule.severity,))
    yield Fact("Risk score", (str(rule.risk_score),))
    yield Fact("Data sources", data_sources(rule))
    yield Fact("Indices", rule.index, code=True)
    yield Fact("Data view", (rule.data_view_id or "",), code=True)
    yield Fact("Integration", rule.metadata.integration, code=True)
    if rule.is_building_block:
        yield Fact("Building block", ("yes: its alerts are hidden and feed other rules",))


def _of_type(rule: Rule) -> Iterator[Fact]:
    match rule:
        case ThresholdRule(threshold=threshold):
            same = f" {' and '.join(threshold.field)}" if threshold.field else ""
            one, many = ("shares", "share") if same else ("matches", "match")
            events = counted(threshold.value, f"event {one}{same}", f"events {many}{same}")
            yield Fact("Alerts when", (f"at least {events}",))
            yield Fact("Distinct values", tuple(f"{c.field}: at least {c.value}" for c in threshold.cardinality))
        case NewTermsRule(new_terms=terms):
            yield Fact("New values of", terms.fields, code=True)
            yield Fact("Compared with", (_look_back(terms.history_window_start),))
        case ThreatMatchRule():
            mapping = (" and ".join(f"{e.field} = {e.value}" for e in group) for group in rule.threat_mapping)
            yield Fact("Indicator mapping", tuple(mapping), code=True)
            yield Fact("Indicator indices", rule.threat_index, code=True)
            yield Fact("Indicator query", (rule.threat_query or "",), code=True)
        case MachineLearningRule():
            yield Fact("Jobs", rule.machine_learning_job_id, code=True)
            yield Fact("Anomaly score", (f"at least {rule.anomaly_threshold}",))
        case EqlRule():
            yield Fact("Event category field", (rule.event_category_override or "",), code=True)
            yield Fact("Timestamp field", (rule.timestamp_field or "",), code=True)
            yield Fact("Tiebreaker field", (rule.tiebreaker_field or "",), code=True)


def _when(rule: Rule) -> Iterator[Fact]:
    yield Fact("Runs every", (_span(rule.interval or "5m"),))
    yield Fact("Looks back", (_look_back(rule.from_ or "now-6m"),))
    yield Fact("Event time", (rule.timestamp_override or "",), code=True)
    yield Fact("Most alerts a run", (str(rule.max_signals or ""),))
    if rule.alert_suppression is not None:
        yield Fact("Suppresses alerts by", rule.alert_suppression.group_by, code=True)
    yield Fact("Fields to look at first", rule.investigation_fields, code=True)


def _who(rule: Rule, attack_version: str) -> Iterator[Fact]:
    metadata = rule.metadata
    yield Fact("Maturity", (metadata.maturity,))
    yield Fact("Created", (metadata.creation_date.replace("/", "-"),))
    yield Fact("Updated", (metadata.updated_date.replace("/", "-"),))
    yield Fact("Deprecated", ((metadata.deprecation_date or "").replace("/", "-"), metadata.deprecated_reason or ""))
    yield Fact("Minimum stack", (metadata.min_stack_version or "", metadata.min_stack_comments or ""))
    yield Fact("ATT&CK version", (attack_version,) if rule.threat else ())
    yield Fact("Authors", rule.author)
    yield Fact("Licence", (rule.license or "",))
    yield Fact("Rule ID", (rule.rule_id,), code=True)


def data_sources(rule: Rule) -> tuple[str, ...]:
    """The data sources that the rule's tags name."""
    return tuple(tag.removeprefix("Data Source: ") for tag in rule.tags if tag.startswith("Data Source: "))


def _look_back(text: str) -> str:
    """`now-6m` as `6 minutes`; anything else as it stands."""
    return _span(text.removeprefix("now-")) if text.startswith("now-") else text


def _span(text: str) -> str:
    found = re.fullmatch(r"(\d+)([smhdw])", text)
    if found is None:
        return text
    return counted(int(found[1]), _UNITS[found[2]])
