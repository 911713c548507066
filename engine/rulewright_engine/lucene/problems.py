"""Every mistake that reading a Lucene query can find, one function each: code, wording and what to do next.

RW550 syntax, RW551 bracket, RW552 what never ends, RW553 missing clause, RW554 special character, RW555 regular
expression, RW556 fuzzy search, RW557 clause without effect, RW558 word that is meant as an operator, RW559 too deep.
Fields and values: `engine.field_problems`.
"""

from rulewright_schema.diagnostics import Diagnostic, Edit, Fix, Level
from rulewright_schema.source import Span

__all__ = [
    "bad_boost",
    "bad_range",
    "bad_regex",
    "bare_operator",
    "empty_brackets",
    "fuzzy",
    "lone_backslash",
    "lone_slash",
    "lowercase_operator",
    "missing_operand",
    "never_closed",
    "never_opened",
    "nothing_before",
    "second_modifier",
    "too_deep",
    "unescaped",
    "unquoted_end",
    "wildcard_in_name",
    "without_effect",
]


def _error(code: str, message: str, span: Span, help_: str, *, fix: Fix | None = None, note: str = "") -> Diagnostic:
    return Diagnostic(code, Level.ERROR, message, span, help=help_, fix=fix, note=note)


def _insert(offset: int, text: str) -> Fix:
    return Fix((Edit(Span(offset, offset), text),), safe=True)


# RW550 to RW554: structure


def second_modifier(span: Span) -> Diagnostic:
    return _error(
        "RW550", "only one of `+`, `-` and `NOT` can stand before a clause", span, "put the rest in parentheses"
    )


def bad_boost(span: Span) -> Diagnostic:
    return _error("RW550", "`^` needs a number", span, "write `\\^` for the character; a boost changes no result")


def never_closed(span: Span) -> Diagnostic:
    return _error("RW551", "this bracket is never closed", span, "close it with `)`")


def never_opened(span: Span) -> Diagnostic:
    return _error("RW551", "`)` closes nothing", span, "remove it", fix=Fix((Edit(span, ""),), safe=True))


def empty_brackets(span: Span) -> Diagnostic:
    return _error("RW551", "the brackets are empty", span, "write a clause between them, or remove them")


def unquoted_end(span: Span) -> Diagnostic:
    return _error("RW552", "this quoted text never ends", span, 'close it with `"`; inside, write `\\"` for a quote')


def lone_slash(span: Span) -> Diagnostic:
    return _error(
        "RW552",
        "this `/` begins a regular expression that never ends",
        span,
        "write `\\/` for a slash",
        fix=_insert(span.start, "\\"),
    )


def bad_range(span: Span) -> Diagnostic:
    return _error(
        "RW552",
        "this is no range",
        span,
        "write `[low TO high]`, with `*` for an open end, or `\\[` for a bracket",
    )


def missing_operand(span: Span, after: str) -> Diagnostic:
    return _error(
        "RW553",
        f"missing value after `{after}`" if after else "missing clause",
        span,
        "write one, or remove the rest",
    )


def nothing_before(span: Span, operator: str) -> Diagnostic:
    return _error("RW553", f"missing clause before `{operator}`", span, f"write one, or remove `{operator}`")


def unescaped(span: Span, char: str) -> Diagnostic:
    return _error(
        "RW554",
        f"`{char}` stands for itself only behind a backslash",
        span,
        f"write `\\{char}`, or quote the value",
        fix=_insert(span.start, "\\"),
    )


def lone_backslash(span: Span) -> Diagnostic:
    return _error("RW554", "a backslash ends the query", span, "write `\\\\` for a backslash")


def wildcard_in_name(span: Span, name: str) -> Diagnostic:
    return _error("RW554", f"`{name}` is no field name", span, "write `\\*` for any part of a name; `?` is none")


# RW555 to RW559: meaning


def bad_regex(span: Span, message: str) -> Diagnostic:
    return _error(
        "RW555", f"not a regular expression: {message}", span, "write `\\/` where no regular expression is meant"
    )


def fuzzy(span: Span, text: str) -> Diagnostic:
    return _error(
        "RW556",
        f"what `{text}` finds depends on the whole index",
        span,
        "write the spellings that are meant, or a wildcard",
        note="Elasticsearch looks for the 50 nearest terms of the index only, so no single event decides it",
    )


def without_effect(span: Span, text: str) -> Diagnostic:
    return Diagnostic(
        "RW557",
        Level.WARNING,
        f"`{text}` has no effect",
        span,
        help="put what belongs together in parentheses",
        note="next to a clause that is required (`AND`, `+`), a clause that is not required decides nothing",
    )


def lowercase_operator(span: Span, word: str) -> Diagnostic:
    return Diagnostic(
        "RW558",
        Level.WARNING,
        f"`{word}` is looked for as a word",
        span,
        help=f"write `{word.upper()}` for the operator, or quote the word",
        fix=Fix((Edit(span, word.upper()),), safe=False),
    )


def bare_operator(span: Span, sign: str) -> Diagnostic:
    return Diagnostic(
        "RW558",
        Level.WARNING,
        f"`{sign}` before a blank is looked for as a text",
        span,
        help=f"remove the blank, or write `\\{sign}` for the text",
    )


def too_deep(span: Span, limit: int) -> Diagnostic:
    return _error(
        "RW559",
        f"the query is nested deeper than {limit} levels",
        span,
        "remove needless parentheses, or split the rule",
    )
