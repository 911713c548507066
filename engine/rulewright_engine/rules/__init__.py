"""Rule types: which alerts a run of a rule raises over given events (semantics B4).

compiled_rule a rule as it runs: its query and filters, and what its indicators must meet; rule_query: the query alone
window        the stretch of time that a run searches
alerts        the run: which events are searched, the rule's type, suppression, at most `max_signals`
threshold, new_terms, threat_match    the types that do more than find events
groups        the values that events are grouped and told apart by
codes         the pages of what can be wrong with them
"""

from rulewright_engine.rules.alerts import Alert, Execution, alerts
from rulewright_engine.rules.compiled_rule import Compilation, CompiledRule, compile_rule
from rulewright_engine.rules.window import (
    Window,
    time_of,
    time_of_run,
    window_of,
)

__all__ = [
    "Alert",
    "Compilation",
    "CompiledRule",
    "Execution",
    "Window",
    "alerts",
    "compile_rule",
    "time_of",
    "time_of_run",
    "window_of",
]
