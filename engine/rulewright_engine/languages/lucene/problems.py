"""Every mistake that reading a Lucene query can find, one function each. Fields and values: `field_problems`."""

from rulewright_engine.languages.lucene import codes
from rulewright_schema.diagnostics import Diagnostic, Edit, Fix
from rulewright_schema.source import Span

__all__ = [
    "bad_boost",
    "bad_fuzziness",
    "bad_range",
    "bad_regex",
    "bad_slop",
    "bare_operator",
    "empty_brackets",
    "idle_fuzziness",
    "joined_words",
    "lone_backslash",
    "lone_slash",
    "lowercase_operator",
    "missing_operand",
    "never_closed",
    "never_opened",
    "nothing_before",
    "second_modifier",
    "too_deep",
    "too_long",
    "too_many",
    "truncated_escape",
    "unescaped",
    "unquoted_end",
    "wildcard_in_name",
    "without_effect",
]


def _insert(offset: int, text: str) -> Fix:
    return Fix((Edit(Span(offset, offset), text),), safe=True)


# Structure


def second_modifier(span: Span) -> Diagnostic:
    message = "only one of `+`, `-` and `NOT` can stand before a clause"
    return codes.SYNTAX.report(message, span, help="put the rest in parentheses")


def bad_boost(span: Span) -> Diagnostic:
    help_ = "write `\\^` for the character; a boost changes no result"
    return codes.SYNTAX.report("`^` needs a number", span, help=help_)


def never_closed(span: Span) -> Diagnostic:
    return codes.BRACKET.report("this bracket is never closed", span, help="close it with `)`")


def never_opened(span: Span) -> Diagnostic:
    return codes.BRACKET.report("`)` closes nothing", span, help="remove it", fix=Fix((Edit(span, ""),), safe=True))


def empty_brackets(span: Span) -> Diagnostic:
    return codes.BRACKET.report("the brackets are empty", span, help="write a clause between them, or remove them")


def unquoted_end(span: Span) -> Diagnostic:
    help_ = 'close it with `"`; inside, write `\\"` for a quote'
    return codes.NEVER_CLOSED.report("this quoted text never ends", span, help=help_)


def lone_slash(span: Span) -> Diagnostic:
    message = "this `/` begins a regular expression that never ends"
    return codes.NEVER_CLOSED.report(message, span, help="write `\\/` for a slash", fix=_insert(span.start, "\\"))


def bad_range(span: Span) -> Diagnostic:
    help_ = "write `[low TO high]`, with `*` for an open end, or `\\[` for a bracket"
    return codes.NEVER_CLOSED.report("this is no range", span, help=help_)


def missing_operand(span: Span, after: str) -> Diagnostic:
    message = f"missing value after `{after}`" if after else "missing clause"
    return codes.MISSING_OPERAND.report(message, span, help="write one, or remove the rest")


def nothing_before(span: Span, operator: str) -> Diagnostic:
    help_ = f"write one, or remove `{operator}`"
    return codes.MISSING_OPERAND.report(f"missing clause before `{operator}`", span, help=help_)


# Words


def unescaped(span: Span, char: str) -> Diagnostic:
    return codes.SPECIAL_CHARACTER.report(
        f"`{char}` stands for itself only behind a backslash",
        span,
        help=f"write `\\{char}`, or quote the value",
        fix=_insert(span.start, "\\"),
    )


def lone_backslash(span: Span) -> Diagnostic:
    return codes.SPECIAL_CHARACTER.report("a backslash ends the query", span, help="write `\\\\` for a backslash")


def truncated_escape(span: Span) -> Diagnostic:
    help_ = "double the backslash for the character itself, or write the four digits"
    return codes.SPECIAL_CHARACTER.report("`\\u` needs four hexadecimal digits", span, help=help_)


def wildcard_in_name(span: Span, name: str) -> Diagnostic:
    help_ = "write `\\*` for any part of a name; `?` is none"
    return codes.SPECIAL_CHARACTER.report(f"`{name}` is no field name", span, help=help_)


# Meaning


def bad_regex(span: Span, message: str) -> Diagnostic:
    help_ = "write `\\/` where no regular expression is meant"
    return codes.INVALID_REGEX.report(f"not a regular expression: {message}", span, help=help_)


def bad_fuzziness(span: Span, text: str, edits: str) -> Diagnostic:
    message = f"a term can be 0, 1 or 2 edits away, not `{edits}`"
    help_ = f"write `{text.partition('~')[0]}~` for as many as its length allows, or `~1` or `~2`"
    return codes.FUZZY.report(message, span, help=help_)


def bad_slop(span: Span, slop: str) -> Diagnostic:
    help_ = "write how many places the words may lie apart, or a backslash before `~` for the character"
    return codes.FUZZY.report(f"`~{slop}` is no number", span, help=help_)


def idle_fuzziness(span: Span, text: str) -> Diagnostic:
    return codes.FUZZY.report(
        f"`{text}` has no effect here",
        span,
        help=f"remove it, or write `\\{text}` for the characters",
        note="only words and quoted texts can be matched loosely: no wildcards, ranges or regular expressions",
        fix=Fix((Edit(span, ""),), safe=True),
    )


def without_effect(span: Span, text: str) -> Diagnostic:
    return codes.WITHOUT_EFFECT.report(
        f"`{text}` has no effect",
        span,
        help="put what belongs together in parentheses",
        note="next to a clause that is required (`AND`, `+`), a clause that is not required decides nothing",
    )


def lowercase_operator(span: Span, word: str) -> Diagnostic:
    return codes.OPERATOR_AS_WORD.report(
        f"`{word}` is looked for as a word",
        span,
        help=f"write `{word.upper()}` for the operator, or quote the word",
        fix=Fix((Edit(span, word.upper()),), safe=False),
    )


def joined_words(span: Span, text: str, field: str, type_: str, words: list[str]) -> Diagnostic:
    alternatives = " OR ".join(words)
    return codes.JOINED_WORDS.report(
        f"`{text}` is looked for as one text",
        span,
        help=f'write `({alternatives})` for any of the words, or `"{text}"` for the whole',
        note=f"`{field}` is of type {type_}, which holds one term and no words",
    )


def bare_operator(span: Span, sign: str) -> Diagnostic:
    return codes.OPERATOR_AS_WORD.report(
        f"`{sign}` before a blank is looked for as a text",
        span,
        help=f"remove the blank, or write `\\{sign}` for the text",
    )


def too_long(span: Span, limit: int) -> Diagnostic:
    return codes.TOO_LARGE.report(f"the query has more than {limit:,} characters", span, help="split the rule")


def too_many(span: Span, limit: int) -> Diagnostic:
    message = f"the query asks more than {limit:,} questions, once spread over all fields"
    return codes.TOO_LARGE.report(message, span, help="name the fields")


def too_deep(span: Span, limit: int) -> Diagnostic:
    message = f"the query is nested deeper than {limit} levels"
    return codes.TOO_LARGE.report(message, span, help="remove needless parentheses, or split the rule")
