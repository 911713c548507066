"""A query cut into pieces that a page can colour; the pieces together are the text."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from rulewright_engine.query import Language

__all__ = ["Piece", "highlight"]


class Piece(NamedTuple):
    """`kind` is `keyword`, `field`, `function`, `string`, `number`, `operator`, `comment` or empty."""

    kind: str
    text: str


def highlight(language: str | None, query: str) -> list[Piece]:
    """The pieces of a query; one plain piece in a language without a tokenizer."""
    tokens = _TOKENS.get(language or "")
    if tokens is None:
        return [Piece("", query)]
    pieces: list[Piece] = []
    position = 0
    for start, end, kind in tokens(query):
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
    from rulewright_engine.eql.problems import Problems
    from rulewright_engine.eql.tokens import END, KEYWORDS, NAME, NUMBER, STRING, TILDE_NAME, tokenize

    tokens = tokenize(query, Problems())
    kinds = {NAME: "field", TILDE_NAME: "function", STRING: "string", NUMBER: "number"}
    for token, following in pairwise(tokens):
        kind = kinds.get(token.kind, "keyword" if token.kind in KEYWORDS else "operator")
        if kind == "field" and following.kind in ("(", "where", END):
            kind = "function" if following.kind == "(" else "keyword"
        yield token.start, token.end, kind


_TOKENS: dict[str, Callable[[str], Iterator[tuple[int, int, str]]]] = {Language.EQL: _eql}
