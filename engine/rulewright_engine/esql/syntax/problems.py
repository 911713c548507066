"""Every mistake that reading and typing a query can find, one function each: wording and what to do next."""

from collections.abc import Iterable

from rulewright_engine.esql.syntax.codes import (
    ARGUMENT_COUNT,
    BAD_CONSTANT,
    MISPLACED,
    NOT_OFFLINE,
    SHADOWED,
    SYNTAX,
    TYPE,
    UNKNOWN_COLUMN,
    UNKNOWN_COMMAND,
    UNKNOWN_FUNCTION,
)
from rulewright_engine.ir.fields import FieldInfo
from rulewright_engine.ir.operators import Operator
from rulewright_schema.diagnostics import Diagnostic, Edit, Fix, Label
from rulewright_schema.source import Span

__all__ = [
    "aggregate_misplaced",
    "aggregate_nested",
    "bad_constant",
    "broken_pattern",
    "column_inside",
    "column_not_grouped",
    "column_unusable",
    "dropped_column",
    "grouping_misplaced",
    "idle_option",
    "illegal_escape",
    "inline_after_limit",
    "joins_nothing",
    "missing_blank",
    "missing_pipe",
    "needs_constant",
    "needs_events",
    "needs_field",
    "no_match",
    "no_source_command",
    "not_an_aggregate",
    "operator_as_function",
    "reserved",
    "shadowed",
    "single_quoted",
    "syntax",
    "too_deep",
    "too_many_commands",
    "unknown_column",
    "unknown_command",
    "unknown_function",
    "unknown_metadata",
    "unknown_option",
    "unreadable",
    "unsupported",
    "unterminated",
    "wrong_count",
    "wrong_option",
    "wrong_type",
]


# RW580


def syntax(span: Span, message: str, *, help: str = "") -> Diagnostic:  # noqa: A002
    return SYNTAX.report(
        message, span, help=help or "look at what stands right before: something is missing or too many"
    )


def unreadable(span: Span, char: str) -> Diagnostic:
    helps = {
        "&": "write `and`",
        "!": "write `not` or `!=`",
        "\\": "a backslash stands only inside a string",
        ";": "remove it: a query holds one statement",
    }
    return SYNTAX.report(f"unexpected character `{char}`", span, help=helps.get(char[0], "remove it"))


def unterminated(span: Span, what: str, closing: str, *, one_line: bool = False) -> Diagnostic:
    where = " on the same line" if one_line else ""
    return SYNTAX.report(f"the {what} that begins here never ends", span, help=f"close it with `{closing}`{where}")


def single_quoted(span: Span, text: str) -> Diagnostic:
    return SYNTAX.report(f"`{text}` is no string", span, help="put text in double quotes")


def too_deep(span: Span, limit: int) -> Diagnostic:
    return SYNTAX.report(
        f"the expression is nested deeper than {limit} levels",
        span,
        help="compute parts of it with EVAL first",
    )


def too_many_commands(span: Span, limit: int) -> Diagnostic:
    return SYNTAX.report(
        f"the query has more than {limit} commands behind the first",
        span,
        help="join neighbouring commands: WHERE with `and`, EVAL with commas",
    )


def operator_as_function(span: Span, text: str, operator: Operator) -> Diagnostic:
    match operator:
        case Operator.IN | Operator.LIKE | Operator.RLIKE:
            way_out = f'name before it what is tested: `field {operator} ("a", "b")`'
        case Operator.NOT | Operator.NEGATE:
            way_out = f"put the whole operand in parentheses: `({operator.symbol} a)`"
        case Operator.IS_NULL | Operator.IS_NOT_NULL:
            way_out = f"write `a {operator.symbol}`"
        case Operator.REGEX:
            way_out = 'write `a rlike "pattern"`'
        case _:
            way_out = f"write it between its operands: `a {operator.symbol} b`"
    return SYNTAX.report(f"`{text}` is an operator, not a function", span, help=way_out)


def reserved(span: Span, text: str) -> Diagnostic:
    return SYNTAX.report(f"`{text}` is a word of the language, not a name", span, help=f"write it as `` `{text}` ``")


def broken_pattern(span: Span, text: str) -> Diagnostic:
    mended = ".".join(part for part in text.split(".") if part)
    help_ = f"write `{mended}`" if mended else "write the name of a column"
    message = f"`{text}` is no name of a column: a dot stands between two parts"
    return SYNTAX.report(message, span, help=help_)


