"""What a rule uses that the lowest stack version it supports does not have."""

from collections.abc import Iterator

from rulewright_engine.checks.context import check_type
from rulewright_engine.rules import type_of
from rulewright_schema.checks import RuleContext
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.stack import StackVersion, lacks, read_stack_version

__all__ = ["NEWER_THAN_STACK", "lowest_stack"]

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


def lowest_stack(context: RuleContext) -> StackVersion | None:
    """The version that the rule is checked for; None where neither a run nor the rule names one."""
    return context.config.stack or read_stack_version(context.rule.metadata.min_stack_version or "")


@check_type(NEWER_THAN_STACK)
def check_features(context: RuleContext) -> Iterator[Diagnostic]:
    stack = lowest_stack(context)
    if stack is None:
        return
    for feature in type_of(context.rule).features(context.rule):
        if lacks(stack, feature.since):
            message = f"{feature.name} came with {feature.since}, and the rule is for {stack}"
            help_ = f"set `min_stack_version` to {feature.since}.0 or later, or do without it"
            if feature.span is None:
                yield context.report(NEWER_THAN_STACK, feature.path, message, help=help_)
            else:
                yield context.report_in_query(NEWER_THAN_STACK, feature.span, message, help=help_)
