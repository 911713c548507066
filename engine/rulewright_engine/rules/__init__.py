"""A rule as it runs, and when it alerts (semantics B4).

compile, compiled_rule, rule_query   from a rule to what runs; the rule as it runs; its query alone
types/                               one module a rule type
alerts, alert                        a run: which events are searched, what the type finds, suppression, the limit
content                              what an alert says: severity, risk score, name, time, fields to look at, indicators
agreement                            which events agree with which indicators
documents, window                    what a run sees, and when
keys, groups                         the fields that events are told apart by, and their values
aspect, mutant, wording, codes       what types say for others to show: aspects, facts, mutants, sentences, problems
"""

from rulewright_engine.rules.alert import Alert, AlertContent
from rulewright_engine.rules.alerts import Execution, alerts
from rulewright_engine.rules.compile import Compilation, compile_rule
from rulewright_engine.rules.compiled_rule import CompiledRule
from rulewright_engine.rules.content import contents, has_content
from rulewright_engine.rules.types import RuleType, judges_events, type_of, window_of
from rulewright_engine.rules.window import Window, time_of, time_of_run

__all__ = [
    "Alert",
    "AlertContent",
    "Compilation",
    "CompiledRule",
    "Execution",
    "RuleType",
    "Window",
    "alerts",
    "compile_rule",
    "contents",
    "has_content",
    "judges_events",
    "time_of",
    "time_of_run",
    "type_of",
    "window_of",
]
