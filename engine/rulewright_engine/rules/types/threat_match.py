"""Threat match rules: events that agree with an indicator (semantics B4)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import And, Condition, Constant
from rulewright_engine.ir.query import EventQuery, Language
from rulewright_engine.languages.filters import Located, lower_filters
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.rules.agreement import Agreement, Entries, Mapped, Side, asked_from, side_of
from rulewright_engine.rules.alert import Alert
from rulewright_engine.rules.aspect import Aspect, Fact, Feature
from rulewright_engine.rules.compiled_rule import CompiledRule, limit_of
from rulewright_engine.rules.documents import Documents
from rulewright_engine.rules.mutant import RuleMutant, RuleOperator
from rulewright_engine.rules.rule_query import RuleQuery
from rulewright_engine.rules.types.base import Finder, KeyField, RuleType, find_results
from rulewright_engine.rules.wording import MAX_SHOWN, value_text
from rulewright_engine.solver.analysis.index_patterns import compare_indices
from rulewright_engine.solver.analysis.relation import Relation
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Level
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.rule import ThreatMapping, ThreatMatchRule

__all__ = ["CONTRADICTORY_MAPPING", "ThreatMatchType"]

CONTRADICTORY_MAPPING = Code(
    code="RW244",
    name="contradictory-mapping",
    level=Level.ERROR,
    title="a group of threat mappings can match, and has an entry that is not negated",
    why="A group of negated entries alone would match nearly every event, and an entry beside its own negation none.",
    bad="""
[rule]
type = "threat_match"
language = "kuery"
query = "event.category : network"
threat_index = ["logs-ti_*"]
[[rule.threat_mapping]]
entries = [{ field = "source.ip", type = "mapping", value = "threat.indicator.ip", negate = «true» }]
""",
    good="""
