"""KQL, QSTR, MATCH and `:`: questions to the event itself, where any value of a field may match.

They are the one place where ES|QL does not treat a multivalue as null: the event is asked by the evaluator of KQL and
Lucene, so a condition holds if some value of the field meets it.
"""

from dataclasses import dataclass
from functools import partial

from rulewright_engine.esql.analysis.plan import (
    Apply,
    Constant,
    EventTest,
    Reference,
    Typed,
)
from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.ast import Call, MapLiteral
from rulewright_engine.esql.syntax.ast import Literal as LiteralNode
from rulewright_engine.esql.syntax.literals import span_in
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.functions.text import string
from rulewright_engine.ir.expression import (
    And,
    Condition,
    FieldType,
    Leaf,
    MatchesText,
)
from rulewright_engine.ir.expression import Constant as Always
from rulewright_engine.ir.fields import FieldInfo, FieldTypes, MappingFields
from rulewright_engine.ir.query import EventQuery, Language, QueryOptions
from rulewright_engine.languages.index_semantics import test_value
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.values import text_analyzer
from rulewright_schema.diagnostics import Diagnostic

__all__ = ["FUNCTIONS", "resolve"]

_LANGUAGES = {"kql": Language.KQL, "qstr": Language.LUCENE}
FUNCTIONS = frozenset({*_LANGUAGES, "match", "match_phrase"})

Arguments = tuple[Typed | MapLiteral, ...]


def resolve(
    text: str, node: Call, arguments: Arguments, fields: FieldTypes, now: int
) -> EventTest | tuple[Diagnostic, ...]:
    """The test behind a call in the query `text`, or why there is none."""
    values = [argument for argument in arguments if not isinstance(argument, MapLiteral)]
    wanted = 1 if node.function in _LANGUAGES else 2
    if len(values) != wanted or len(arguments) > wanted + 1:
        needs = "1 text and options" if wanted == 1 else "a column, a value and options"
        return (problems.wrong_count(node.name, node.function, len(arguments), needs),)
    query = values[-1]
    if not isinstance(query, Constant) or isinstance(query.value, list):
        return (problems.needs_constant(query.span, f"what `{node.function}` looks for"),)
    if node.function in _LANGUAGES:
        return _query(text, node, query, fields, now)
    return _match(node, values[0], query, _options(arguments), now)


def _options(arguments: Arguments) -> dict[str, object]:
    last = arguments[-1]
    if not isinstance(last, MapLiteral):
        return {}
    return {key: value.value for key, value in last.items if isinstance(value, LiteralNode)}


def _query(text: str, node: Call, query: Constant, fields: FieldTypes, now: int) -> EventTest | tuple[Diagnostic, ...]:
    if not isinstance(query.value, str):
        return (problems.wrong_type(query.span, f"`{node.function}` takes a query as text"),)
    known = fields if isinstance(fields, MappingFields) else _Assumed(fields)
    parsed = parse_query(_LANGUAGES[node.function], query.value, known, QueryOptions(now=now))
    if isinstance(parsed.query, EventQuery):
        return _test(parsed.query.condition, query.value)
    to_query = partial(span_in, text, query.span)
    return tuple(diagnostic.relocated("", to_query) for diagnostic in parsed.diagnostics)


@dataclass(frozen=True, slots=True)
class _Assumed:
    """A catalogue, unlike a mapping, may lack a field; one that it lacks is taken for a keyword."""

    fields: FieldTypes

    def lookup(self, name: str) -> FieldInfo | None:
        return self.fields.lookup(name) or FieldInfo(name, "keyword", FieldType.KEYWORD, inferred=True)

    def nearest(self, name: str) -> str | None:
        return self.fields.nearest(name)

    def matching(self, pattern: str) -> tuple[str, ...]:
        return self.fields.matching(pattern)


def _test(condition: Condition, text: str) -> EventTest:
    names = dict.fromkeys(field.name for field in condition.fields())
    return EventTest(text, condition, compile_condition(condition), tuple(names))


def _match(
    node: Call, column: Typed, query: Constant, options: dict[str, object], now: int
) -> EventTest | tuple[Diagnostic, ...]:
    if isinstance(column, Apply) and column.function.traits.writes_text:  # `field::string` is the field
        column = column.arguments[0]
    if not isinstance(column, Reference) or column.column.field is None:
        return (problems.needs_field(column.span, node.function),)
    info = column.column.field
    field = info.field()
    text = query.value if isinstance(query.value, str) else string(query.value)
    label = f"{info.name}: {text}"
    if info.type is FieldType.TEXT and node.function == "match" and str(options.get("operator", "or")).lower() == "and":
        tokens = text_analyzer.tokens(text)
        return _test(And(tuple(Leaf(field, MatchesText((token,), phrase=True), label) for token in tokens)), label)
    test = test_value(text, info.type, phrase=node.function == "match_phrase", now=now)
    if test is None:
        return (problems.wrong_type(query.span, f"`{text}` cannot be looked for in `{info.name}`"),)
    return _test(test if isinstance(test, Always) else Leaf(field, test, label), label)
