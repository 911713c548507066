"""Rulewright manages and proves security detection rules as code.

load, loads   rules of files and folders, or of a text: `Rule`
check         everything that is wrong with rules: `Diagnostic`
cases         the events that prove a rule, generated from its query: `Case`
prove         whether a rule is proven by its cases: `Proof`, with its `Outcome`
run           the alerts that a rule raises over events: `Alert`
explain       why a rule fires for an event, or does not: `Explanation`
compare       what a change to a rule changes of what it finds: `Comparison`, with its `Relation`

Whatever raises on purpose raises a `RulewrightError`: a `UsageError`, or `LimitExceeded` for input beyond a documented
limit. `rulewright.strategies` draws events for tests with Hypothesis. All else is internal, and may change.

The examples of all functions are about this rule:

    >>> import rulewright
    >>> rule = rulewright.loads('''
    ... [metadata]
    ... creation_date = "2026/01/01"
    ... updated_date = "2026/01/01"
    ... maturity = "production"
    ...
    ... [rule]
    ... rule_id = "0d69150b-96f8-467c-a86d-a67a3378ce77"
    ... name = "Netcat listens"
    ... description = "Netcat waits for a connection."
    ... author = ["Detection team"]
    ... severity = "medium"
    ... risk_score = 47
    ... type = "eql"
    ... language = "eql"
    ... index = ["logs-endpoint.events.process-*"]
    ... query = 'process where process.name == "nc" and process.args == "-l"'
    ... ''')
    >>> rulewright.prove(rule).outcome.value
    'proven'
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what a program uses is imported when it is used: all of it takes ten times as long
    from rulewright._compare.rules import Comparison, compare
    from rulewright._explain import Explanation, explain
    from rulewright._project.project import Rule, check, load, loads
    from rulewright._project.proof import Outcome, Proof, cases, prove
    from rulewright._project.run import run
    from rulewright_engine.rules.alert import Alert
    from rulewright_engine.solver.analysis.relation import Relation
    from rulewright_generators.cases.format.case_file import Case
    from rulewright_schema.diagnostics import Diagnostic, Level
    from rulewright_schema.errors import LimitExceeded, RulewrightError, UsageError

__all__ = [
    "Alert",
    "Case",
    "Comparison",
    "Diagnostic",
    "Explanation",
    "Level",
    "LimitExceeded",
    "Outcome",
    "Proof",
    "Relation",
    "Rule",
    "RulewrightError",
    "UsageError",
    "__version__",
    "cases",
    "check",
    "compare",
    "explain",
    "load",
    "loads",
    "prove",
    "run",
]

__version__ = "0.1.0"

_HOMES = {
    "rulewright_engine.solver.analysis.relation": ("Relation",),
    "rulewright._compare.rules": ("Comparison", "compare"),
    "rulewright._explain": ("Explanation", "explain"),
    "rulewright._project.project": ("Rule", "check", "load", "loads"),
    "rulewright._project.proof": ("Outcome", "Proof", "cases", "prove"),
    "rulewright._project.run": ("run",),
    "rulewright_engine.rules.alert": ("Alert",),
    "rulewright_generators.cases.format.case_file": ("Case",),
    "rulewright_schema.diagnostics": ("Diagnostic", "Level"),
    "rulewright_schema.errors": ("LimitExceeded", "RulewrightError", "UsageError"),
}
_PLACES = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module `rulewright` has no attribute `{name}`")
    value = globals()[name] = getattr(import_module(_PLACES[name]), name)
    return value


def __dir__() -> list[str]:
    return __all__
