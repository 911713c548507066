"""Spans inside of string literals: offsets in what a literal says to offsets in the query."""

from rulewright_schema.source import Span

__all__ = ["span_in"]


def span_in(query: str, literal: Span, inside: Span) -> Span:
    """The span in `query` of `inside`, offsets into the value of the string that stands at `literal`."""
    text = query[literal.start : literal.end]
    if text.startswith('"""'):
        return inside.shifted(literal.start + 3)
    starts: list[int] = []
    position = 1
    while position < len(text) - 1:
        starts.append(position)
        position += 2 if text[position] == "\\" else 1
    starts.append(len(text) - 1)
    last = len(starts) - 1
    return Span(literal.start + starts[min(inside.start, last)], literal.start + starts[min(inside.end, last)])
