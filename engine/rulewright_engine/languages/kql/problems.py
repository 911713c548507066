"""Every mistake that reading a KQL query can find, one function each. Fields and values: `field_problems`."""

from dataclasses import replace

from rulewright_engine.ir.fields import FieldInfo
from rulewright_engine.languages.kql import codes
from rulewright_schema.diagnostics import Diagnostic, Edit, Fix, Label, Level
from rulewright_schema.source import Span

__all__ = [
    "bad_escape",
    "blank_in_wildcard",
    "blanks_needed",
    "condition_in_list",
    "foreign_comparison",
    "foreign_operator",
    "misplaced_range",
    "missing_condition",
    "missing_field",
    "missing_operator",
    "missing_value",
    "never_closed",
    "never_opened",
    "not_in_value",
    "not_in_word",
    "not_nested",
    "not_twice",
    "not_without_blank",
    "null_value",
    "outside_group",
    "special_character",
    "text_after_quotes",
    "too_deep",
    "too_long",
    "too_many",
    "unexpected",
    "unquoted_end",
    "wrong_group",
]


def _replace(span: Span, text: str) -> Fix:
    return Fix((Edit(span, text),), safe=True)


def _insert(offset: int, text: str) -> Fix:
    return _replace(Span(offset, offset), text)


def unexpected(span: Span, text: str) -> Diagnostic:
    return codes.SYNTAX.report(f"unexpected `{text}`", span, help="remove it, or quote it when it belongs to a value")


def blanks_needed(span: Span, word: str) -> Diagnostic:
    return codes.MISSING_BLANK.report(
        f"`{word}` needs a blank on both sides",
        span,
        help="separate it from what stands beside it",
        fix=_replace(span, f" {word} "),
    )


def missing_operator(span: Span, text: str) -> Diagnostic:
    return codes.MISSING_OPERATOR.report(
        f"missing operator before `{text}`",
        span,
        help=f"write `and` or `or` before `{text}`, or quote the value before it when it goes on here",
    )


def never_closed(span: Span, closing: str) -> Diagnostic:
    return codes.BRACKET.report("this bracket is never closed", span, help=f"close it with `{closing}`")


def never_opened(span: Span, text: str) -> Diagnostic:
    return codes.BRACKET.report(f"`{text}` closes nothing", span, help="remove it", fix=_replace(span, ""))


def condition_in_list(span: Span, text: str, opened: Span) -> Diagnostic:
    return codes.BRACKET.report(
        f"the condition `{text}` stands inside a list of values",
        span,
        help=f"close the list with `)` before `{text}`, or write `\\:` for a colon in a value",
        secondary=(Label(opened, "the list begins here"),),
    )


def unquoted_end(span: Span) -> Diagnostic:
    return codes.QUOTE.report(
        "this quoted text never ends", span, help='close it with `"`; inside, write `\\"` for a quote'
    )


def bad_escape(span: Span, text: str) -> Diagnostic:
    return codes.BAD_ESCAPE.report(
        f"`{text}` is no escape",
        span,
        help="double the backslash",
        note=r'after `\` stands one of `\ ( ) : < > " * { }`, `t`, `r`, `n`, `uXXXX`, `and`, `or` or `not`',
        fix=_insert(span.start, "\\"),
    )


def missing_condition(span: Span, after: str) -> Diagnostic:
    return codes.MISSING_OPERAND.report(
        f"missing condition after `{after}`" if after else "missing condition",
        span,
        help=f"write a condition such as `field:value`{f', or remove `{after}`' if after else ''}",
    )


def missing_field(span: Span, text: str) -> Diagnostic:
    return codes.MISSING_OPERAND.report(
        f"missing field before `{text}`", span, help=f"write the field's name before `{text}`"
    )


def missing_value(span: Span, text: str) -> Diagnostic:
    return codes.MISSING_OPERAND.report(
        f"missing value after `{text}`",
        span,
        help='write a value; `*` asks whether the field exists, `""` is the empty text',
    )


def not_in_value(span: Span, value: Span, text: str) -> Diagnostic:
    return codes.MISPLACED_NOT.report(
        "`not` before a value needs parentheses",
        span,
        help=f"write `(not {text})`, or put `not` before the field",
        fix=Fix((Edit(Span(span.start, span.start), "("), Edit(Span(value.end, value.end), ")")), safe=True),
    )


def not_twice(span: Span) -> Diagnostic:
    return codes.MISPLACED_NOT.report(
        "`not` cannot follow `not` directly", span, help="write `not (not ...)`, or remove both"
    )


