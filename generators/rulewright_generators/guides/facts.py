"""The facts of a rule as label and values: what it is, where and when it runs, who answers for it."""

from collections.abc import Iterator

from rulewright_engine.rules import type_of
from rulewright_engine.rules.aspect import Fact
from rulewright_engine.rules.wording import look_back_text, span_text
from rulewright_schema.rule import Rule
from rulewright_schema.stack import read_stack_version

__all__ = ["Fact", "data_sources", "facts_of"]

_LANGUAGES = {"eql": "EQL", "kuery": "KQL", "lucene": "Lucene", "esql": "ES|QL"}


def facts_of(rule: Rule, attack_version: str) -> Iterator[Fact]:
    """The facts that the rule states, in reading order."""
    for fact in (*_what(rule), *_when(rule), *_who(rule, attack_version)):
        if any(fact.values):
            yield fact


def _what(rule: Rule) -> Iterator[Fact]:
    language = rule.query_language
    yield Fact("Type", (type_of(rule).title,))
    yield Fact("Language", (_LANGUAGES.get(language, language),) if language else ())
    yield from type_of(rule).facts(rule)
    yield Fact("Severity", (rule.severity,))
    yield Fact("Risk score", (str(rule.risk_score),))
    yield Fact("Data sources", data_sources(rule))
    yield Fact("Indices", rule.index, code=True)
    yield Fact("Data view", (rule.data_view_id or "",), code=True)
    yield Fact("Integration", rule.metadata.integration, code=True)
    if rule.is_building_block:
        yield Fact("Building block", ("yes: its alerts are hidden and feed other rules",))


def _when(rule: Rule) -> Iterator[Fact]:
    yield Fact("Runs every", (span_text(rule.interval or "5m"),))
    yield Fact("Looks back", (look_back_text(rule.from_ or "now-6m"),))
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
    yield Fact("Valid from", tuple(_valid_from(rule)))
    yield Fact("Minimum stack", (metadata.min_stack_version or "", metadata.min_stack_comments or ""))
    yield Fact("ATT&CK version", (attack_version,) if rule.threat else ())
    yield Fact("Authors", rule.author)
    yield Fact("Licence", (rule.license or "",))
    yield Fact("Rule ID", (rule.rule_id,), code=True)


def _valid_from(rule: Rule) -> Iterator[str]:
    """The stack version that the rule needs by what it uses, and what came with that one."""
    features = [(version, each) for each in type_of(rule).features(rule) if (version := read_stack_version(each.since))]
    newest = max((version for version, _ in features), default=None)
    if newest is not None:
        yield str(newest)
        yield ", ".join(each.name.replace("`", "") for version, each in features if version == newest)


def data_sources(rule: Rule) -> tuple[str, ...]:
    """The data sources that the rule's tags name."""
    return tuple(tag.removeprefix("Data Source: ") for tag in rule.tags if tag.startswith("Data Source: "))
