"""From a rule to what runs: its query, its filters and what its type adds."""

from collections.abc import Sequence
from dataclasses import dataclass

from rulewright_engine.ir.expression import And, Condition
from rulewright_engine.ir.query import AnyQuery
from rulewright_engine.languages.filters import Located, lower_filters
from rulewright_engine.rules.compiled_rule import CompiledRule
from rulewright_engine.rules.rule_query import RuleQuery, rule_query
from rulewright_engine.rules.types import type_of
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_schema.config import Config
from rulewright_schema.files.load import QUERY
from rulewright_schema.rule import Rule

__all__ = ["Compilation", "compile_rule"]


@dataclass(frozen=True, slots=True)
class Compilation:
    """What compiling a rule came to.

    `compiled` is None where the rule cannot be run: then one of `problems` says why, or the structure of the file is
    wrong. `query` is the query alone, None for a rule without one.
    """

    rule: Rule
    query: RuleQuery | None
    compiled: CompiledRule | None
    problems: tuple[Located, ...]


def compile_rule(rule: Rule, config: Config, *, now: int = REFERENCE_TIME) -> Compilation:
    """Read a rule to run it; `now` is the time of the run. Never raises for bad input."""
    rule_type, query = type_of(rule), rule_query(rule, config, now=now)
    if query is None:
        problem = rule_type.not_executable(rule)
        return Compilation(rule, None, None, () if problem is None else (problem,))
    own = tuple(Located(QUERY, problem) for problem in query.parsed.diagnostics)
    if not rule_type.is_within_bounds(rule):
        return Compilation(rule, query, None, own)
    conditions, of_filters = lower_filters(rule.filters, ("rule", "filters"), query.fields, now=now)
    indicators, of_indicators = rule_type.indicators(rule, query)
    problems = (*of_filters, *of_indicators, *own)
    if conditions is None or indicators is None or query.parsed.query is None:
        return Compilation(rule, query, None, problems)
    filtered = _filtered(query.parsed.query, conditions)
    compiled = CompiledRule(rule, filtered, query.fields, query.options, indicators)
    return Compilation(rule, query, compiled, problems)


def _filtered(query: AnyQuery, conditions: Sequence[Condition]) -> AnyQuery:
    """The query of those events alone that meet the conditions; a query in ES|QL has no filters beside it."""
    for number, condition in enumerate(query.conditions if conditions else ()):
        query = query.with_condition(number, And((condition, *conditions)))
    return query