def not_without_blank(span: Span) -> Diagnostic:
    return codes.MISPLACED_NOT.report(
        "`not` needs a blank after it", span, help="write `not (...)`", fix=_insert(span.end, " ")
    )


def not_in_word(span: Span) -> Diagnostic:
    return codes.MISPLACED_NOT.report(
        "an unquoted value cannot hold `not` and a blank",
        span,
        help="quote the value, or spell the `n` as `\\u006e` where it needs a wildcard",
        fix=_replace(Span(span.start, span.start + 1), "\\u006e"),
    )


def foreign_operator(span: Span, text: str, instead: str) -> Diagnostic:
    return codes.FOREIGN_OPERATOR.report(
        f"`{text}` joins nothing in KQL", span, help=f"write `{instead}`", fix=_replace(span, f" {instead} ")
    )


def foreign_comparison(span: Span, operator: str, field: str, *, is_text: bool) -> Diagnostic:
    """Where it `is_text`, Kibana accepts the query and looks for that text in every field."""
    forms = {"=": f"`{field}:value`", "==": f"`{field}:value`", "!=": f"`not {field}:value`"}
    problem = codes.FOREIGN_OPERATOR.report(
        f"`{operator}` compares nothing in KQL",
        span,
        help=f"write {forms.get(operator, f'`{field}:(value or value)`')}",
        note="the whole is looked for as a text in every field" if is_text else "",
    )
    return replace(problem, level=Level.WARNING) if is_text else problem


def misplaced_range(span: Span, operator: str) -> Diagnostic:
    return codes.FOREIGN_OPERATOR.report(
        f"`{operator}` cannot follow `:`", span, help=f"write `field {operator} value`, without the colon"
    )


def special_character(span: Span, char: str) -> Diagnostic:
    return codes.SPECIAL_CHARACTER.report(
        f"`{char}` in an unquoted value",
        span,
        help=f"write `\\{char}`, or quote the value",
        fix=_insert(span.start, "\\"),
    )


def text_after_quotes(span: Span, text: str) -> Diagnostic:
    return codes.SPECIAL_CHARACTER.report(
        f"`{text}` follows a quoted value directly",
        span,
        help="a value is quoted whole or not at all; a wildcard works only without quotes",
    )


def not_nested(span: Span, field: str, type_: str) -> Diagnostic:
    return codes.NOT_NESTED.report(
        f"`{field}` is of type {type_} and holds no nested objects",
        span,
        help=f"name its fields in full, such as `{field}.name:value`",
    )


def field_needed(span: Span, path: str) -> Diagnostic:
    return codes.NOT_NESTED.report(
        f"a value inside of `{path}:{{ ... }}` needs a field",
        span,
        help="name the field that it is looked for in: `field:value`",
        note="Elasticsearch refuses it in `KQL()`",
    )


def outside_group(span: Span, field: str, path: str) -> Diagnostic:
    rest = field.removeprefix(f"{path}.")
    return codes.NOT_NESTED.report(
        f"`{field}` lies in the nested field `{path}`", span, help=f"write `{path}:{{ {rest}:... }}`"
    )


def wrong_group(span: Span, field: str, path: str) -> Diagnostic:
    return codes.NOT_NESTED.report(
        f"`{field}` does not lie in the nested field `{path}`",
        span,
        help=f"ask for it outside `{path}:{{ ... }}`",
    )


def blank_in_wildcard(span: Span, words: list[str], info: FieldInfo) -> Diagnostic:
    alternatives = " or ".join(f"`{word}`" for word in words)
    return codes.BLANK_IN_WILDCARD.report(
        f"a blank takes this value apart: it finds {alternatives}",
        span,
        help="write `*` for each blank, or one condition for each word, joined by `and`",
        note=f"`{info.name}` is of type {info.elasticsearch_type}; only on a keyword is a blank a character",
    )


def null_value(span: Span, field: str) -> Diagnostic:
    return codes.NULL_VALUE.report(
        "`null` is no value that a field can have",
        span,
        help=f'write `not {field}:*` for a missing field, `"null"` for the text',
    )


def too_long(span: Span, limit: int) -> Diagnostic:
    return codes.TOO_LARGE.report(f"the query has more than {limit:,} characters", span, help="split the rule")


def too_many(span: Span, limit: int) -> Diagnostic:
    return codes.TOO_LARGE.report(
        f"the query asks more than {limit:,} questions, once spread over all fields", span, help="name the fields"
    )


def too_deep(span: Span, limit: int) -> Diagnostic:
    return codes.TOO_LARGE.report(
        f"the query is nested deeper than {limit} levels",
        span,
        help="remove needless parentheses, or split the rule",
    )
