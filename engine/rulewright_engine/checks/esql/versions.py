"""Commands and functions that the lowest stack version of a rule does not have."""

from collections.abc import Iterator

from rulewright_engine.checks import stack
from rulewright_engine.checks.esql.context import EsqlContext, check
from rulewright_engine.esql.analysis.plan import EventTest, Filter
from rulewright_engine.esql.functions.registry import traits_of
from rulewright_engine.esql.syntax.ast import Command, Completion, InlineStats, LookupJoin, Parts
from rulewright_engine.esql.syntax.pipeline import COMMAND_SINCE, JOIN_ON_MORE_SINCE
from rulewright_engine.ir.expression import Equals, Field, FieldType, Leaf, MatchesGlob
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span

__all__ = ["check_versions"]

_FOLDS = "8.17"
_MENDED = "9.2"


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


@check(stack.FOLDED_BY_OLD_STACK)
def check_folding(context: EsqlContext) -> Iterator[Diagnostic]:
    """Once, where KQL() first asks a keyword for a text whose case matters."""
    lowest = stack.lowest_stack(context)
    if lowest is None or stack.lacks(lowest, _FOLDS) or not stack.lacks(lowest, _MENDED):
        return
    conditions = [step.condition for step in context.analysis.steps if isinstance(step, Filter)]
    tests = {test.span: test for condition in conditions for test in condition.find(EventTest)}
    for call, _ in context.calls:
        test = tests.get(call.span) if call.function == "kql" else None
        if test is not None and any(map(_minds_case, test.condition.leaves())):
            message = f"a stack of version {lowest} may pay no attention to case in this `KQL()`"
            help_ = f"set `min_stack_version` to {_MENDED}.0 or later, or write the condition in ES|QL"
            yield context.report_in_query(stack.FOLDED_BY_OLD_STACK, call.name, message, help=help_)
            return


def _minds_case(leaf: Leaf) -> bool:
    """Whether a condition asks an exact text that has letters."""
    if not isinstance(leaf.value, Field) or leaf.value.type is not FieldType.KEYWORD:
        return False
    match leaf.test:
        case Equals(str(text), insensitive=False):
            return text.lower() != text.upper()
        case MatchesGlob(parts, insensitive=False):
            return any(part.lower() != part.upper() for part in parts if not isinstance(part, Wild))
        case _:
            return False


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
