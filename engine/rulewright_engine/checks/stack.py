"""What a rule uses that the lowest stack version it supports does not have.

The versions of functions and commands of ES|QL are part of their entries. Those of the keys of a rule are here, as
elastic/detection-rules gates them (`detection_rules/rule.py`, `min_compat`).
"""

from collections.abc import Iterator

from rulewright_engine.checks.context import check_type
from rulewright_schema.checks import RuleContext
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.rule import Rule, ThreatMatchRule, ThresholdRule
from rulewright_schema.stack import StackVersion, read_stack_version

__all__ = ["FOLDED_BY_OLD_STACK", "NEWER_THAN_STACK", "lacks", "lowest_stack", "what_to_do"]

NEWER_THAN_STACK = Code(
    code="RW573",
    name="newer-than-stack",
    level=Level.ERROR,
    title="a rule uses only what the lowest stack version it supports has",
    why="A stack refuses a query with a command or function that it does not know, and the rule never runs there.",
    bad="""
[metadata]
min_stack_version = "8.19.0"
min_stack_comments = "The integration that collects these events came with 8.19."
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where «contains»(process.command_line, "mimikatz")
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.*
'''
""",
    good="""
[metadata]
min_stack_version = "9.2.0"
min_stack_comments = "CONTAINS came with 9.2."
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where contains(process.command_line, "mimikatz")
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.*
'''
""",
)

FOLDED_BY_OLD_STACK = Code(
    code="RW574",
    name="kql-folded-by-old-stack",
    level=Level.NOTE,
    title="`KQL()` finds the same on all stack versions that a rule supports",
    why="From 8.17 to 9.1 `KQL()` in ES|QL paid no attention to case on keyword fields, until it was mended in October "
    "2025. Here, and since then in production, case counts there, unless `case_insensitive` says otherwise.",
    bad="""
[metadata]
min_stack_version = "9.1.0"
min_stack_comments = "What this rule needs came with 9.1."
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-* metadata _id, _version, _index
| where «kql»("process.name: nc")
| keep process.name, _id, _version, _index
'''
""",
    good="""
[metadata]
min_stack_version = "9.2.0"
min_stack_comments = "What this rule needs came with 9.2."
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-* metadata _id, _version, _index
| where kql("process.name: nc")
| keep process.name, _id, _version, _index
'''
""",
)

_SUPPRESSION = {
    "query": "8.8",
    "threshold": "8.12",
    "threat_match": "8.13",
    "eql": "8.14",
    "new_terms": "8.14",
    "esql": "8.15",
    "machine_learning": "8.15",
}
"""The version with which rules of a type could suppress alerts."""


def lowest_stack(context: RuleContext) -> StackVersion | None:
    """The version that the rule is checked for; None where neither a run nor the rule names one."""
    return context.config.stack or read_stack_version(context.rule.metadata.min_stack_version or "")


def lacks(stack: StackVersion | None, since: str) -> bool:
    """Whether a stack is older than what came with version `since`."""
    needed = read_stack_version(since)
    return stack is not None and needed is not None and stack < needed


def what_to_do(since: str) -> str:
    return f"set `min_stack_version` to {since}.0 or later, or do without it"


@check_type(NEWER_THAN_STACK)
def check_keys(context: RuleContext) -> Iterator[Diagnostic]:
    stack = lowest_stack(context)
    if stack is None:
        return
    for path, what, since in _features(context.rule):
        if lacks(stack, since):
            message = f"{what} came with {since}, and the rule is for {stack}"
            yield context.report(NEWER_THAN_STACK, path, message, help=what_to_do(since))


def _features(rule: Rule) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
    """What of a rule came with a version: where it stands, its name, the version."""
    if rule.alert_suppression is not None:
        what = f"`alert_suppression` in rules of type `{rule.type}`"
        yield ("rule", "alert_suppression"), what, _SUPPRESSION.get(rule.type, "")
    if rule.investigation_fields:
        yield ("rule", "investigation_fields"), "`investigation_fields`", "8.11"
    if isinstance(rule, ThresholdRule) and len(rule.threshold.field) > 3:
        yield ("rule", "threshold", "field", 3), "a threshold of more than three fields", "9.2"
    if isinstance(rule, ThreatMatchRule) and any(entry.negate for group in rule.threat_mapping for entry in group):
        yield ("rule", "threat_mapping"), "`negate` in `threat_mapping`", "9.2"
