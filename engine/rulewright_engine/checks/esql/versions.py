"""Commands and functions that the lowest stack version of a rule does not have."""

from collections.abc import Iterator

from rulewright_engine.checks import stack
from rulewright_engine.checks.esql.context import EsqlContext, check
from rulewright_engine.esql.functions.registry import traits_of
from rulewright_engine.esql.syntax.ast import Completion, InlineStats
from rulewright_engine.esql.syntax.pipeline import COMMAND_SINCE
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span

__all__ = ["check_versions"]


@check(stack.NEWER_THAN_STACK)
def check_versions(context: EsqlContext) -> Iterator[Diagnostic]:
    """Each name once, where it first stands."""
    lowest = stack.lowest_stack(context)
    if lowest is None:
        return
    said: set[str] = set()
    for span, name, since in sorted(_dated(context)):
        if stack.lacks(lowest, since) and name not in said:
            said.add(name)
            message = f"`{name}` came with {since}, and the rule is for {lowest}"
            yield context.report_in_query(stack.NEWER_THAN_STACK, span, message, help=stack.what_to_do(since))


def _dated(context: EsqlContext) -> Iterator[tuple[Span, str, str]]:
    """What the query uses whose version is known: its place, its name, the version."""
    for setting in context.query.settings[:1]:
        start = context.query.text.lower().rfind("set", 0, setting.name.span.start)
        yield Span(start, start + len("set")), "SET", COMMAND_SINCE["set"]
    for command in context.query.commands:
        word = "inline" if isinstance(command, InlineStats) else "completion" if isinstance(command, Completion) else ""
        if word:
            name = "INLINE STATS" if word == "inline" else word.upper()
            yield Span(command.span.start, command.span.start + len(word)), name, COMMAND_SINCE[word]
    for call, _ in context.calls:
        if since := traits_of(call.function).since:
            yield call.name, context.source(call.name).upper(), since
