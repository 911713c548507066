"""Tokens to a statement: event queries, sequences, samples and pipes.

Source of the grammar: semantics B1. What only other dialects know (joins, more pipes) is named as such.
"""

import difflib

from rulewright_engine.eql import codes
from rulewright_engine.eql.ast import EventFilter, FieldName, Pipe, Sample, Sequence, Statement, Term
from rulewright_engine.eql.cursor import Cursor
from rulewright_engine.eql.expressions import CLOSERS, field_name, parse_condition, parse_expression
from rulewright_engine.eql.problems import GiveUp, Problems, quoted
from rulewright_engine.eql.tokens import END, NAME, NUMBER, STRING, Token, string_value, tokenize
from rulewright_schema.diagnostics import Edit, Fix
from rulewright_schema.source import Span

__all__ = ["MAX_LENGTH", "MAX_RUNS", "parse_statement"]

MAX_LENGTH = 250_000
"""Characters of a query; the longest of the public rules has 46,906."""

MAX_RUNS = 100

_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_PIPES = ("head", "tail")
_FOREIGN_PIPES = ("count", "filter", "sort", "unique", "unique_count")
_TERM_STARTS = frozenset({"[", "!["})


def parse_statement(text: str, problems: Problems) -> Statement:
    """Read a whole query; of no use when `problems` has errors. Raises `GiveUp` where reading on makes no sense."""
    if len(text) > MAX_LENGTH:
        problems.report(
            codes.TOO_LARGE,
            Span(0, 0),
            f"query is longer than {MAX_LENGTH:,} characters",
            help="split it into several rules",
        )
        raise GiveUp
    return _parse_statement(Cursor(tokenize(text, problems), problems))


def _parse_statement(cursor: Cursor) -> Statement:
    match cursor.kind:
        case "end of the query":
            cursor.report(codes.SYNTAX, "query is empty", help="write `any where true` to match every event")
            raise GiveUp
        case "sequence" | "join":
            body: EventFilter | Sequence | Sample = _parse_sequence(cursor)
        case "sample":
            body = _parse_sample(cursor)
        case _:
            body = _parse_event_filter(cursor)
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


# Event filters


def _parse_event_filter(cursor: Cursor) -> EventFilter:
    token = cursor.token
    category = _parse_category(cursor)
    if cursor.kind == "where":
        cursor.advance()
    elif category is not _NO_CATEGORY:
        cursor.report(
            codes.SYNTAX, f"expected `where`, found {cursor.describe()}", help=f"write `{token.text} where ...`"
        )
    condition = parse_condition(cursor)
    name = None if category is _NO_CATEGORY else category
    return EventFilter(name, condition, token.span, cursor.since(token.start))


_NO_CATEGORY = "no category"


def _parse_category(cursor: Cursor) -> str | None:
    """None for `any`; `_NO_CATEGORY` itself where the query does not begin with one."""
    token = cursor.token
    starts_filter = cursor.following().kind in ("where", END, "]")
    if token.kind == "any":
        cursor.advance()
        return None
    if token.kind is STRING and starts_filter:
        cursor.advance()
        return string_value(token, cursor.problems)
    if token.kind is NAME and (starts_filter or cursor.following().kind is NAME):
        cursor.advance()
        return _checked_category(cursor, token)
    where = cursor.following().kind == "where"
    if where:
        message, advice = (
            f"{cursor.describe()} is no event category",
            f'put it in double quotes: `"{token.text}" where`',
        )
    else:
        message, advice = (
            "query does not begin with an event category",
            "begin with, say, `process where` or `any where`",
        )
    cursor.report(codes.SYNTAX, message, help=advice)
    if where:
        cursor.advance()
    return _NO_CATEGORY


def _checked_category(cursor: Cursor, token: Token) -> str:
    if "." in token.text or "`" in token.text:
        name, _ = field_name(token.text)
        cursor.problems.report(
            codes.SYNTAX,
            token.span,
            f"{quoted(token.text)} is no event category",
            help=f'put it in double quotes: `"{name}" where`',
        )
    return token.text


# Sequences and samples


