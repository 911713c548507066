"""From the ast and the types of the fields to the typed expression, as Elasticsearch's `query_string` does it.

What a value means by the type of its field stands in `index_semantics`. What is Lucene's own: a group asks for its
required clauses and against its forbidden ones, and for one of the rest only where nothing is required; a group of
forbidden clauses alone is about all other documents; a value without a field is looked for in all fields whose type can
hold it; `_exists_:f` and `f:*` ask whether the field exists.
"""

import re
from collections.abc import Iterable
from functools import partial

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Constant,
    Exists,
    FieldType,
    Leaf,
    MatchesRegex,
    MatchesToken,
    Not,
    Or,
    Test,
)
from rulewright_engine.ir.fields import FieldInfo, FieldTypes
from rulewright_engine.ir.limits import MAX_QUERY_CONDITIONS
from rulewright_engine.ir.query import EventQuery, QueryOptions
from rulewright_engine.languages import field_problems
from rulewright_engine.languages.event_query import TooManyConditions, event_query
from rulewright_engine.languages.field_resolution import NamedFields
from rulewright_engine.languages.index_semantics import (
    NEVER,
    test_comparison,
    test_glob,
    test_range,
    test_value,
)
from rulewright_engine.languages.lucene import ast, problems
from rulewright_engine.languages.problems import Problems
from rulewright_engine.values.patterns import RegexError, parse_regex
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span

__all__ = ["lower"]

_PATTERNED = frozenset({FieldType.KEYWORD, FieldType.WILDCARD, FieldType.VERSION, FieldType.TEXT, FieldType.FLATTENED})
_SPECIAL = re.compile(r'[ \t\n\r\u3000+\-!():^\[\]"{}~*?\\/]')
_OPERATOR_WORDS = frozenset({"and", "or", "not"})


def lower(node: ast.Node, text: str, fields: FieldTypes, options: QueryOptions, found: Problems) -> EventQuery | None:
    """The query that `node`, read from `text`, stands for; None where it cannot run."""
    lowering = _Lowering(text, fields, options.now, found)
    too_many = problems.too_many(node.span, MAX_QUERY_CONDITIONS)
    return event_query(partial(lowering.condition, node), found, too_many)


