"""Rule types: which alerts a run of a rule raises over given events (semantics B4).

meaning       a rule as it runs: its query and filters, and what its indicators must meet
window        the stretch of time that a run searches
alerts        the run: which events are searched, the rule's type, suppression, at most `max_signals`
threshold, new_terms, threat_match    the types that do more than find events
groups        the values that events are grouped and told apart by
codes         the pages of what can be wrong with them
"""

from rulewright_engine.rules.alerts import Alert, Execution, alerts
from rulewright_engine.rules.compiled_rule import Meaning, Reading, rule_meaning
from rulewright_engine.rules.window import (
    Window,
    time_of,
    time_of_run,
    window_of,
)

__all__ = [
    "Alert",
    "Execution",
    "Meaning",
    "Reading",
    "Window",
    "alerts",
    "rule_meaning",
    "time_of",
    "time_of_run",
    "window_of",
]
