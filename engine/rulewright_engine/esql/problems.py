"""Every mistake that reading and typing a query can find, one function each: code, wording and what to do next.

RW580 syntax, RW581 unknown command, RW582 not supported offline, RW583 unknown or lost column, RW584 unknown function,
RW585 number of arguments, RW586 type, RW587 aggregate misplaced, RW588 literal, pattern or constant. The warnings of a
run are RW589; `checks.py` has the lints, RW590 and up.
"""

from rulewright_schema.diagnostics import Diagnostic, Edit, Fix, Label, Level
from rulewright_schema.source import Span

__all__ = [
    "aggregate_misplaced",
    "aggregate_nested",
    "bad_constant",
    "column_not_grouped",
    "column_unusable",
    "dropped_column",
    "grouping_misplaced",
    "illegal_escape",
    "inline_after_limit",
    "missing_pipe",
    "needs_constant",
    "needs_events",
    "needs_field",
    "no_source_command",
    "not_an_aggregate",
    "shadowed",
    "single_quoted",
    "syntax",
    "too_deep",
    "unknown_column",
    "unknown_command",
    "unknown_function",
    "unknown_metadata",
    "unreadable",
    "unsupported",
    "unterminated",
    "wrong_count",
    "wrong_type",
]


def _error(code: str, message: str, span: Span, *, help: str = "", note: str = "", label: str = "") -> Diagnostic:  # noqa: A002
    return Diagnostic(code, Level.ERROR, message, span, label=label, help=help, note=note)


# RW580


def syntax(span: Span, message: str, *, help: str = "") -> Diagnostic:  # noqa: A002
    return _error("RW580", message, span, help=help)


def unreadable(span: Span, char: str) -> Diagnostic:
    helps = {
        "&": "write `and`",
        "!": "write `not` or `!=`",
        "\\": "a backslash stands only inside a string",
        ";": "remove it: a query holds one statement",
    }
    return _error("RW580", f"unexpected character `{char}`", span, help=helps.get(char[0], "remove it"))


def unterminated(span: Span, what: str, closing: str, *, one_line: bool = False) -> Diagnostic:
    where = " on the same line" if one_line else ""
    return _error("RW580", f"the {what} that begins here never ends", span, help=f"close it with `{closing}`{where}")


def single_quoted(span: Span, text: str) -> Diagnostic:
    return _error("RW580", f"`{text}` is no string", span, help="put text in double quotes")


def too_deep(span: Span, limit: int) -> Diagnostic:
    return _error(
        "RW580",
        f"the expression is nested deeper than {limit} levels",
        span,
        help="compute parts of it with EVAL first",
    )


def missing_pipe(span: Span, text: str) -> Diagnostic:
    fix = Fix((Edit(Span(span.start, span.start), "| "),), safe=True)
    return Diagnostic(
        "RW580", Level.ERROR, f"expected `|` before `{text}`", span, help="commands are separated by `|`", fix=fix
    )


