"""One module a rule type, which says how it is checked, run, mutated, compared, explained and worded.

base       `RuleType`: what there is to say, and the type that alerts on each result of its query
eql, esql, threshold, new_terms, threat_match, machine_learning   the others
registry   `type_of`: which type a rule has

To add one, see "Where to add a rule type" in `docs/architecture.md`.
"""

from rulewright_engine.rules.types.base import RuleType
from rulewright_engine.rules.types.registry import RULE_TYPES, judges_events, type_of, window_of

__all__ = ["RULE_TYPES", "RuleType", "judges_events", "type_of", "window_of"]
