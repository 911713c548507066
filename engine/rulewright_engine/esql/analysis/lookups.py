"""LOOKUP JOIN and ENRICH: steps that add the columns of other rows, whose names a query alone does not tell.

What such rows hold is known where a run has some: their columns shadow those of the same name. Any other name that
nothing before defines is taken for a column of the table that was joined last.
"""

from collections.abc import Iterable

from rulewright_engine.esql.analysis import search
from rulewright_engine.esql.analysis.plan import JoinStep, Segment, TableColumns, Typed
from rulewright_engine.esql.analysis.scope import Joined, Scope, close_tables
from rulewright_engine.esql.analysis.typing import Context, Typer, mistake
from rulewright_engine.esql.functions.types import GROUPS, Type
from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.ast import Call, Column, Enrich, Expression, LookupJoin, Name
from rulewright_engine.evaluate.outside import Shape
from rulewright_engine.ir.fields import FieldInfo, family_of

__all__ = ["analyze_enrich", "analyze_lookup"]

_KEYS = GROUPS["string"] | GROUPS["number"] - {Type.UNSIGNED_LONG} | GROUPS["instant"] | {Type.BOOLEAN, Type.IP}
_MODES = ("", "_any", "_coordinator", "_remote")
_ANYTHING = frozenset({Type.NULL, Type.UNKNOWN})


def analyze_lookup(context: Context, scope: Scope, segment: Segment, command: LookupJoin) -> tuple[JoinStep, Scope]:
    index = Name(command.index.text.removeprefix("_coordinator:"), command.index.span)
    if "*" in index.text or ":" in index.text:
        help_ = "name one index of this cluster whose mode is `lookup`"
        context.found.append(problems.bad_constant(index.span, "LOOKUP JOIN takes one index, no pattern", help=help_))
    keys = tuple(_key(context, scope, column, column.name, "LOOKUP JOIN") for column in command.on)
    table = _table(context, segment, index)
    _open(table, scope, context.shapes.get(table.name), {column.name for column in command.on})
    joined = Joined(table, scope, ("LOOKUP JOIN", command.span))
    condition = None if command.condition is None else _condition(context, joined, command.condition)
    return JoinStep(table, keys, condition, gathers=False, span=command.span), joined


def analyze_enrich(context: Context, scope: Scope, segment: Segment, command: Enrich) -> tuple[JoinStep, Scope]:
    """The mode in front of a policy's name says where it runs, and changes no result."""
    mode, _, name = command.policy.text.rpartition(":")
    policy = Name(name, command.policy.span)
    if mode.lower() not in _MODES:
        help_ = "write `_any`, `_coordinator` or `_remote`, or remove it"
        context.found.append(problems.bad_constant(policy.span, f"ENRICH has no mode `{mode}`", help=help_))
    shape = context.shapes.get(policy.text)
    match_field = shape.match_field if shape else ""
    on = command.on or (Column(match_field, policy.span) if match_field else None)
    keys = (_key(context, scope, on, match_field or on.name, "ENRICH"),) if on else ()
    table = _table(context, segment, policy)
    if command.fields is None:
        _open(table, scope, shape, {match_field or (on.name if on else "")})
    else:
        for renaming in command.fields:
            table.columns.pop(renaming.new.text, None)
            table.add(renaming.new.text, renaming.old.text)
    joined = Joined(table, scope, ("ENRICH", command.span))
    return JoinStep(table, keys, None, gathers=True, span=command.span), joined


def _table(context: Context, segment: Segment, name: Name) -> TableColumns:
    """A table, which takes names once it is open."""
    same = sum(table.name == name.text for table in context.tables)
    label = f"{name.text}#{same + 1}" if same else name.text
    known = dict(context.shapes[name.text].columns) if name.text in context.shapes else {}

    def describe(field: str) -> FieldInfo:
        info, type_ = context.fields.lookup(field), context.kinds.get((label, field))
        if info is not None and not info.inferred and type_ is None:
            return info
        type_ = type_ or known.get(field, "keyword")
        return FieldInfo(field, type_, family_of(type_), inferred=True)

    table = TableColumns(name.text, label, describe, segment)
    context.tables.append(table)
    return table


def _open(table: TableColumns, scope: Scope, shape: Shape | None, without: Iterable[str]) -> None:
    """All columns that are known of the rows, except `without`, and names that nothing defines; no table before it
    takes any more.
    """
    close_tables(scope)
    table.is_open = True
    left_out = set(without)
    for name, _ in shape.columns if shape else ():
        if name not in left_out:
            table.add(name, name)


def _key(context: Context, scope: Scope, column: Column, field: str, command: str) -> tuple[Typed, FieldInfo]:
    """A column of the rows so far, and the field that must hold the same: it is read as what the column is."""
    typed = Typer(context, scope, f"in {command}").column(column)
    if typed.type not in _KEYS | _ANYTHING:
        what = typed.type.replace("_", " ")
        message = f"`{column.name}` is {what}, by which {command} finds no rows"
        context.found.append(problems.wrong_type(column.span, message, help="convert it with EVAL before"))
        typed = mistake(column.span)
    type_ = "keyword" if typed.type in _ANYTHING | GROUPS["string"] else str(typed.type)
    return typed, FieldInfo(field, type_, family_of(type_))


def _condition(context: Context, joined: Joined, condition: Expression) -> Typed:
    """What holds of rows of both sides; it must name a column of each."""
    asked = next((call for call in condition.find(Call) if call.function in search.FUNCTIONS), None)
    if asked is not None:
        context.is_incomplete = True
        why = "it searches the lookup index"
        context.found.append(problems.unsupported(asked.name, f"`{context.source(asked.name)}` in `LOOKUP JOIN`", why))
        return mistake(condition.span)
    typed = Typer(context, joined, "in LOOKUP JOIN").condition(condition)
    used = set(typed.slots())
    own = {column.slot for column, _ in joined.table.columns.values()}
    if typed.type is not Type.UNKNOWN and (not used & own or not used - own):
        context.found.append(problems.joins_nothing(condition.span))
    return typed