def missing_pipe(span: Span, text: str) -> Diagnostic:
    fix = Fix((Edit(Span(span.start, span.start), "| "),), safe=True)
    return SYNTAX.report(f"expected `|` before `{text}`", span, help="commands are separated by `|`", fix=fix)


def missing_blank(span: Span, text: str) -> Diagnostic:
    fix = Fix((Edit(Span(span.end, span.end), " "),), safe=True)
    return SYNTAX.report(f"expected a blank behind `{text}`", span, help=f"write `{text} ...`", fix=fix)


def no_source_command(span: Span) -> Diagnostic:
    return SYNTAX.report(
        "the query does not begin with a source of rows",
        span,
        help="begin it with `FROM <index>` or `ROW <name> = <value>`",
    )


# RW581, RW582


def unknown_command(span: Span, text: str, nearest: str | None) -> Diagnostic:
    known = (
        f"did you mean `{nearest}`?"
        if nearest
        else "after `|` comes a command such as `WHERE`, `EVAL`, `STATS` or `KEEP`"
    )
    fix = Fix((Edit(span, nearest),), safe=False) if nearest else None
    return UNKNOWN_COMMAND.report(f"unknown command `{text}`", span, help=known, fix=fix)


UNTESTED = "test the rule on a cluster: here the rest of its query is checked, and no cases are made or run"


def unsupported(span: Span, what: str, why: str, *, help: str = "") -> Diagnostic:  # noqa: A002
    return NOT_OFFLINE.report(f"{what} cannot be run offline", span, note=why, help=help or UNTESTED)


def idle_option(span: Span, name: str, why: str) -> Diagnostic:
    return NOT_OFFLINE.report(f"`{name}` decides no match here", span, note=why, help="remove it, or keep it knowingly")


# RW583


def unknown_column(span: Span, name: str, nearest: str | None) -> Diagnostic:
    helps = f"did you mean `{nearest}`?" if nearest else "name a field of the events, or a column defined before"
    fix = Fix((Edit(span, nearest),), safe=False) if nearest else None
    return UNKNOWN_COLUMN.report(f"unknown column `{name}`", span, help=helps, fix=fix)


def dropped_column(span: Span, name: str, command: str, dropped: Span, nearest: str | None) -> Diagnostic:
    how, advice = _LOSSES.get(command, _LOSSES["STATS"])
    advice = advice.format(name)
    if nearest:
        advice = f"use its new name `{nearest}`" if command == "RENAME" else f"did you mean `{nearest}`?"
    return UNKNOWN_COLUMN.report(
        f"column `{name}` is gone: {command} {how}",
        span,
        help=advice,
        secondary=(Label(dropped, f"this {command} {how}"),),
    )


_LOSSES = {
    "KEEP": ("does not keep it", "add `{0}` to that KEEP, or use it before"),
    "DROP": ("drops it", "drop `{0}` later, or use it before"),
    "RENAME": ("gives it another name", "use its new name"),
    "STATS": (
        "passes on only what it computes and groups by",
        "add `{0}` to BY, or carry it along with `values({0})`",
    ),
}
"""What a command does with a column that is gone behind it, and what helps."""


def column_unusable(span: Span, name: str, type_name: str) -> Diagnostic:
    return UNKNOWN_COLUMN.report(
        f"column `{name}` holds no value: its type is {type_name}",
        span,
        help="name one of the fields below it",
    )


def column_inside(span: Span, name: str, info: FieldInfo) -> Diagnostic:
    """ES|QL has no columns for what lies in nested objects and flattened fields."""
    if info.nested_in:
        where, advice = f"`{info.nested_in}`, of type nested", "use a field outside it, or a KQL rule"
    else:
        parent = info.flattened_in
        rest = info.name.removeprefix(f"{parent}.")
        where, advice = f"`{parent}`, of type flattened", f'read it by `JSON_EXTRACT({parent}, "{rest}")`, or use KQL'
    return UNKNOWN_COLUMN.report(f"no column `{name}`: it lies in {where}", span, help=advice)


def no_match(span: Span, pattern: str) -> Diagnostic:
    return UNKNOWN_COLUMN.report(f"no column matches `{pattern}`", span, help="remove it, or correct the pattern")


def unknown_metadata(span: Span, name: str, nearest: str | None) -> Diagnostic:
    helps = f"did you mean `{nearest}`?" if nearest else "there are `_id`, `_index`, `_version`, `_source` and others"
    return UNKNOWN_COLUMN.report(f"unknown metadata column `{name}`", span, help=helps)


def shadowed(span: Span, name: str, by: Span) -> Diagnostic:
    return SHADOWED.report(
        f"column `{name}` is defined again, and only the last counts",
        span,
        help="give one of them another name",
        secondary=(Label(by, "this one counts"),),
    )


