"""A rule as it runs: its query and filters, and what its indicators must meet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rulewright_engine.ir.expression import And, Condition, Constant
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import (
    EventQuery,
    Language,
    Query,
    QueryOptions,
    Sample,
    Stage,
)
from rulewright_engine.ir.query import Sequence as EventSequence
from rulewright_engine.languages.filters import Located, lower_filters
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.rules import codes
from rulewright_engine.rules.rule_query import RuleQuery, rule_query
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_schema.config import Config
from rulewright_schema.rule import EsqlRule, Rule, ThreatMatchRule, ThresholdRule

__all__ = ["Meaning", "Reading", "rule_meaning"]


_ALL = Constant(True)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a rule asks at `now` (epoch milliseconds).

    `query` holds the rule's filters, too; None for an ES|QL rule, whose text is run by itself. `indicators` is what
    the documents of a threat_match rule's indices must meet.
    """

    query: Query | None
    fields: CatalogueFields
    options: QueryOptions
    indicators: Condition = _ALL

    @property
    def now(self) -> int:
        return self.options.now


@dataclass(frozen=True, slots=True)
class Reading:
    """The meaning, or None where the rule cannot be run; and why, beside what is wrong with the query itself."""

    meaning: Meaning | None
    problems: tuple[Located, ...]


def rule_meaning(rule: Rule, config: Config, *, now: int = REFERENCE_TIME) -> Reading:
    """Read a rule to run it. What is wrong with `query` is in `rule_query(rule, config).parsed.diagnostics`."""
    query = rule_query(rule, config, now=now)
    if query is None:
        return Reading(None, (_not_executable(rule),))
    if not _is_within_bounds(rule):
        return Reading(None, ())
    conditions, problems = lower_filters(rule.filters, ("rule", "filters"), query.fields, now=now)
    indicators, more = _indicators(rule, query)
    found = (*problems, *more)
    if conditions is None or indicators is None:
        return Reading(None, found)
    if isinstance(rule, EsqlRule):
        return Reading(Meaning(None, query.fields, query.options), found)
    if query.parsed.query is None:
        return Reading(None, found)
    filtered = _filtered(query.parsed.query, conditions)
    return Reading(Meaning(filtered, query.fields, query.options, indicators), found)


def _is_within_bounds(rule: Rule) -> bool:
    """False where nothing is mapped or counted; the structure of the file is wrong then, and said to be."""
    match rule:
        case ThreatMatchRule(threat_mapping=groups):
            return bool(groups) and all(groups)
        case ThresholdRule(threshold=threshold):
            return threshold.value > 0 and all(counted.value > 0 for counted in threshold.cardinality)
        case _:
            return True


def _not_executable(rule: Rule) -> Located:
    message = f"a rule of type {rule.type} cannot be run offline: its alerts come from a model trained in the cluster"
    help_ = "nothing to mend: the rule is checked, but has no cases"
    return Located(("rule", "type"), codes.NOT_EXECUTABLE.report(message, help=help_))


def _filtered(query: Query, conditions: Sequence[Condition]) -> Query:
    """The query of those events alone that meet the conditions."""
    if not conditions:
        return query
    match query:
        case EventQuery(condition):
            return replace(query, condition=And((condition, *conditions)))
        case EventSequence(stages, _, until):
            return replace(query, stages=_all_filtered(stages, conditions), until=until and _stage(until, conditions))
        case Sample(stages):
            return replace(query, stages=_all_filtered(stages, conditions))


def _all_filtered(stages: Sequence[Stage], conditions: Sequence[Condition]) -> tuple[Stage, ...]:
    return tuple(_stage(stage, conditions) for stage in stages)


def _stage(stage: Stage, conditions: Sequence[Condition]) -> Stage:
    return replace(stage, condition=And((stage.condition, *conditions)))


def _indicators(rule: Rule, query: RuleQuery) -> tuple[Condition | None, tuple[Located, ...]]:
    """What indicators must meet; None where that cannot be said."""
    if not isinstance(rule, ThreatMatchRule):
        return _ALL, ()
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
