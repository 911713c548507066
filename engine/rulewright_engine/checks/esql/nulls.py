"""Rows that are dropped because a value is missing or there are several."""

from collections.abc import Iterator

from rulewright_engine.checks.esql.context import EsqlContext, check
from rulewright_engine.esql.analysis.scope import Scope
from rulewright_engine.esql.functions import FUNCTIONS
from rulewright_engine.esql.functions.registry import FunctionKind, traits_of
from rulewright_engine.esql.syntax.ast import (
    Call,
    Column,
    Command,
    Expression,
    InlineStats,
    MvExpand,
    Stats,
    Where,
)
from rulewright_engine.esql.syntax.traversal import assignments_of, expressions_of
from rulewright_engine.ir.operators import COMPARISONS, LOGIC, NULL_TESTS, Operator
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level

__all__ = ["MISSING_DROPPED", "SEVERAL_COMPARED"]

SEVERAL_COMPARED = Code(
    code="RW592",
    name="esql-several-values-compared",
    level=Level.WARNING,
    title="a column that holds several values is not compared as if it held one",
    why="Operators and functions other than `MV_*` give null for several values, and the row is dropped: "
    '`process.args == "-l"` is true only for a process with that one argument.',
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where «process.args» == "-l"
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.*
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where mv_contains(process.args, "-l")
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.*
'''
""",
)
MISSING_DROPPED = Code(
    code="RW593",
    name="esql-missing-dropped",
    level=Level.NOTE,
    title="an exclusion keeps events that lack the field",
    why='A comparison with a missing field is null, and so is its NOT: `not user.name == "root"` drops every event '
    "without a user. In EQL and KQL such events are kept.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where host.id is not null and not «user.name» like "svc-*"
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.*
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where host.id is not null and (user.name is null or not user.name like "svc-*")
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.*
'''
""",
)

_TESTS = COMPARISONS | {Operator.IN, Operator.LIKE, Operator.RLIKE}
_REQUIRING = NULL_TESTS | _TESTS - {Operator.NOT_EQUALS}
_SCALAR = (FunctionKind.SCALAR, FunctionKind.LOGIC)


@check(SEVERAL_COMPARED)
def check_multi_valued(context: EsqlContext) -> Iterator[Diagnostic]:
    """Each column once, at its first comparison."""
    reported: set[str] = set()
    gathered: set[str] = set()
    for command, scope in context.steps:
        if isinstance(command, MvExpand):
            gathered.discard(command.column.text)
        for expression in expressions_of(command):
            for node, call in _compared(expression):
                is_multi_valued = node.name in gathered or _is_array(context, node, scope)
                if is_multi_valued and node.name not in reported:
                    reported.add(node.name)
                    yield _multi_valued(context, node, call, node.name in gathered)
        gathered |= _defined_by_gathering(command)


def _compared(expression: Expression) -> Iterator[tuple[Column, Call]]:
    """Columns that stand directly under an operator or function of single values."""
    for call in expression.find(Call):
        function = FUNCTIONS.get(call.function)
        if function is not None and function.kind in _SCALAR and function.operator not in LOGIC:
            yield from ((argument, call) for argument in call.arguments if isinstance(argument, Column))


def _is_array(context: EsqlContext, node: Column, scope: Scope) -> bool:
    found = context.field_of(node, scope)
    return found is not None and found.field is not None and found.field.array is True


def _defined_by_gathering(command: Command) -> set[str]:
    if not isinstance(command, Stats | InlineStats):
        return set()
    return {
        each.name.text
        for each in assignments_of(command)
        if isinstance(each.expression, Call) and traits_of(each.expression.function).gathers
    }


def _multi_valued(context: EsqlContext, node: Column, call: Call, is_gathered: bool) -> Diagnostic:
    why = "gathers the values of many events" if is_gathered else "may hold several values"
    return context.report_in_query(
        SEVERAL_COMPARED,
        node.span,
        f"`{node.name}` {why}, and with more than one `{context.source(call.name)}` gives null",
        help="use `mv_contains`, `KQL(...)`, `MV_EXPAND` or an `mv_` function that picks one value",
    )


@check(MISSING_DROPPED)
def check_missing(context: EsqlContext) -> Iterator[Diagnostic]:
    """Each field once, at its first exclusion, unless the query asks elsewhere whether it is there."""
    known: set[str] = set()
    for command, scope in context.steps:
        if isinstance(command, Stats):
            return
        if not isinstance(command, Where):
            continue
        conjuncts = list(command.condition.conjuncts())
        known |= {name for each in conjuncts for name in _required(each)}
        for conjunct in conjuncts:
            node = _excluded(conjunct)
            if node is None or node.name in known or context.field_of(node, scope) is None:
                continue
            known.add(node.name)
            yield context.report_in_query(
                MISSING_DROPPED,
                node.span,
                f"events without `{node.name}` are dropped here too",
                help=f"write `{node.name} is null or ...` to keep them, `{node.name} is not null` to say so",
            )


def _required(condition: Expression) -> Iterator[str]:
    """Fields that must be there for a condition to hold; and those that it asks about with IS NULL."""
    if not isinstance(condition, Call):
        return
    if condition.function in _REQUIRING:
        yield from (node.name for node in condition.find(Column))
    elif condition.function == Operator.OR:
        calls = (each for each in condition.arguments if isinstance(each, Call))
        asked = (call for call in calls if call.function == Operator.IS_NULL)
        yield from (node.name for call in asked for node in call.find(Column))


def _excluded(condition: Expression) -> Column | None:
    """The field of `not f == x`, `f != x`, `f not in (...)`."""
    if not isinstance(condition, Call):
        return None
    if condition.function == Operator.NOT:
        inner = condition.arguments[0]
        while isinstance(inner, Call) and inner.function == Operator.OR:
            inner = inner.arguments[0]
        return _subject(inner)
    return _subject(condition) if condition.function == Operator.NOT_EQUALS else None


def _subject(test: Expression) -> Column | None:
    if not isinstance(test, Call) or test.function not in _TESTS:
        return None
    return next(test.find(Column), None)
