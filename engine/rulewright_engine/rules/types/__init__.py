"""One module a rule type, which says how it is checked, run, mutated, compared, explained and worded.

base       `RuleType`: what there is to say, and the type that alerts on each result of its query
eql, esql, threshold, new_terms, threat_match, machine_learning   the others
registry   `type_of`: which type a rule has

To add one: a module with a subclass of `RuleType`, its line in `RULE_TYPES`, and a case builder in the generators
(`cases/types`). Its class and its JSON Schema belong to the schema (`rule.py`, `rule.schema.json`).
"""

from rulewright_engine.rules.types.base import RuleType
from rulewright_engine.rules.types.registry import RULE_TYPES, judges_events, type_of, window_of

__all__ = ["RULE_TYPES", "RuleType", "judges_events", "type_of", "window_of"]