def _parse_sequence(cursor: Cursor) -> Sequence:
    word = cursor.advance()
    is_join = word.kind == "join"
    if is_join:
        cursor.problems.report(
            codes.OTHER_DIALECT,
            word.span,
            "`join` is not supported by Elasticsearch",
            help="use `sequence` where the order matters, `sample` where it does not",
        )
    keys = _parse_keys(cursor)
    maxspan = _parse_maxspan(cursor)
    if cursor.kind == "by" and maxspan is not None:
        cursor.report(codes.SYNTAX, "`by` stands behind `with`", help="write `sequence by ... with maxspan=...`")
        keys = _parse_keys(cursor)
    terms = _parse_terms(cursor)
    until = None
    if cursor.accept("until") is not None:
        until = _parse_until(cursor)
    span = cursor.since(word.start)
    if not is_join and terms and sum(term.runs for term in terms) < 2:
        cursor.problems.report(
            codes.SEQUENCE_SHAPE,
            word.span,
            "sequence has only one stage",
            help="add a stage, or repeat the one by `with runs=2`",
        )
    return Sequence(keys, terms, maxspan, until, span)


def _parse_sample(cursor: Cursor) -> Sample:
    word = cursor.advance()
    keys = _parse_keys(cursor)
    if cursor.kind == "with":
        cursor.report(
            codes.SEQUENCE_SHAPE, "a sample has no options", help="remove `with ...`; only a sequence has a `maxspan`"
        )
        cursor.skip_to(_TERM_STARTS)
    terms = _parse_terms(cursor)
    for term in terms:
        if term.missing or term.runs > 1:
            what = "a missing event" if term.missing else "`with runs`"
            cursor.problems.report(
                codes.SEQUENCE_SHAPE, term.span, f"{what} is not possible in a sample", help="use a `sequence` for that"
            )
    if len(terms) == 1:
        cursor.problems.report(
            codes.SEQUENCE_SHAPE, word.span, "sample has only one stage", help="add a stage in `[ ... ]`"
        )
    if cursor.kind == "until":
        cursor.report(codes.SEQUENCE_SHAPE, "a sample has no `until`", help="remove it, or use a `sequence`")
        cursor.advance()
        _parse_until(cursor)
    return Sample(keys, terms, cursor.since(word.start))


def _parse_keys(cursor: Cursor) -> tuple[FieldName, ...]:
    """`by a, ?b`; nothing when there is no `by`."""
    if cursor.accept("by") is None:
        return ()
    keys: list[FieldName] = []
    while True:
        start = cursor.token
        key = parse_expression(cursor)
        if isinstance(key, FieldName):
            keys.append(key)
        elif not cursor.problems.has_errors:
            cursor.problems.report(
                codes.SEQUENCE_SHAPE,
                cursor.since(start.start),
                "join key must be a field",
                help="name a field; values cannot be computed here",
            )
        if cursor.accept(",") is None:
            return tuple(keys)


def _parse_maxspan(cursor: Cursor) -> int | None:
    """`with maxspan=5m` in milliseconds; None when there is no `with`."""
    if cursor.accept("with") is None:
        return None
    if cursor.accept("maxspan") is None:
        _report_option(cursor, "maxspan", "maxspan=5m")
        cursor.skip_to(_TERM_STARTS | {"by"})
        return 0
    if cursor.accept("=") is None and cursor.accept("==") is None:
        cursor.report(codes.SYNTAX, f"expected `=`, found {cursor.describe()}", help="write `maxspan=5m`")
    if cursor.kind is not NUMBER:
        cursor.report(codes.SYNTAX, f"expected a duration, found {cursor.describe()}", help="write `maxspan=5m`")
        cursor.skip_to(_TERM_STARTS | {"by"})
        return 0
    return _parse_duration(cursor)