class _Lowering:
    __slots__ = ("_fields", "_found", "_leaves", "_now", "_text")

    def __init__(self, text: str, fields: FieldTypes, now: int, found: Problems) -> None:
        self._text = text
        self._now = now
        self._leaves = 0
        self._found = found
        self._fields = NamedFields(fields, found)

    def condition(self, node: ast.Node) -> Condition:
        match node:
            case ast.MatchAll(span):
                return Constant(True, span)
            case ast.Boolean(clauses, span):
                return self._boolean(clauses, span)
            case ast.Match(name, value, span):
                return self._match(name, value, span)

    def _boolean(self, clauses: tuple[ast.Clause, ...], span: Span) -> Condition:
        required = [clause.node for clause in clauses if clause.occur is ast.Occur.MUST]
        optional = [clause.node for clause in clauses if clause.occur is ast.Occur.SHOULD]
        forbidden = [clause.node for clause in clauses if clause.occur is ast.Occur.MUST_NOT]
        conditions = [self.condition(node) for node in required]
        alternatives = [self.condition(node) for node in optional]
        if required:
            self._report_without_effect(optional)
        elif alternatives:
            conditions.append(_either(alternatives, span))
        conditions.extend(Not(self.condition(node), node.span) for node in forbidden)
        return conditions[0] if len(conditions) == 1 else And(tuple(conditions), span)

    def _report_without_effect(self, nodes: Iterable[ast.Node]) -> None:
        for node in nodes:
            self._found.append(problems.without_effect(node.span, self._source(node.span)))

    # Fields

    def _match(self, name: ast.Name | None, value: ast.Value, span: Span) -> Condition:
        if isinstance(value, ast.Term) and value.text in _OPERATOR_WORDS:
            self._found.append(problems.lowercase_operator(value.span, value.text))
        if isinstance(value, ast.Regex) and isinstance(error := parse_regex(value.pattern), RegexError):
            self._found.append(problems.bad_regex(value.span, error.message))
            return NEVER
        if name is None or name.text == "*":
            return self._anywhere(value, span)
        if name.text == "_exists_":
            return self._exists(value, span)
        infos = self._infos(name.text, name.span)
        return _either([self._holds(info, value, span) for info in infos], span)

    def _infos(self, name: str, span: Span) -> list[FieldInfo]:
        if "*" in name:
            return self._fields.matching(name, span)
        info = self._fields.one(name, span)
        return [] if info is None else [info]

    def _exists(self, value: ast.Value, span: Span) -> Condition:
        name = value.text if isinstance(value, ast.Term | ast.Phrase) else self._source(value.span)
        found = [below for info in self._infos(name, value.span) for below in self._fields.below(info)]
        return _either([self._leaf(info, Exists(), "*", span) for info in found], span)

    def _anywhere(self, value: ast.Value, span: Span) -> Condition:
        """In every field whose type can hold the value."""
        if isinstance(value, ast.Term) and value.is_star:
            return Constant(True, span)
        if self._is_fuzzy(value):
            return NEVER
        found: list[Condition] = []
        for info in self._fields.all("*"):
            test = self._test(value, info)
            if test is not None and not isinstance(test, Constant):
                found.append(self._leaf(info, test, self._source(value.span), span))
        return _either(found, span)

    # Values

    def _holds(self, info: FieldInfo, value: ast.Value, span: Span) -> Condition:
        if isinstance(value, ast.Term) and value.is_star:
            return _either([self._leaf(each, Exists(), "*", span) for each in self._fields.below(info)], span)
        if self._is_fuzzy(value, info) or self._is_refused_below_flattened(value, info):
            return NEVER
        test = self._test(value, info)
        match test:
            case None:
                self._found.append(self._unsuitable(value, info))
                return NEVER
            case Constant():
                self._found.append(field_problems.never_held(value.span, self._source(value.span), info))
                return NEVER
            case _:
                return self._leaf(info, test, self._source(value.span), span)

    def _test(self, value: ast.Value, info: FieldInfo) -> Test | Constant | None:
        match value:
            case ast.Regex(pattern):
                if info.type not in _PATTERNED:
                    return None
                return MatchesToken(MatchesRegex(pattern)) if info.type is FieldType.TEXT else MatchesRegex(pattern)
            case ast.Phrase(text):
                return test_value(text, info.type, phrase=True, now=self._now)
            case ast.Range():
                return self._range(value, info)
            case ast.Term() if value.has_wildcard:
                return test_glob(value.parts, info.type)
            case ast.Term():
                return test_value(value.text, info.type, phrase=False, now=self._now)

    def _range(self, value: ast.Range, info: FieldInfo) -> Test | None:
        if value.low and value.high:
            return test_range(value.low, value.high, info.type, now=self._now)
        side = value.low or value.high
        if side is None:
            return Exists()
        operator, bound = side
        return test_comparison(operator, bound, info.type, now=self._now)

    def _is_refused_below_flattened(self, value: ast.Value, info: FieldInfo) -> bool:
        """Whether Elasticsearch refuses the value for a key of a flattened field; said so, as what it misreads."""
        if not info.flattened_in:
            return False
        match value:
            case ast.Regex():
                self._found.append(self._unsuitable(value, info))
            case ast.Range(low, high) if (low is None) != (high is None):
                self._found.append(field_problems.one_sided_range(value.span, info))
            case ast.Term() if value.has_wildcard:
                self._fields.warn_of_wildcard(info, value.span)
                return False
            case _:
                return False
        return True

    def _is_fuzzy(self, value: ast.Value, info: FieldInfo | None = None) -> bool:
        """Whether no single event decides what the value finds; said so."""
        is_analysed = info is None or info.type is FieldType.TEXT
        match value:
            case ast.Term(fuzziness=distance):
                is_exact = distance in {None, "0"}
            case ast.Phrase(slop=distance):
                is_exact = distance in {None, "0"} or not is_analysed
            case _:
                is_exact = True
        if is_exact:
            return False
        self._found.append(problems.fuzzy(value.span, self._source(value.span)))
        return True

    def _unsuitable(self, value: ast.Value, info: FieldInfo) -> Diagnostic:
        match value:
            case ast.Regex():
                return field_problems.unsuitable_wildcard(value.span, info, "regular expressions")
            case ast.Range(low, high):
                bound = (low or high or ("", ""))[1]
                return field_problems.unsuitable_range(value.span, bound, info)
            case ast.Term() if value.has_wildcard:
                return field_problems.unsuitable_wildcard(value.span, info)
            case ast.Term() | ast.Phrase():
                return field_problems.unsuitable_value(value.span, value.text, info)

    def _leaf(self, info: FieldInfo, test: Test, asked: str, span: Span) -> Leaf:
        self._leaves += 1
        if self._leaves > MAX_QUERY_CONDITIONS:
            raise TooManyConditions
        return Leaf(info.field(), test, f"{_escaped(info.name)}:{asked}", span)

    def _source(self, span: Span) -> str:
        return self._text[span.start : span.end]


def _either(conditions: list[Condition], span: Span) -> Condition:
    return conditions[0] if len(conditions) == 1 else Or(tuple(conditions), listed=True, span=span)


def _escaped(name: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", name)
