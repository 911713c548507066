"""A rule as it runs: its query and filters, and what its indicators must meet."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rulewright_engine.ir.expression import And, Condition, Constant
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import (
    AnyQuery,
    EsqlQuery,
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
from rulewright_schema.rule import Rule, ThreatMatchRule, ThresholdRule

__all__ = ["Compilation", "CompiledRule", "compile_rule"]


_ALL = Constant(True)


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule that can be run, as it runs at `now` (epoch milliseconds).

    `query` holds the rule's filters, too. `indicators` is what the documents of a threat_match rule's indices must
    meet.
    """

    rule: Rule
    query: AnyQuery
    fields: CatalogueFields
    options: QueryOptions
    indicators: Condition = _ALL

    @property
    def now(self) -> int:
        return self.options.now

    @property
    def esql(self) -> EsqlQuery | None:
        """The query of an ES|QL rule; None where the query is about events."""
        return None if isinstance(self.query, Query) else self.query


@dataclass(frozen=True, slots=True)
class Compilation:
    """What compiling a rule came to.

    `compiled` is None where the rule cannot be run: then one of `problems` says why. `query` is the query alone, None
    for a rule without one.
    """

    rule: Rule
    query: RuleQuery | None
    compiled: CompiledRule | None
    problems: tuple[Located, ...]


def compile_rule(rule: Rule, config: Config, *, now: int = REFERENCE_TIME) -> Compilation:
    """Read a rule to run it; `now` is the time of the run. Never raises for bad input."""
    query = rule_query(rule, config, now=now)
    if query is None:
        return Compilation(rule, None, None, (_not_executable(rule),))
    own = tuple(Located(("rule", "query"), problem) for problem in query.parsed.diagnostics)
    if not _is_within_bounds(rule):
        return Compilation(rule, query, None, own)
    conditions, of_filters = lower_filters(rule.filters, ("rule", "filters"), query.fields, now=now)
    indicators, of_indicators = _indicators(rule, query)
    problems = (*of_filters, *of_indicators, *own)
    written = query.parsed.query
    if conditions is None or indicators is None or written is None:
        return Compilation(rule, query, None, problems)
    filtered = _filtered(written, conditions)
    compiled = CompiledRule(rule, filtered, query.fields, query.options, indicators)
    return Compilation(rule, query, compiled, problems)


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


def _filtered(query: AnyQuery, conditions: Sequence[Condition]) -> AnyQuery:
    """The query of those events alone that meet the conditions; a query in ES|QL has no filters beside it."""
    match query:
        case EventQuery(condition) if conditions:
            return replace(query, condition=And((condition, *conditions)))
        case EventSequence(stages, _, until) if conditions:
            return replace(query, stages=_all_filtered(stages, conditions), until=until and _stage(until, conditions))
        case Sample(stages) if conditions:
            return replace(query, stages=_all_filtered(stages, conditions))
        case _:
            return query


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
