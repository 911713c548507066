"""Commands and functions that the lowest stack version of a rule does not have."""

from collections.abc import Iterator

from rulewright_engine.checks import stack
from rulewright_engine.checks.esql.context import EsqlContext, check
from rulewright_engine.esql.functions.registry import traits_of
from rulewright_engine.esql.syntax.ast import Command, Completion, InlineStats, LookupJoin, Parts
from rulewright_engine.esql.syntax.pipeline import COMMAND_SINCE, JOIN_ON_MORE_SINCE
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
        yield from _of_command(command)
    for call, _ in context.calls:
        if since := traits_of(call.function).since:
            yield call.name, context.source(call.name).upper(), since


def _of_command(command: Command) -> Iterator[tuple[Span, str, str]]:
    start, name = command.span.start, ""
    match command:
        case InlineStats():
            name = "INLINE STATS"
        case Completion():
            name = "COMPLETION"
        case Parts():
            name = command.name.upper()
        case LookupJoin(on=on, condition=condition):
            name = "LOOKUP JOIN"
            if condition is not None or len(on) > 1:
                where = condition.span if condition is not None else on[1].span
                yield where, "LOOKUP JOIN on more than one column", JOIN_ON_MORE_SINCE
        case _:
            pass
    if name:
        word = name.partition(" ")[0]
        yield Span(start, start + len(word)), name, COMMAND_SINCE[word.lower()]
