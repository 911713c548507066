"""Tokens to an event filter: `category where condition`."""

from rulewright_engine.languages.eql import codes
from rulewright_engine.languages.eql.ast import EventFilter
from rulewright_engine.languages.eql.cursor import Cursor
from rulewright_engine.languages.eql.expressions import parse_condition
from rulewright_engine.languages.eql.tokens import (
    END,
    NAME,
    STRING,
    Token,
    field_name,
    string_value,
)
from rulewright_schema.wording import quoted

__all__ = ["parse_event_filter"]


def parse_event_filter(cursor: Cursor) -> EventFilter:
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
