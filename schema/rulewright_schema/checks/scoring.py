"""How urgent an alert is."""

from collections.abc import Iterator

from rulewright_schema.checks.context import RuleContext
from rulewright_schema.checks.registries import check
from rulewright_schema.codes.code import Code, Profile
from rulewright_schema.diagnostics import Diagnostic, Label, Level

__all__ = ["SEVERITY_SCORE", "USUAL_SCORE"]

BANDS = {"low": range(22), "medium": range(22, 48), "high": range(48, 74), "critical": range(74, 101)}
USUAL = {"low": 21, "medium": 47, "high": 73, "critical": 99}
"""Kibana's bands of risk scores, and the score it offers for each severity."""

SEVERITY_SCORE = Code(
    code="RW220",
    name="severity-and-score",
    level=Level.ERROR,
    title="severity and risk score agree: low 0-21, medium 22-47, high 48-73, critical 74-100",
    why="Analysts sort alerts by one and dashboards by the other; a rule that says both high and low gets lost in one.",
    bad="""
[rule]
severity = "critical"
risk_score = «21»
""",
    good="""
[rule]
severity = "critical"
risk_score = 99
""",
)
USUAL_SCORE = Code(
    code="RW221",
    name="usual-score",
    level=Level.WARNING,
    title="a risk score is 21, 47, 73 or 99",
    why="With one score a severity, rules can be compared; a finer scale promises a precision that no rule has.",
    profile=Profile.ELASTIC,
    bad="""
[rule]
severity = "low"
risk_score = «20»
""",
    good="""
[rule]
severity = "low"
risk_score = 21
""",
)


@check(SEVERITY_SCORE, USUAL_SCORE)
def check_score(context: RuleContext) -> Iterator[Diagnostic]:
    rule, path = context.rule, ("rule", "risk_score")
    band = BANDS[rule.severity]
    actual = next((name for name, scores in BANDS.items() if rule.risk_score in scores), None)
    if actual is None:  # beyond 0 to 100, which the schema reports
        return
    if actual != rule.severity:
        severity = Label(context.file.span_of(("rule", "severity")), f"`{rule.severity}` is {band[0]} to {band[-1]}")
        message = f"risk score {rule.risk_score} does not fit severity `{rule.severity}`"
        help_ = f"use a score from {band[0]} to {band[-1]}, or the severity `{actual}`"
        yield context.report(SEVERITY_SCORE, path, message, help=help_, secondary=(severity,))
    elif rule.risk_score != USUAL[rule.severity]:
        message = f"risk score {rule.risk_score} is not the usual one of severity `{rule.severity}`"
        yield context.report(USUAL_SCORE, path, message, help=f"use {USUAL[rule.severity]}")