def inline_after_limit(span: Span) -> Diagnostic:
    return MISPLACED.report("INLINE STATS cannot stand behind LIMIT", span, help="move the LIMIT behind it")


# RW584, RW585, RW586


def unknown_function(span: Span, name: str, nearest: str | None) -> Diagnostic:
    fix = Fix((Edit(span, nearest),), safe=False) if nearest else None
    return UNKNOWN_FUNCTION.report(
        f"unknown function `{name}`",
        span,
        help=f"did you mean `{nearest}`?" if nearest else "see the reference of functions for what there is",
        fix=fix,
    )


def wrong_count(span: Span, name: str, given: int, wanted: str) -> Diagnostic:
    return ARGUMENT_COUNT.report(
        f"`{name}` takes {wanted}, not {given}", span, help="add what is missing or remove what is too many"
    )


def wrong_type(span: Span, message: str, *, help: str = "", label: str = "") -> Diagnostic:  # noqa: A002
    return TYPE.report(message, span, help=help, label=label)


# RW587


def aggregate_misplaced(span: Span, name: str, clause: str) -> Diagnostic:
    return MISPLACED.report(
        f"the aggregate `{name}` cannot stand {clause}",
        span,
        help="compute it in STATS or INLINE STATS and use its column here",
    )


def aggregate_nested(span: Span, name: str) -> Diagnostic:
    return MISPLACED.report(
        f"the aggregate `{name}` stands inside another aggregate",
        span,
        help="compute the inner one with a STATS of its own first",
    )


def not_an_aggregate(span: Span, text: str, command: str) -> Diagnostic:
    return MISPLACED.report(
        f"`{text}` is no aggregate",
        span,
        help=f"{command} computes aggregates such as `count(*)` or `values(...)`; for a value of each row use EVAL",
    )


def grouping_misplaced(span: Span, name: str) -> Diagnostic:
    return MISPLACED.report(f"`{name}` groups rows and stands only behind BY", span, help="use it in the BY of STATS")


def needs_events(span: Span, name: str) -> Diagnostic:
    return MISPLACED.report(
        f"`{name}` asks about an event, and here there are none",
        span,
        help="use it right behind FROM, before STATS",
    )


def joins_nothing(span: Span) -> Diagnostic:
    return MISPLACED.report(
        "the condition of LOOKUP JOIN relates no column to one of the lookup index",
        span,
        help="compare a column before it with a field of the lookup index; their names must differ",
    )


def needs_field(span: Span, name: str) -> Diagnostic:
    return MISPLACED.report(
        f"`{name}` looks into a field of the events", span, help="name a field, not a computed column"
    )


def column_not_grouped(span: Span, name: str) -> Diagnostic:
    return MISPLACED.report(
        f"column `{name}` is neither grouped by nor inside an aggregate",
        span,
        help=f"add it to BY, or write an aggregate such as `values({name})`",
    )


# RW588


def illegal_escape(span: Span, escape: str) -> Diagnostic:
    fix = Fix((Edit(Span(span.start, span.start), "\\"),), safe=True)
    return BAD_CONSTANT.report(
        f"`{escape}` is no escape",
        span,
        help='double the backslash, or write the text in `"""..."""`, which has no escapes',
        note=r'a "..." knows `\t`, `\n`, `\r`, `\"` and `\\`',
        fix=fix,
    )


def bad_constant(span: Span, message: str, *, help: str = "") -> Diagnostic:  # noqa: A002
    return BAD_CONSTANT.report(message, span, help=help or "Elasticsearch rejects the query; correct the constant")


def unknown_option(
    span: Span, name: str, function: str, nearest: str | None, known: Iterable[str], since: str
) -> Diagnostic:
    options = ", ".join(f"`{option}`" for option in sorted(known))
    return BAD_CONSTANT.report(
        f"`{function}` has no option `{name}`",
        span,
        help=f"did you mean `{nearest}`?" if nearest else "remove it, or write one of those that there are",
        note=f"since version {since} there are {options}",
        fix=Fix((Edit(span, f'"{nearest}"'),), safe=False) if nearest else None,
    )


def wrong_option(span: Span, name: str, expected: str) -> Diagnostic:
    return BAD_CONSTANT.report(f"this is no value for the option `{name}`", span, help=f"write {expected}")


def needs_constant(span: Span, what: str) -> Diagnostic:
    return BAD_CONSTANT.report(
        f"{what} must be a constant", span, help="write the value itself: it cannot differ from row to row"
    )
