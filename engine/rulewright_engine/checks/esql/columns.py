"""The columns that an alert shows: what they hold and what they are called."""

from collections.abc import Iterator

from rulewright_engine.checks.esql.context import EsqlContext, check
from rulewright_engine.esql.functions.registry import traits_of
from rulewright_engine.esql.functions.types import GROUPS, Type, type_of_field
from rulewright_engine.esql.syntax.ast import (
    Call,
    Column,
    Expression,
    InlineStats,
    Stats,
)
from rulewright_engine.esql.syntax.codes import SHADOWED
from rulewright_engine.esql.syntax.traversal import assignments_of, calls_of
from rulewright_schema.codes import Code, Profile
from rulewright_schema.diagnostics import Diagnostic, Level

__all__ = ["COLUMN_PREFIX", "UNORDERED_VALUE"]

UNORDERED_VALUE = Code(
    code="RW597",
    name="esql-unordered-value",
    level=Level.NOTE,
    title="which of several values is picked is no accident",
    why="VALUES has no order, so its first value may be another one in every run: an alert then names one of several "
    "users or hosts as if it were the only one.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats Esql.user_values = values(user.name) by host.id
| eval user.name = «mv_first»(Esql.user_values)
| keep host.id, user.name, Esql.*
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats Esql.user_values = values(user.name) by host.id
| eval user.name = mv_min(Esql.user_values)
| keep host.id, user.name, Esql.*
'''
""",
)
COLUMN_PREFIX = Code(
    code="RW599",
    name="esql-column-prefix",
    level=Level.WARNING,
    title="the name of a computed column begins with `Esql.` or `Esql_priv.`",
    why="So a reader of the alert sees that the value was computed, and it never clashes with a field of a mapping. "
    "Names of schema fields may be filled anew.",
    profile=Profile.ELASTIC,
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats «event_count» = count(*) by host.id
| keep host.id, event_count
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.event_count
'''
""",
)

_PREFIXES = ("Esql.", "Esql_priv.")


@check(UNORDERED_VALUE)
def check_order(context: EsqlContext) -> Iterator[Diagnostic]:
    gathered: set[str] = set()
    for command in context.query.commands:
        for call in calls_of(command):
            if (
                traits_of(call.function).picks_by_position
                and call.arguments
                and _has_no_order(call.arguments[0], gathered)
            ):
                yield context.report_in_query(
                    UNORDERED_VALUE,
                    call.name,
                    f"`{context.source(call.name)}` picks from values that have no order",
                    help="use `mv_min` or `mv_max`, sort with `mv_sort` before, or show all values",
                )
        if isinstance(command, Stats | InlineStats):
            gathered |= {each.name.text for each in assignments_of(command) if _has_no_order(each.expression, gathered)}


def _has_no_order(expression: Expression, gathered: set[str]) -> bool:
    while isinstance(expression, Call) and traits_of(expression.function).keeps_order:
        expression = expression.arguments[0]
    if isinstance(expression, Column):
        return expression.name in gathered
    return isinstance(expression, Call) and traits_of(expression.function).unordered


@check(SHADOWED)
def check_types_of_names(context: EsqlContext) -> Iterator[Diagnostic]:
    """Computed columns of the result whose name is a schema's, with another type."""
    for command, scope in zip(context.query.commands, context.analysis.scopes, strict=False):
        for assignment in assignments_of(command):
            name = assignment.name.text
            info = context.fields.lookup(name) if assignment.named and not name.startswith(_PREFIXES) else None
            column = scope.lookup(name)
            if info is None or info.inferred or column is None or column.from_event or not _is_in_result(context, name):
                continue
            if not _fit(column.type, type_of_field(info)):
                yield context.report_in_query(
                    SHADOWED,
                    assignment.name.span,
                    f"`{name}` is {_named(column.type)} here, and a field of type {info.elasticsearch_type}",
                    help="convert the value, or call the column `Esql." + name.replace(".", "_") + "`",
                )


def _is_in_result(context: EsqlContext, name: str) -> bool:
    return context.analysis.scopes[-1].lookup(name) is not None


def _fit(computed: Type, field: Type) -> bool:
    """Whether a field of the one type takes values of the other; an index reads numbers and dates from text."""
    if computed in (field, Type.NULL, Type.UNKNOWN) or field in (Type.UNSUPPORTED, *GROUPS["string"]):
        return True
    return {computed, field} <= GROUPS["number"] or {computed, field} <= GROUPS["instant"] | {Type.LONG}


def _named(type_: Type) -> str:
    return "text" if type_ in GROUPS["string"] else str(type_)


@check(COLUMN_PREFIX)
def check_prefix(context: EsqlContext) -> Iterator[Diagnostic]:
    reported: set[str] = set()
    for command in context.query.commands:
        by = command.by if isinstance(command, Stats | InlineStats) else ()
        for assignment in assignments_of(command):
            name = assignment.name.text
            plain = not assignment.named and (assignment in by or isinstance(assignment.expression, Column))
            if plain or name in reported or name.startswith(_PREFIXES) or not _is_in_result(context, name):
                continue
            if context.fields.lookup(name) is None:
                reported.add(name)
                yield context.report_in_query(
                    COLUMN_PREFIX,
                    assignment.name.span,
                    f"the computed column `{name}` has no prefix",
                    help=f"call it `Esql.{name}`",
                )
