"""KQL that Kibana accepts and that asks for something else than its author meant."""

import re
from collections.abc import Callable, Iterator

from rulewright_engine.checks.context import QueryContext, check
from rulewright_engine.ir.expression import Condition, Equals, Leaf, MatchesGlob, Or, Test
from rulewright_engine.ir.query import Language
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Label, Level
from rulewright_schema.source import Span

__all__ = ["LITERAL_QUESTION_MARK", "OPERATOR_IN_VALUE", "QUOTED_WILDCARD", "SINGLE_QUOTES"]


def _rule(query: str) -> str:
    return f"\n[rule]\ntype = \"query\"\nlanguage = \"kuery\"\nquery = '''{query}'''\n"


LITERAL_QUESTION_MARK = Code(
    code="RW543",
    name="kql-literal-question-mark",
    level=Level.WARNING,
    title="`?` is meant as the character that it is",
    why="KQL has one wildcard, `*`. A `?` stands for itself, so a value that uses it for any character finds nothing.",
    bad=_rule("dns.question.name:«cdn?.example.com»"),
    good=_rule("dns.question.name:cdn*.example.com"),
)
QUOTED_WILDCARD = Code(
    code="RW544",
    name="kql-quoted-wildcard",
    level=Level.WARNING,
    title="`*` stands where it is a wildcard",
    why="Between quotes every character stands for itself: the value is looked for with a star in it.",
    bad=_rule('process.args:«"*--encoded*"»'),
    good=_rule("process.args:*--encoded*"),
)
OPERATOR_IN_VALUE = Code(
    code="RW545",
    name="kql-operator-in-value",
    level=Level.WARNING,
    title="`and`, `or` and `not` stand between conditions",
    why="At the edge of an unquoted value the word belongs to the value, blanks included, and joins nothing.",
    bad=_rule("event.type:start and process.name:«nc and»"),
    good=_rule("event.type:start and process.name:nc"),
)
SINGLE_QUOTES = Code(
    code="RW546",
    name="kql-single-quotes",
    level=Level.WARNING,
    title="a value stands in double quotes",
    why="A single quote is an ordinary character of the value, so no document matches.",
    bad=_rule("process.name:«'nc'»"),
    good=_rule('process.name:"nc"'),
)

_PARAMETER = re.compile(r"[A-Za-z_][\w.%-]*(?:=|\*|&|$)")
_EDGE_WORD = re.compile(r"(?:and|or|not)\s|.*\s(?:and|or|not)\Z", re.IGNORECASE | re.DOTALL)


@check(LITERAL_QUESTION_MARK)
def check_question_marks(context: QueryContext) -> Iterator[Diagnostic]:
    for first, others in _suspects(context, lambda test, source: any(map(_is_meant_as_wildcard, _texts(test)))):
        yield context.report_in_query(
            LITERAL_QUESTION_MARK,
            first,
            "`?` stands for itself in KQL",
            help="write `*`, or list the values that are meant",
            secondary=others,
        )


def _is_meant_as_wildcard(text: str) -> bool:
    """A `?` that begins the parameters of an address is meant as it stands."""
    return any("?" in text and not _PARAMETER.match(rest) for rest in text.split("?")[1:])


@check(QUOTED_WILDCARD)
def check_quoted_wildcards(context: QueryContext) -> Iterator[Diagnostic]:
    """`"*"` alone asks for a star on purpose, and Windows itself names shares `\\\\*\\ADMIN$`."""

    def is_suspect(test: Test, source: str) -> bool:
        text = test.value if isinstance(test, Equals) and isinstance(test.value, str) else ""
        return source.endswith('"') and "*" in text and text != "*" and not text.startswith("\\\\*\\")

    for first, others in _suspects(context, is_suspect):
        yield context.report_in_query(
            QUOTED_WILDCARD,
            first,
            "`*` stands for itself between quotes",
            help="remove the quotes and escape what KQL has a use for, or write `\\*` unquoted for the character",
            secondary=others,
        )


@check(OPERATOR_IN_VALUE)
def check_edge_words(context: QueryContext) -> Iterator[Diagnostic]:
    def is_suspect(test: Test, source: str) -> bool:
        return not source.endswith('"') and any(map(_EDGE_WORD.match, _texts(test)))

    for first, others in _suspects(context, is_suspect):
        yield context.report_in_query(
            OPERATOR_IN_VALUE,
            first,
            "an operator is read as part of this value",
            help="write the condition that it should join, or quote the value",
            secondary=others,
        )


@check(SINGLE_QUOTES)
def check_single_quotes(context: QueryContext) -> Iterator[Diagnostic]:
    def is_suspect(test: Test, source: str) -> bool:
        return len(source) > 1 and source[0] == source[-1] == "'"

    for first, others in _suspects(context, is_suspect):
        yield context.report_in_query(
            SINGLE_QUOTES,
            first,
            "single quotes are part of this value",
            help='write `"`: KQL quotes with nothing else',
            secondary=others,
        )


Suspect = tuple[Span, tuple[Label, ...]]


def _suspects(context: QueryContext, is_suspect: Callable[[Test, str], bool]) -> Iterator[Suspect]:
    """The places of suspicious values, those of one list together: one list is one mistake.

    `is_suspect` is given the test of a condition and its value as it is written.
    """
    if context.query.language is not Language.KQL:
        return
    told: set[Span] = set()
    for node in context.conditions:
        places = [
            span
            for leaf in _elements(node)
            if (span := _value_span(leaf)) not in told
            and is_suspect(leaf.test, context.query.text[span.start : span.end])
        ]
        told.update(places)
        if places:
            distinct = list(dict.fromkeys(places))
            yield distinct[0], tuple(Label(span, "here, too") for span in distinct[1:])


def _elements(node: Condition) -> list[Leaf]:
    nodes = node.children if isinstance(node, Or) and node.listed else (node,)
    return [leaf for leaf in nodes if isinstance(leaf, Leaf)]


def _value_span(leaf: Leaf) -> Span:
    """A condition stands in the text as `field:value`, or, in a list, as its value alone."""
    value = leaf.text.partition(":")[2].removesuffix(" }")
    return Span(max(leaf.span.start, leaf.span.end - len(value)), leaf.span.end)


def _texts(test: Test) -> tuple[str, ...]:
    """The texts that a value must hold as they are."""
    match test:
        case Equals(str(text)):
            return (text,)
        case MatchesGlob(parts):
            return tuple(part for part in parts if not isinstance(part, Wild))
        case _:
            return ()
