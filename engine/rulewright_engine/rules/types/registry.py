"""Which type a rule has."""

from typing import Any

from rulewright_engine.rules.compiled_rule import CompiledRule
from rulewright_engine.rules.types.base import RuleType
from rulewright_engine.rules.types.eql import EqlType
from rulewright_engine.rules.types.esql import EsqlType
from rulewright_engine.rules.types.machine_learning import MachineLearningType
from rulewright_engine.rules.types.new_terms import NewTermsType
from rulewright_engine.rules.types.threat_match import ThreatMatchType
from rulewright_engine.rules.types.threshold import ThresholdType
from rulewright_engine.rules.window import Window
from rulewright_schema.rule import Rule

__all__ = ["RULE_TYPES", "judges_events", "type_of", "window_of"]

RULE_TYPES: dict[str, RuleType[Any]] = {
    "query": RuleType(),
    "eql": EqlType(),
    "esql": EsqlType(),
    "threshold": ThresholdType(),
    "new_terms": NewTermsType(),
    "threat_match": ThreatMatchType(),
    "machine_learning": MachineLearningType(),
}
"""By what a rule file says in `type`; the schema makes a rule of the class that belongs to it."""


def type_of(rule: Rule) -> RuleType[Any]:
    return RULE_TYPES[rule.type]


def judges_events(compiled: CompiledRule) -> bool:
    """Whether each event that meets the query is an alert of its own, whatever other events there are."""
    return type_of(compiled.rule).judges_events(compiled)


def window_of(rule: Rule, now: int) -> Window:
    """The window of a run at `now`; a bound that is no date math is the default's."""
    return type_of(rule).window(rule, now)
