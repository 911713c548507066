"""Characters of patterns and literals that mean something else than they seem to."""

import re
from collections.abc import Iterator

from rulewright_engine.checks.esql.context import EsqlContext, check
from rulewright_engine.esql.functions.registry import traits_of
from rulewright_engine.esql.functions.traits import Element
from rulewright_engine.esql.syntax.ast import Call, Literal
from rulewright_engine.esql.syntax.literals import span_in
from rulewright_engine.ir.operators import Operator
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.source import Span

__all__ = ["DEAD_LITERAL", "RLIKE_OPERATOR", "first_operator"]

RLIKE_OPERATOR = Code(
    code="RW590",
    name="esql-rlike-operator",
    level=Level.WARNING,
    title="the characters of an RLIKE pattern mean what they seem to",
    why="RLIKE is Lucene's dialect: `@` is any text, `&` intersects, `#` matches nothing, `<1-9>` is a range and "
    '`"..."` a literal, while `^`, `$`, `(?i)` and `\\b` have no meaning of their own. The pattern always has to '
    "match the whole text.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where user.email rlike ".+«@»example.com"
| stats Esql.event_count = count(*) by user.email
| keep user.email, Esql.*
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where user.email rlike ".+[@]example[.]com"
| stats Esql.event_count = count(*) by user.email
| keep user.email, Esql.*
'''
""",
)
DEAD_LITERAL = Code(
    code="RW591",
    name="esql-dead-literal",
    level=Level.WARNING,
    title="a literal can be met",
    why="LIKE knows `*` and `?`; `%` and `_`, the wildcards of SQL, match themselves only. And a text in lower case is "
    "never equal to one with a capital letter.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where process.command_line like «"%/tmp/%"»
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.*
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where process.command_line like "*/tmp/*"
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.*
'''
""",
)

_ATOM = re.compile(
    r"""
    \[\^?\]?(?:\\.|[^\]\\])*\]                      # a class, in which all of this is ordinary
    | (?P<escape>\\.)
    | (?P<any>@) | (?P<both>&) | (?P<nothing>\#) | (?P<quote>") | (?P<range><\d*-\d*>)
    | (?P<start>\^) | (?P<end>\$) | (?P<group>\(\?) | (?P<empty>\|\|) | .
    """,
    re.VERBOSE | re.DOTALL,
)
_MEANINGS = {
    "any": "stands for any text",
    "both": "wants both sides to match the same text",
    "nothing": "matches nothing",
    "quote": "makes what follows a literal, up to the next quote, and is itself no part of the text",
    "range": "is a number in that range",
    "start": "is an ordinary character: a pattern always begins at the start",
    "end": "is an ordinary character: a pattern always ends at the end",
    "group": "opens a group that may be left out: there are no flags and no look-around",
    "empty": "makes the second bar an ordinary character",
}
_LITERAL = frozenset({Operator.EQUALS, Operator.IN, Operator.LIKE})
_ESCAPED = frozenset("dDsSwW")


def first_operator(pattern: str) -> tuple[Span, str] | None:
    """The first character of an RLIKE pattern that a reader may misread, and what it means."""
    if pattern.startswith(("*", "+", "?")):
        return Span(0, 1), "is an ordinary character at the start of a pattern"
    for match in _ATOM.finditer(pattern):
        kind = match.lastgroup
        if kind == "escape":
            letter = match[0][1]
            if letter.isalnum() and letter not in _ESCAPED:
                return Span(*match.span()), f"is the character `{letter}`"
        elif kind is not None:
            return Span(*match.span()), _MEANINGS[kind]
    return None


@check(RLIKE_OPERATOR)
def check_operators(context: EsqlContext) -> Iterator[Diagnostic]:
    """One mistake is one pattern, so only its first such character is reported."""
    for call, _ in context.calls:
        if traits_of(call.function).element is not Element.REGEX:
            continue
        for pattern in call.arguments[1:]:
            found = first_operator(str(pattern.value)) if isinstance(pattern, Literal) else None
            if found is not None:
                span = span_in(context.query.text, pattern.span, found[0])
                message = f"`{str(pattern.value)[found[0].start : found[0].end]}` {found[1]}"  # type: ignore[union-attr]
                yield context.report_in_query(
                    RLIKE_OPERATOR, span, message, help="put the character in a class, `[@]` say, or leave it out"
                )


@check(DEAD_LITERAL)
def check_literals(context: EsqlContext) -> Iterator[Diagnostic]:
    for call, _ in context.calls:
        if traits_of(call.function).element is Element.GLOB:
            yield from _foreign_wildcards(context, call)
        if call.function in _LITERAL and call.arguments:
            yield from _other_case(context, call)


def _foreign_wildcards(context: EsqlContext, call: Call) -> Iterator[Diagnostic]:
    for pattern in call.arguments[1:]:
        text = str(pattern.value) if isinstance(pattern, Literal) else ""
        if "%" in text and "*" not in text and re.search(r"^%|%$|%.*%", text):
            yield context.report_in_query(
                DEAD_LITERAL,
                pattern.span,
                "`%` is an ordinary character: this matches texts with percent signs only",
                help="write `*` for any text",
            )


def _other_case(context: EsqlContext, call: Call) -> Iterator[Diagnostic]:
    """`to_lower(x) == "ABC"`: no text in lower case has a capital letter."""
    subject, *literals = call.arguments
    if not isinstance(subject, Call) or (change := traits_of(subject.function).changes_case) is None:
        return
    for literal in literals:
        text = literal.value if isinstance(literal, Literal) else None
        if isinstance(text, str) and change(text) != text:
            yield context.report_in_query(
                DEAD_LITERAL,
                literal.span,
                f"`{subject.function}` never gives this text",
                help=f'write `"{change(text)}"`',
            )