[rule]
type = "threat_match"
language = "kuery"
query = "event.category : network"
threat_index = ["logs-ti_*"]
[[rule.threat_mapping]]
entries = [{ field = "source.ip", type = "mapping", value = "threat.indicator.ip" }]
""",
)


class ThreatMatchType(RuleType[ThreatMatchRule]):
    title = "indicator match"
    family = "threat_match"
    judges_single_events = False
    needs_indicators = True
    groups_by_each_value = False
    suppresses_since = "8.13"

    codes = (CONTRADICTORY_MAPPING,)

    def problems(self, rule: ThreatMatchRule) -> Iterator[Located]:
        for index, group in enumerate(rule.threat_mapping):
            yield from _contradictions(group, ("rule", "threat_mapping", index, "entries"))

    def compared_fields(self, rule: ThreatMatchRule) -> Iterator[KeyField]:
        yield from super().compared_fields(rule)
        for number, group in enumerate(rule.threat_mapping):
            for index, entry in enumerate(group):
                path: KeyPath = ("rule", "threat_mapping", number, "entries", index)
                yield (*path, "field"), entry.field
                yield (*path, "value"), entry.value

    def single_fields(self, rule: ThreatMatchRule) -> Iterator[KeyField]:
        """Those of groups of several entries: Kibana skips a group where it reads events and one has a list."""
        for number, group in enumerate(rule.threat_mapping):
            for index, entry in enumerate(group if len(group) > 1 else ()):
                if not entry.negate:
                    yield ("rule", "threat_mapping", number, "entries", index, "field"), entry.field

    def is_within_bounds(self, rule: ThreatMatchRule) -> bool:
        return bool(rule.threat_mapping) and all(rule.threat_mapping)

    def features(self, rule: ThreatMatchRule) -> Iterator[Feature]:
        yield from super().features(rule)
        if any(entry.negate for group in rule.threat_mapping for entry in group):
            yield Feature("`negate` in `threat_mapping`", "9.2", ("rule", "threat_mapping"))

    def indicators(self, rule: ThreatMatchRule, query: RuleQuery) -> tuple[Condition | None, tuple[Located, ...]]:
        text, language = rule.threat_query or "*:*", rule.threat_language or "kuery"
        if language not in {Language.KQL, Language.LUCENE}:
            return None, ()  # the structure of the file is wrong, and said to be
        parsed = parse_query(Language(language), text, query.fields, query.options)
        problems = tuple(Located(("rule", "threat_query"), problem) for problem in parsed.diagnostics)
        now = query.options.now
        conditions, more = lower_filters(rule.threat_filters, ("rule", "threat_filters"), query.fields, now=now)
        found = (*problems, *more)
        if conditions is None or not isinstance(parsed.query, EventQuery):
            return None, found
        return And((parsed.query.condition, *conditions)), found

    def finder(self, compiled: CompiledRule) -> Finder:
        mapping, find, fields = self.rule_of(compiled).threat_mapping, find_results(compiled), compiled.fields
        is_indicator = compile_condition(compiled.indicators)

        def found(documents: Documents) -> list[Alert]:
            indicators = [document for document in documents.indicators if is_indicator(document)]
            alerts = [(alert, documents.events[alert.events[0]]) for alert in find(documents)]
            side = side_of(mapping, [event for _, event in alerts], indicators, fields)
            agreements = asked_from(side, mapping, indicators, fields, now=compiled.now)
            return [alert for alert, event in alerts if any(True for _ in agreements(event))]

        return found

    def limited(self, alerts: Sequence[Alert], rule: ThreatMatchRule) -> Sequence[Alert]:
        """The last: Kibana begins with the newest events, unless it suppresses alerts."""
        most = limit_of(rule)
        return alerts[:most] if rule.alert_suppression is not None else alerts[max(0, len(alerts) - most) :]

    def key_alternatives(self, rule: ThreatMatchRule) -> Sequence[Sequence[str]]:
        """One of several groups of fields will do; a negated entry asks for no value."""
        return [[entry.field for entry in group if not entry.negate] for group in rule.threat_mapping]

    def discriminating_fields(self, rule: ThreatMatchRule) -> Sequence[str]:
        return [name for group in rule.threat_mapping for entry in group for name in (entry.field, entry.value)]

    def mutants(self, compiled: CompiledRule) -> Iterator[RuleMutant]:
        rule = self.rule_of(compiled)
        for what, mapping in _changes(rule.threat_mapping):
            other = replace(compiled, rule=replace(rule, threat_mapping=mapping))
            yield RuleMutant(RuleOperator.MAPPING, what, other)
        yield from super().mutants(compiled)
        if any(compiled.indicators.leaves()):
            every = replace(compiled, indicators=Constant(True))
            yield RuleMutant(RuleOperator.INDICATOR, "every document is an indicator", every)

    def aspects(self, old: CompiledRule, new: CompiledRule) -> Iterator[Aspect]:
        before, after = self.rule_of(old), self.rule_of(new)
        relation = compare_indices(before.threat_index, after.threat_index)
        indices = (", ".join(sorted(rule.threat_index)) for rule in (before, after))
        yield Aspect("threat index", relation, *indices)
        mappings = before.threat_mapping, after.threat_mapping
        yield Aspect("threat mapping", _relation(*mappings), _beside(*mappings), _beside(*mappings[::-1]))

    def compared_conditions(self, compiled: CompiledRule) -> Mapping[str, Condition]:
        return {"threat query": compiled.indicators}

    def reasons(self, compiled: CompiledRule, matching: Mapping[int, Event], documents: Documents) -> Iterator[str]:
        """Of each entry of the mapping whether an indicator agrees with the event."""
        if not documents.indicators:
            yield "there are no indicators to agree: give them as `indicators` of a case"
            return
        mapping, is_indicator = self.rule_of(compiled).threat_mapping, compile_condition(compiled.indicators)
        found = [document for document in documents.indicators if is_indicator(document)]
        if len(found) < len(documents.indicators):
            yield f"{len(found)} of {len(documents.indicators)} indicators meet the rule's threat query"
        side = side_of(mapping, matching.values(), found, compiled.fields)

        @cache
        def asked(group: Entries) -> Callable[[Event], Iterator[Agreement]]:
            return asked_from(side, (group,), found, compiled.fields, now=compiled.now)

        def agrees(group: Entries, event: Event) -> bool:
            return any(True for _ in asked(group)(event))

        for number, event in list(matching.items())[:MAX_SHOWN]:
            for group in mapping:
                agreeing = [entry for entry in group if agrees((entry,), event)]
                for entry in group:
                    yield f"event {number}: {_entry_text(entry, event, agrees=entry in agreeing)}"
                if len(agreeing) == len(group) > 1 and not agrees(group, event):
                    yield f"event {number}: {_why_not(group, event, side)}"

    def facts(self, rule: ThreatMatchRule) -> Iterator[Fact]:
        mapping = (" and ".join(f"{entry.field} = {entry.value}" for entry in group) for group in rule.threat_mapping)
        yield Fact("Indicator mapping", tuple(mapping), code=True)
        yield Fact("Indicator indices", rule.threat_index, code=True)
        yield Fact("Indicator query", (rule.threat_query or "",), code=True)


def _contradictions(group: Entries, path: KeyPath) -> Iterator[Located]:
    positive = {(entry.field, entry.value) for entry in group if not entry.negate}
    negated = [(position, entry) for position, entry in enumerate(group) if entry.negate]
    if not positive and negated:
        message, help_ = "the group has negated entries only", "add an entry that is not negated"
        yield Located((*path, negated[0][0], "negate"), CONTRADICTORY_MAPPING.report(message, help=help_))
    for position, entry in negated:
        if (entry.field, entry.value) in positive:
            message = f"`{entry.field}` must both equal and not equal `{entry.value}`"
            yield Located((*path, position, "negate"), CONTRADICTORY_MAPPING.report(message, help="remove one entry"))


def _changes(groups: Mapped) -> Iterator[tuple[str, Mapped]]:
    for number, group in enumerate(groups):
        if len(groups) > 1:
            what = f"events agree in {' and '.join(f'`{entry.field}`' for entry in group)} no longer"
            yield what, (*groups[:number], *groups[number + 1 :])
        for part, entry in enumerate(group) if len(group) > 1 else ():
            left = (*group[:part], *group[part + 1 :])
            yield f"`{entry.field}` need not agree", (*groups[:number], left, *groups[number + 1 :])


def _relation(old: Mapped, new: Mapped) -> Relation:
    """Each group is one more way to agree, each entry of a group one more thing to agree in."""
    before, after = (
        [{(entry.field, entry.value, entry.negate) for entry in group} for group in groups] for groups in (old, new)
    )
    keeps, adds_nothing = (
        all(any(other <= group for other in others) for group in groups)
        for groups, others in ((before, after), (after, before))
    )
    if keeps and adds_nothing:
        return Relation.EQUAL
    return Relation.WIDER if keeps else Relation.NARROWER if adds_nothing else Relation.CHANGED


def _beside(groups: Mapped, others: Mapped) -> str:
    """The ways to agree that the other rule does not have."""
    ways = (
        " and ".join(sorted(f"{entry.field} {'!=' if entry.negate else '='} {entry.value}" for entry in group))
        for group in groups
        if group not in others
    )
    return " or ".join(sorted(ways))


def _why_not(group: Entries, event: Event, side: Side) -> str:
    """Why an event does not agree in a group of which it agrees in every entry."""
    several = [entry.field for entry in group if not entry.negate and len(event.raw(entry.field)) > 1]
    if side is Side.EVENTS and several:
        return f"{several[0]} has several values, and a run with fewer events than indicators then skips the group"
    return "no single indicator agrees with all of these"


def _entry_text(entry: ThreatMapping, event: Event, *, agrees: bool) -> str:
    held = event.raw(entry.field)
    if not held:
        return f"{entry.field} is missing, and is compared with {entry.value}"
    shown = f"{entry.field} = {value_text(held)}"
    if entry.negate:
        return f"{shown}: {'an' if agrees else 'no'} indicator has another {entry.value}"
    return f"{shown}: {'an' if agrees else 'no'} indicator has it as {entry.value}"