def no_source_command(span: Span) -> Diagnostic:
    return _error(
        "RW580",
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
    return Diagnostic("RW581", Level.ERROR, f"unknown command `{text}`", span, help=known, fix=fix)


def unsupported(span: Span, what: str, why: str) -> Diagnostic:
    return Diagnostic(
        "RW582", Level.NOTE, f"{what} cannot be run offline", span, note=why, help="its result is not checked"
    )


# RW583


def unknown_column(span: Span, name: str, nearest: str | None, *, known: str = "") -> Diagnostic:
    if nearest:
        return Diagnostic(
            "RW583",
            Level.ERROR,
            f"unknown column `{name}`",
            span,
            help=f"did you mean `{nearest}`?",
            fix=Fix((Edit(span, nearest),), safe=False),
        )
    helps = (
        f"the columns here are {known}"
        if known
        else "name a field of the events, or a column that an earlier command defines"
    )
    return _error("RW583", f"unknown column `{name}`", span, help=helps)


def dropped_column(span: Span, name: str, command: str, place: Span, nearest: str | None) -> Diagnostic:
    keeps = command in ("KEEP", "DROP")
    how = (
        f"{'drops' if command == 'DROP' else 'does not keep'} it"
        if keeps
        else "passes on only what it computes and groups by"
    )
    advice = {
        "KEEP": f"add `{name}` to that KEEP, or use it before",
        "DROP": f"drop `{name}` later, or use it before",
        "RENAME": f"use its new name `{nearest}`" if nearest else "use its new name",
    }.get(command, f"add `{name}` to BY, or carry it along with `values({name})`")
    if command == "RENAME":
        how = "gives it another name"
    return Diagnostic(
        "RW583",
        Level.ERROR,
        f"column `{name}` is gone: {command} {how}",
        span,
        help=f"did you mean `{nearest}`?" if nearest and command != "RENAME" else advice,
        secondary=(Label(place, f"this {command} {how}"),),
    )


def column_unusable(span: Span, name: str, type_name: str) -> Diagnostic:
    return _error(
        "RW583",
        f"column `{name}` holds no value: its type is {type_name}",
        span,
        help="name one of the fields below it, or only keep it",
    )


def unknown_metadata(span: Span, name: str, nearest: str | None) -> Diagnostic:
    helps = f"did you mean `{nearest}`?" if nearest else "there are `_id`, `_index`, `_version`, `_source` and others"
    return _error("RW583", f"unknown metadata column `{name}`", span, help=helps)


def shadowed(span: Span, name: str, by: Span) -> Diagnostic:
    return Diagnostic(
        "RW583",
        Level.WARNING,
        f"column `{name}` is defined again, and only the last counts",
        span,
        help="give one of them another name",
        secondary=(Label(by, "this one counts"),),
    )


def inline_after_limit(span: Span) -> Diagnostic:
    return _error("RW587", "INLINE STATS cannot stand behind LIMIT", span, help="move the LIMIT behind it")


# RW584, RW585, RW586


def unknown_function(span: Span, name: str, nearest: str | None) -> Diagnostic:
    fix = Fix((Edit(span, nearest),), safe=False) if nearest else None
    return Diagnostic(
        "RW584",
        Level.ERROR,
        f"unknown function `{name}`",
        span,
        help=f"did you mean `{nearest}`?" if nearest else "see the reference of functions for what there is",
        fix=fix,
    )


def wrong_count(span: Span, name: str, given: int, wanted: str) -> Diagnostic:
    return _error(
        "RW585", f"`{name}` takes {wanted}, not {given}", span, help="add what is missing or remove what is too many"
    )


def wrong_type(span: Span, message: str, *, help: str = "", label: str = "") -> Diagnostic:  # noqa: A002
    return _error("RW586", message, span, help=help, label=label)


# RW587


def aggregate_misplaced(span: Span, name: str, place: str) -> Diagnostic:
    return _error(
        "RW587",
        f"the aggregate `{name}` cannot stand {place}",
        span,
        help="compute it in STATS or INLINE STATS and use its column here",
    )


def aggregate_nested(span: Span, name: str) -> Diagnostic:
    return _error(
        "RW587",
        f"the aggregate `{name}` stands inside another aggregate",
        span,
        help="compute the inner one with a STATS of its own first",
    )


def not_an_aggregate(span: Span, text: str, command: str) -> Diagnostic:
    return _error(
        "RW587",
        f"`{text}` is no aggregate",
        span,
        help=f"{command} computes aggregates such as `count(*)` or `values(...)`; for a value of each row use EVAL",
    )


def grouping_misplaced(span: Span, name: str) -> Diagnostic:
    return _error("RW587", f"`{name}` groups rows and stands only behind BY", span, help="use it in the BY of STATS")


def needs_events(span: Span, name: str) -> Diagnostic:
    return _error(
        "RW587",
        f"`{name}` asks about an event, and here there are none",
        span,
        help="use it right behind FROM, before STATS",
    )


def needs_field(span: Span, name: str) -> Diagnostic:
    return _error(
        "RW587", f"`{name}` looks into a field of the events", span, help="name a field, not a computed column"
    )


def column_not_grouped(span: Span, name: str) -> Diagnostic:
    return _error(
        "RW587",
        f"column `{name}` is neither grouped by nor inside an aggregate",
        span,
        help=f"add it to BY, or write an aggregate such as `values({name})`",
    )


# RW588


def illegal_escape(span: Span, escape: str) -> Diagnostic:
    fix = Fix((Edit(Span(span.start, span.start), "\\"),), safe=True)
    return Diagnostic(
        "RW588",
        Level.ERROR,
        f"`{escape}` is no escape",
        span,
        help='double the backslash, or write the text in `"""..."""`, which has no escapes',
        note=r'a "..." knows `\t`, `\n`, `\r`, `\"` and `\\`',
        fix=fix,
    )


def bad_constant(span: Span, message: str, *, help: str = "", note: str = "") -> Diagnostic:  # noqa: A002
    return _error("RW588", message, span, help=help, note=note)


def needs_constant(span: Span, what: str) -> Diagnostic:
    return _error(
        "RW588", f"{what} must be a constant", span, help="write the value itself: it cannot differ from row to row"
    )
