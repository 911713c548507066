"""Tokens to a sequence or a sample: stages in brackets, with keys, runs and a time span."""

from rulewright_engine.languages.eql import codes
from rulewright_engine.languages.eql.ast import (
    FieldName,
    Sample,
    Sequence,
    Term,
)
from rulewright_engine.languages.eql.cursor import Cursor
from rulewright_engine.languages.eql.expressions import CLOSERS, parse_condition, parse_expression
from rulewright_engine.languages.eql.filters import parse_event_filter
from rulewright_engine.languages.eql.tokens import END, NAME, NUMBER
from rulewright_schema.wording import quoted

__all__ = ["MAX_RUNS", "parse_sample", "parse_sequence"]

MAX_RUNS = 100
"""Times that `with runs` may ask for, as in Elasticsearch."""

_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_STARTS = frozenset({"[", "!["})


def parse_sequence(cursor: Cursor) -> Sequence:
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


def parse_sample(cursor: Cursor) -> Sample:
    word = cursor.advance()
    keys = _parse_keys(cursor)
    if cursor.kind == "with":
        cursor.report(
            codes.SEQUENCE_SHAPE, "a sample has no options", help="remove `with ...`; only a sequence has a `maxspan`"
        )
        cursor.skip_to(_STARTS)
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
        cursor.skip_to(_STARTS | {"by"})
        return 0
    if cursor.accept("=") is None and cursor.accept("==") is None:
        cursor.report(codes.SYNTAX, f"expected `=`, found {cursor.describe()}", help="write `maxspan=5m`")
    if cursor.kind is not NUMBER:
        cursor.report(codes.SYNTAX, f"expected a duration, found {cursor.describe()}", help="write `maxspan=5m`")
        cursor.skip_to(_STARTS | {"by"})
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
        if cursor.kind in _STARTS:
            terms.append(_parse_term(cursor))
        else:
            cursor.report(
                codes.SYNTAX,
                f"unexpected {cursor.describe()}",
                help="put each stage in brackets: `[process where ...]`",
            )
            cursor.advance()
            cursor.skip_to(_STARTS | CLOSERS)
            cursor.accept("]")
            cursor.accept(")")
    if not terms:
        cursor.report(codes.SEQUENCE_SHAPE, "stages are missing", help="add two or more stages: `[process where ...]`")
    return tuple(terms)


def _parse_term(cursor: Cursor) -> Term:
    opening = cursor.advance()
    cursor.enter(opening)
    event_filter = parse_event_filter(cursor)
    while cursor.kind == ")":
        cursor.report(codes.UNBALANCED_BRACKET, "`)` closes nothing", help="remove it, or open it where it belongs")
        cursor.advance()
        parse_condition(cursor) if cursor.accept("and") or cursor.accept("or") else None
    cursor.leave()
    cursor.close(opening)
    if cursor.kind is NAME and cursor.token.text == "fork":
        cursor.report(codes.OTHER_DIALECT, "`fork` is not supported by Elasticsearch", help="remove it")
        cursor.skip_to(_STARTS | CLOSERS | {"by", "with"})
    keys = _parse_keys(cursor)
    runs = _parse_runs(cursor)
    return Term(event_filter, keys, runs, opening.kind == "![", cursor.since(opening.start))


def _parse_runs(cursor: Cursor) -> int:
    """`with runs=3`; 1 when there is no `with`."""
    if cursor.accept("with") is None:
        return 1
    if cursor.kind is not NAME or cursor.token.text != "runs":
        _report_option(cursor, "runs", "runs=3")
        cursor.skip_to(_STARTS | CLOSERS)
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
    cursor.skip_to(_STARTS | CLOSERS | {"by"})
    return 2


def _report_option(cursor: Cursor, option: str, example: str) -> None:
    cursor.report(codes.SYNTAX, f"expected `{option}`, found {cursor.describe()}", help=f"write `with {example}`")


def _parse_until(cursor: Cursor) -> Term | None:
    if cursor.kind not in _STARTS:
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
