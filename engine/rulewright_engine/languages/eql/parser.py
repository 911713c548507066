"""Tokens to a statement: an event query, a sequence or a sample, and its pipes.

Source of the grammar: semantics B1. What only other dialects know (joins, more pipes) is named as such.
"""

import difflib

from rulewright_engine.ir.limits import MAX_QUERY_LENGTH
from rulewright_engine.languages.eql import codes
from rulewright_engine.languages.eql.ast import (
    EventFilter,
    Pipe,
    Sample,
    Sequence,
    Statement,
)
from rulewright_engine.languages.eql.cursor import Cursor
from rulewright_engine.languages.eql.expressions import CLOSERS, parse_condition, parse_expression
from rulewright_engine.languages.eql.filters import parse_event_filter
from rulewright_engine.languages.eql.stages import parse_sample, parse_sequence
from rulewright_engine.languages.eql.tokens import (
    END,
    NAME,
    Token,
    tokenize,
)
from rulewright_engine.languages.problems import GiveUp, Problems
from rulewright_schema.diagnostics import Edit, Fix
from rulewright_schema.source import Span
from rulewright_schema.wording import quoted

__all__ = ["parse"]

_PIPES = ("head", "tail")
_FOREIGN_PIPES = ("count", "filter", "sort", "unique", "unique_count")


def parse(text: str, problems: Problems) -> Statement:
    """Read a whole query; of no use when `problems` has errors. Raises `GiveUp` where reading on makes no sense."""
    if len(text) > MAX_QUERY_LENGTH:
        problems.report(
            codes.TOO_LARGE,
            Span(0, 0),
            f"query is longer than {MAX_QUERY_LENGTH:,} characters",
            help="split it into several rules",
        )
        raise GiveUp
    return _statement(Cursor(tokenize(text, problems), problems))


def _statement(cursor: Cursor) -> Statement:
    match cursor.kind:
        case "end of the query":
            cursor.report(codes.SYNTAX, "query is empty", help="write `any where true` to match every event")
            raise GiveUp
        case "sequence" | "join":
            body: EventFilter | Sequence | Sample = parse_sequence(cursor)
        case "sample":
            body = parse_sample(cursor)
        case _:
            body = parse_event_filter(cursor)
    pipes: list[Pipe] = []
    while cursor.kind is not END:
        if cursor.kind == "|":
            pipes.extend(_parse_pipe(cursor))
        else:
            _report_after_query(cursor)
    return Statement(body, tuple(pipes))


def _report_after_query(cursor: Cursor) -> None:
    token = cursor.token
    if token.kind in (")", "]"):
        fix = Fix((Edit(token.span, ""),), safe=True)
        cursor.report(
            codes.UNBALANCED_BRACKET,
            f"`{token.text}` closes nothing",
            help="remove it, or open it where it belongs",
            fix=fix,
        )
        cursor.advance()
        if cursor.kind in ("and", "or"):
            cursor.advance()
            parse_condition(cursor)
        return
    if token.kind == "until":
        cursor.report(codes.SYNTAX, "`until` belongs to a sequence", help="only a sequence has an end condition")
    else:
        cursor.report(codes.SYNTAX, f"unexpected {cursor.describe()}", help="a query ends here; only `|` may follow")
    cursor.advance()
    cursor.skip_to(CLOSERS)


# Pipes


def _parse_pipe(cursor: Cursor) -> tuple[Pipe, ...]:
    """The pipe, or nothing when it is reported."""
    bar = cursor.advance()
    name = cursor.token
    if name.kind is not NAME:
        cursor.report(
            codes.SYNTAX, f"expected a pipe, found {cursor.describe()}", help="`head` and `tail` can follow `|`"
        )
        cursor.skip_to({"|"})
        return ()
    cursor.advance()
    if name.text not in _PIPES:
        _report_pipe(cursor, name)
        cursor.skip_to({"|"})
        return ()
    count = parse_expression(cursor) if cursor.kind not in ("|", END) else None
    span = cursor.since(bar.start)
    if count is None or cursor.kind not in ("|", END):
        cursor.report(
            codes.PIPE_COUNT, f"`{name.text}` takes one number", span=name.span, help=f"write `| {name.text} 5`"
        )
        cursor.skip_to({"|"})
        return ()
    return (Pipe(name.text, count, span),)


def _report_pipe(cursor: Cursor, name: Token) -> None:
    if name.text in _FOREIGN_PIPES:
        message = f"pipe `{name.text}` is not supported by Elasticsearch"
        advice = "only `head` and `tail` are"
    else:
        close = difflib.get_close_matches(name.text, _PIPES, 1)
        message = f"{quoted(name.text)} is no pipe"
        advice = f"did you mean `{close[0]}`?" if close else "`head` and `tail` are the pipes of EQL"
    cursor.problems.report(codes.OTHER_DIALECT, name.span, message, help=advice)
