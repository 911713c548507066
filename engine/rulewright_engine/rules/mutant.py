"""Mutants of a rule: one small change of what a rule does with the events that its conditions find."""

from dataclasses import dataclass
from enum import StrEnum

from rulewright_engine.rules.compiled_rule import CompiledRule

__all__ = ["RuleMutant", "RuleOperator"]


class RuleOperator(StrEnum):
    """What a mutant changes."""

    STAGE = "stage removed"
    SPAN = "maxspan by a millisecond"
    RUNS = "runs by one"
    KEY = "key removed"
    UNTIL = "until removed"
    MISSING = "missing event must be there"
    NUMBER = "threshold by one"
    CARDINALITY = "cardinality by one"
    GROUP = "group field removed"
    AGGREGATE = "another aggregate"
    TERM = "new_terms field removed"
    HISTORY = "history by a second"
    MAPPING = "threat mapping removed"
    INDICATOR = "threat query removed"
    FILTER = "filter removed"
    SUPPRESSION = "suppression changed"


@dataclass(frozen=True, slots=True)
class RuleMutant:
    """A rule with one change; `what` completes "it dies if". A case kills it that raises other alerts of it."""

    operator: RuleOperator
    what: str
    compiled: CompiledRule