def _parse_duration(cursor: Cursor) -> int:
    number = cursor.advance()
    unit = cursor.advance() if cursor.kind is NAME else None
    span = cursor.since(number.start)
    if not number.text.isdigit() or len(number.text) > 18 or int(number.text) == 0:
        cursor.problems.report(
            codes.SEQUENCE_SHAPE,
            number.span,
            f"`{number.text}` is no positive integer",
            help="write whole units: `500ms`, `90s`",
        )
    elif unit is None:
        cursor.problems.report(
            codes.SEQUENCE_SHAPE,
            span,
            "duration has no unit",
            help=f"write `{number.text}s`; units are ms, s, m, h and d",
        )
    elif unit.text not in _UNITS:
        cursor.problems.report(
            codes.SEQUENCE_SHAPE, unit.span, f"{quoted(unit.text)} is no unit of time", help="use ms, s, m, h or d"
        )
    else:
        return int(number.text) * _UNITS[unit.text]
    return 0


def _parse_terms(cursor: Cursor) -> tuple[Term, ...]:
    terms: list[Term] = []
    while cursor.kind not in ("until", "|", END):
        if cursor.kind in _TERM_STARTS:
            terms.append(_parse_term(cursor))
        else:
            cursor.report(
                codes.SYNTAX,
                f"unexpected {cursor.describe()}",
                help="put each stage in brackets: `[process where ...]`",
            )
            cursor.advance()
            cursor.skip_to(_TERM_STARTS | CLOSERS)
            cursor.accept("]")
            cursor.accept(")")
    if not terms:
        cursor.report(codes.SEQUENCE_SHAPE, "stages are missing", help="add two or more stages: `[process where ...]`")
    return tuple(terms)


def _parse_term(cursor: Cursor) -> Term:
    opening = cursor.advance()
    cursor.enter(opening)
    event_filter = _parse_event_filter(cursor)
    while cursor.kind == ")":
        cursor.report(codes.UNBALANCED_BRACKET, "`)` closes nothing", help="remove it, or open it where it belongs")
        cursor.advance()
        parse_condition(cursor) if cursor.accept("and") or cursor.accept("or") else None
    cursor.leave()
    cursor.close(opening)
    if cursor.kind is NAME and cursor.token.text == "fork":
        cursor.report(codes.OTHER_DIALECT, "`fork` is not supported by Elasticsearch", help="remove it")
        cursor.skip_to(_TERM_STARTS | CLOSERS | {"by", "with"})
    keys = _parse_keys(cursor)
    runs = _parse_runs(cursor)
    return Term(event_filter, keys, runs, opening.kind == "![", cursor.since(opening.start))


def _parse_runs(cursor: Cursor) -> int:
    """`with runs=3`; 1 when there is no `with`."""
    if cursor.accept("with") is None:
        return 1
    if cursor.kind is not NAME or cursor.token.text != "runs":
        _report_option(cursor, "runs", "runs=3")
        cursor.skip_to(_TERM_STARTS | CLOSERS)
        return 2
    cursor.advance()
    if cursor.accept("=") is None and cursor.accept("==") is None:
        cursor.report(codes.SYNTAX, f"expected `=`, found {cursor.describe()}", help="write `with runs=3`")
    number = cursor.token
    if number.kind is NUMBER and number.text.isdigit() and len(number.text) <= 18:
        cursor.advance()
        if 1 <= int(number.text) <= MAX_RUNS:
            return int(number.text)
        cursor.problems.report(
            codes.SEQUENCE_SHAPE,
            number.span,
            f"`{number.text}` runs are not possible",
            help=f"use a number from 1 to {MAX_RUNS}",
        )
        return 2
    cursor.report(codes.SYNTAX, f"expected a number, found {cursor.describe()}", help="write `with runs=3`")
    cursor.skip_to(_TERM_STARTS | CLOSERS | {"by"})
    return 2


def _report_option(cursor: Cursor, option: str, example: str) -> None:
    cursor.report(codes.SYNTAX, f"expected `{option}`, found {cursor.describe()}", help=f"write `with {example}`")


def _parse_until(cursor: Cursor) -> Term | None:
    if cursor.kind not in _TERM_STARTS:
        cursor.report(
            codes.SYNTAX, f"expected `[`, found {cursor.describe()}", help="write `until [process where ...]`"
        )
        cursor.skip_to({"|"})
        return None
    until = _parse_term(cursor)
    if until.missing or until.runs > 1:
        cursor.problems.report(
            codes.SEQUENCE_SHAPE, until.span, "`until` takes one plain event", help="write `until [process where ...]`"
        )
    return until


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
