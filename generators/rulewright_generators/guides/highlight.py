"""A query cut into pieces that a page can colour; the pieces together are the text."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from rulewright_engine.ir.query import Language
from rulewright_engine.languages.problems import GiveUp, Problems

__all__ = ["Piece", "highlight"]


class Piece(NamedTuple):
    """`kind` is `keyword`, `field`, `function`, `string`, `number`, `comment`, or empty for all else."""

    kind: str
    text: str


def highlight(language: str | None, query: str) -> list[Piece]:
    """The pieces of a query; one plain piece in a language without a tokenizer, and of a text that is not readable."""
    tokens = _TOKENS.get(language or "")
    if tokens is None:
        return [Piece("", query)]
    try:
        found = list(tokens(query))
    except GiveUp:
        return [Piece("", query)]
    pieces: list[Piece] = []
    position = 0
    for start, end, kind in found:
        if start > position:
            pieces.extend(_between(query[position:start]))
        pieces.append(Piece(kind, query[start:end]))
        position = end
    if position < len(query):
        pieces.extend(_between(query[position:]))
    return pieces


def _between(text: str) -> Iterator[Piece]:
    """What stands between two tokens: space and comments."""
    comment = text.strip()
    before, _, after = text.partition(comment) if comment else (text, "", "")
    yield from (Piece(kind, part) for kind, part in (("", before), ("comment", comment), ("", after)) if part)


def _eql(query: str) -> Iterator[tuple[int, int, str]]:
    from rulewright_engine.languages.eql.tokens import (
        END,
        KEYWORDS,
        NAME,
        NUMBER,
        STRING,
        TILDE_NAME,
        tokenize,
    )

    tokens = tokenize(query, Problems())
    kinds = {NAME: "field", TILDE_NAME: "function", STRING: "string", NUMBER: "number"}
    for token, following in pairwise(tokens):
        kind = kinds.get(token.kind, "keyword" if token.kind in KEYWORDS else "")
        if kind == "field" and following.kind in ("(", "where", END):
            kind = "function" if following.kind == "(" else "keyword"
        yield token.start, token.end, kind


_ESQL_WORDS = frozenset(
    {
        *("and", "as", "asc", "by", "desc", "false", "first", "in", "is", "last", "like", "metadata", "not", "null"),
        *("nulls", "on", "or", "rlike", "true", "where", "with"),
    }
)


def _esql(query: str) -> Iterator[tuple[int, int, str]]:
    from rulewright_engine.esql.syntax.tokens import TokenKind, tokenize
    from rulewright_engine.languages.problems import Problems

    kinds = {TokenKind.STRING: "string", TokenKind.INTEGER: "number", TokenKind.DECIMAL: "number", TokenKind.SYMBOL: ""}
    tokens = tokenize(query, Problems())
    starts_command = True
    for token, following in pairwise(tokens):
        kind = kinds.get(token.kind, "field")
        if token.kind is TokenKind.NAME and (starts_command or token.word in _ESQL_WORDS):
            kind = "keyword"
        elif token.kind is TokenKind.NAME and following.text == "(":
            kind = "function"
        yield token.start, token.end, kind
        starts_command = token.text == "|"


_KQL = re.compile(
    r"""(?P<string>"(?:[^"\\]|\\.)*")
      | (?P<keyword>(?<![\w.*-])(?:and|or|not)(?![\w.*:-]))
      | (?P<field>[^\s():<>"{}]+(?=\s*(?::|[<>]=?)))
      | (?P<mark>[:(){}]|[<>]=?)
      | (?P<text>(?:[^\s():<>"{}\\]|\\.)+)""",
    re.VERBOSE | re.IGNORECASE,
)


def _kql(query: str) -> Iterator[tuple[int, int, str]]:
    """KQL has no tokens: what a character means depends on the parser. So this only colours, and may err."""
    for found in _KQL.finditer(query):
        kind = found.lastgroup or ""
        yield found.start(), found.end(), {"text": "string", "mark": ""}.get(kind, kind)


_TOKENS: dict[str, Callable[[str], Iterator[tuple[int, int, str]]]] = {
    Language.EQL: _eql,
    Language.ESQL: _esql,
    Language.KQL: _kql,
    Language.LUCENE: _kql,
}
