"""From the ast and the types of the fields to the typed expression, as Elasticsearch's `query_string` does it.

What a value means by the type of its field stands in `index_semantics`. What is Lucene's own: a group asks for its
required clauses and against its forbidden ones, and for one of the rest only where nothing is required; a group of
forbidden clauses alone is about all other documents; a value without a field is looked for in all fields whose type can
hold it; `_exists_:f` and `f:*` ask whether the field exists.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import partial

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Constant,
    Exists,
    FieldType,
    Leaf,
    MatchesRegex,
    MatchesText,
    MatchesToken,
    Not,
    Or,
    Test,
)
from rulewright_engine.ir.fields import FieldInfo, FieldTypes
from rulewright_engine.ir.limits import MAX_QUERY_CONDITIONS
from rulewright_engine.ir.query import EventQuery, QueryOptions
from rulewright_engine.ir.search_options import Fuzziness, MinimumMatch, at_least
from rulewright_engine.languages import field_problems
from rulewright_engine.languages.event_query import TooManyConditions, event_query, some_field
from rulewright_engine.languages.field_resolution import NamedFields
from rulewright_engine.languages.index_semantics import (
    NEVER,
    test_comparison,
    test_fuzzy,
    test_glob,
    test_range,
    test_value,
)
from rulewright_engine.languages.lucene import ast, problems
from rulewright_engine.languages.problems import Problems
from rulewright_engine.languages.word_search import words_condition
from rulewright_engine.values.patterns import RegexError, parse_regex
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span

__all__ = ["lower"]

_PATTERNED = frozenset({FieldType.KEYWORD, FieldType.WILDCARD, FieldType.VERSION, FieldType.TEXT, FieldType.FLATTENED})
_SPECIAL = re.compile(r'[ \t\n\r\u3000+\-!():^\[\]"{}~*?\\/]')
_OPERATOR_WORDS = frozenset({"and", "or", "not"})


def lower(node: ast.Node, text: str, fields: FieldTypes, options: QueryOptions, found: Problems) -> EventQuery | None:
    """The query that `node`, read from `text`, stands for; None where it cannot run."""
    lowering = _Lowering(text, fields, options, found)
    too_many = problems.too_many(node.span, MAX_QUERY_CONDITIONS)
    return event_query(partial(lowering.query, node), found, too_many)


class _Lowering:
    __slots__ = ("_fields", "_found", "_leaves", "_now", "_search", "_text")

    def __init__(self, text: str, fields: FieldTypes, options: QueryOptions, found: Problems) -> None:
        self._text = text
        self._now = options.now
        self._search = options.search
        self._leaves = 0
        self._found = found
        self._fields = NamedFields(fields, found)

    def query(self, node: ast.Node) -> Condition:
        """The whole query: a minimum is of its outermost clauses, or of the words of its only value."""
        return self.condition(node, self._search.minimum)

    def condition(self, node: ast.Node, minimum: MinimumMatch | None = None) -> Condition:
        match node:
            case ast.MatchAll(span):
                return Constant(True, span)
            case ast.Boolean(clauses, span):
                return self._boolean(clauses, span, minimum)
            case ast.Match(name, value, span):
                return self._match(name, value, span, minimum)

    def _boolean(self, clauses: tuple[ast.Clause, ...], span: Span, minimum: MinimumMatch | None) -> Condition:
        required = [clause.node for clause in clauses if clause.occur is ast.Occur.MUST]
        optional = [clause.node for clause in clauses if clause.occur is ast.Occur.SHOULD]
        forbidden = [clause.node for clause in clauses if clause.occur is ast.Occur.MUST_NOT]
        conditions = [self.condition(node) for node in required]
        alternatives = [self.condition(node) for node in optional]
        wanted = 0 if minimum is None else minimum.of(len(optional))
        if wanted:
            conditions.append(_bounded(at_least(alternatives, wanted)))
        elif required:
            self._report_without_effect(optional)
        elif alternatives:
            conditions.append(_either(alternatives, span))
        conditions.extend(Not(self.condition(node), node.span) for node in forbidden)
        return conditions[0] if len(conditions) == 1 else And(tuple(conditions), span)

    def _report_without_effect(self, nodes: Iterable[ast.Node]) -> None:
        for node in nodes:
            self._found.append(problems.without_effect(node.span, self._source(node.span)))

    # Fields

    def _match(
        self, name: ast.Name | None, value: ast.Value, span: Span, minimum: MinimumMatch | None = None
    ) -> Condition:
        for word in _words_of(value):
            if word.text in _OPERATOR_WORDS:
                self._found.append(problems.lowercase_operator(word.span, word.text))
        if isinstance(value, ast.Regex) and isinstance(error := parse_regex(value.pattern), RegexError):
            self._found.append(problems.bad_regex(value.span, error.message))
            return NEVER
        if isinstance(value, ast.Term) and (problem := self._fuzziness_problem(value)) is not None:
            self._found.append(problem)
            return NEVER
        if name is None:
            if not self._search.default_field:
                self._report_free_text(value)
            name = ast.Name(self._search.default_field or "*", value.span)
        if name.text == "*":
            return self._anywhere(value, span)
        if name.text == "_exists_":
            return self._exists(value, span)
        infos = self._infos(name.text, name.span)
        only = minimum if len(infos) == 1 else None
        return some_field(
            [self._holds(info, value, span, only) for info in infos], f"{name.text}:{self._asked(value)}", span
        )

    def _report_free_text(self, value: ast.Value) -> None:
        if not (isinstance(value, ast.Term) and value.is_star):
            self._fields.free_text(value.span, self._source(value.span))

    def _fuzziness_problem(self, term: ast.Term) -> Diagnostic | None:
        if term.fuzziness is None:
            return None
        if term.has_wildcard:
            source = self._source(term.span)
            at = source.rindex("~")
            return problems.idle_fuzziness(Span(term.span.start + at, term.span.end), source[at:])
        if term.fuzziness and Fuzziness.parse(term.fuzziness) is None:
            return problems.bad_fuzziness(term.span, self._source(term.span), term.fuzziness)
        return None

    def _infos(self, name: str, span: Span) -> list[FieldInfo]:
        if "*" in name:
            return [info for info in self._fields.matching(name, span) if not self._fields.hiding(info)]
        info = self._fields.one(name, span)
        if info is None:
            return []
        if nested := self._fields.hiding(info):
            way_out = f"use a rule in KQL, with `{nested}:{{ ... }}`"
            self._found.append(field_problems.hidden_in_nested(span, info, nested, way_out))
            return []
        return [info]

    def _exists(self, value: ast.Value, span: Span) -> Condition:
        name = value.text if isinstance(value, ast.Term | ast.Phrase) else self._source(value.span)
        found = [below for info in self._infos(name, value.span) for below in self._fields.below(info)]
        return some_field([self._leaf(info, Exists(), "*", span) for info in found], f"_exists_:{name}", span)

    def _anywhere(self, value: ast.Value, span: Span) -> Condition:
        """In every field whose type can hold the value."""
        if isinstance(value, ast.Term) and value.is_star:
            return Constant(True, span)
        found: list[Condition] = []
        for info in self._fields.all("*"):
            if self._fields.hiding(info):
                continue
            test = self._test(value, info)
            if test is not None and not isinstance(test, Constant):
                found.append(self._tested(info, test, self._asked(value), span))
        return some_field(found, self._asked(value), span)

    # Values

    def _holds(self, info: FieldInfo, value: ast.Value, span: Span, minimum: MinimumMatch | None) -> Condition:
        if isinstance(value, ast.Term) and value.is_star:
            below = [self._leaf(each, Exists(), "*", span) for each in self._fields.below(info)]
            return some_field(below, f"{info.name}:*", span)
        if self._is_refused_below_flattened(value, info):
            return NEVER
        test = self._test(value, info)
        match test:
            case None | Constant() if self._search.lenient:
                return NEVER
            case None:
                self._found.append(self._unsuitable(value, info))
                return NEVER
            case Constant():
                self._found.append(field_problems.never_held(value.span, self._source(value.span), info))
                return NEVER
            case _:
                self._report_joined(value, info)
                return self._tested(info, test, self._asked(value), span, minimum)

    def _report_joined(self, value: ast.Value, info: FieldInfo) -> None:
        """Say that neighbouring words are one text; where an operator is among them, that is said already."""
        words = [word.text for word in _words_of(value)]
        if len(words) > 1 and info.type is not FieldType.TEXT and not _OPERATOR_WORDS.intersection(words):
            sources = [self._source(word.span) for word in _words_of(value)]
            text = self._source(value.span)
            self._found.append(problems.joined_words(value.span, text, info.name, info.elasticsearch_type, sources))

    def _tested(
        self, info: FieldInfo, test: Test, asked: str, span: Span, minimum: MinimumMatch | None = None
    ) -> Condition:
        """A leaf; one for each word where more than some word of a value is asked for."""
        match test:
            case MatchesText(words, phrase=False) if len(words) > 1 and (self._search.all_words or minimum):
                leaves = [self._leaf(info, MatchesText((word,), phrase=True), word, span) for word in words]
                return _bounded(words_condition(leaves, replace(self._search, minimum=minimum)))
            case _:
                return self._leaf(info, test, asked, span)

    def _test(self, value: ast.Value, info: FieldInfo) -> Test | Constant | None:
        match value:
            case ast.Regex(pattern):
                if info.type not in _PATTERNED:
                    return None
                return MatchesToken(MatchesRegex(pattern)) if info.type is FieldType.TEXT else MatchesRegex(pattern)
            case ast.Phrase(text, slop):
                loose = self._search.slop if slop is None else int(float(slop or 0))
                zone = self._search.time_zone
                return test_value(text, info.type, phrase=True, now=self._now, slop=loose, zone=zone)
            case ast.Range():
                return self._range(value, info)
            case ast.Term() if value.has_wildcard:
                return test_glob(value.parts, info.type)
            case ast.Term(fuzziness=str(edits)):
                fuzziness = Fuzziness.parse(edits) if edits else self._search.fuzziness
                assert fuzziness is not None  # Invariant: `_match` has reported others
                return test_fuzzy(value.text, info, fuzziness.edits(value.text), self._search)
            case ast.Term():
                return test_value(value.text, info.type, phrase=False, now=self._now, zone=self._search.time_zone)

    def _range(self, value: ast.Range, info: FieldInfo) -> Test | None:
        if value.low and value.high:
            return test_range(value.low, value.high, info.type, now=self._now, zone=self._search.time_zone)
        side = value.low or value.high
        if side is None:
            return Exists()
        operator, bound = side
        return test_comparison(operator, bound, info.type, now=self._now, zone=self._search.time_zone)

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

    def _unsuitable(self, value: ast.Value, info: FieldInfo) -> Diagnostic:
        match value:
            case ast.Regex():
                return field_problems.unsuitable_wildcard(value.span, info, "regular expressions")
            case ast.Range(low, high):
                bound = (low or high or ("", ""))[1]
                return field_problems.unsuitable_range(value.span, bound, info)
            case ast.Term() if value.has_wildcard:
                return field_problems.unsuitable_wildcard(value.span, info)
            case ast.Term(fuzziness=str()):
                return field_problems.unsuitable_wildcard(value.span, info, "fuzzy terms")
            case ast.Term() | ast.Phrase():
                return field_problems.unsuitable_value(value.span, value.text, info)

    def _leaf(self, info: FieldInfo, test: Test, asked: str, span: Span) -> Leaf:
        self._leaves += 1
        if self._leaves > MAX_QUERY_CONDITIONS:
            raise TooManyConditions
        return Leaf(info.field(), test, f"{_escaped(info.name)}:{asked}", span)

    def _asked(self, value: ast.Value) -> str:
        """The value as the text of a condition: neighbouring words belong together in parentheses."""
        source = self._source(value.span)
        is_joined = not isinstance(value, ast.Phrase | ast.Regex) and source[:1] not in {"[", "{"} and " " in source
        return f"({source})" if is_joined else source

    def _source(self, span: Span) -> str:
        return self._text[span.start : span.end]


def _bounded(condition: Condition | None) -> Condition:
    if condition is None:
        raise TooManyConditions
    return condition


def _either(conditions: list[Condition], span: Span) -> Condition:
    return conditions[0] if len(conditions) == 1 else Or(tuple(conditions), listed=True, span=span)


def _words_of(value: ast.Value) -> tuple[ast.Term, ...]:
    return (value.words or (value,)) if isinstance(value, ast.Term) else ()


def _escaped(name: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", name)
