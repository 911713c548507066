"""From the ast and the types of the fields to the typed expression, as Kibana turns KQL into Elasticsearch queries.

What a value means by the type of its field stands in `index_semantics`. What is KQL's own: `*` as a value asks whether
the field exists; a name with wildcards stands for all known fields that match, an unknown name for none; a value
without a field is looked for in all fields whose type can hold it; `path:{ ... }` is about one object.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial

from rulewright_engine.ir.expression import (
    And,
    Comparison,
    Condition,
    Constant,
    Equals,
    Exists,
    FieldType,
    Leaf,
    Nested,
    Not,
    Or,
    Test,
)
from rulewright_engine.ir.fields import FieldInfo, FieldTypes
from rulewright_engine.ir.limits import MAX_QUERY_CONDITIONS
from rulewright_engine.ir.query import EventQuery, QueryOptions
from rulewright_engine.languages import field_problems
from rulewright_engine.languages.event_query import TooManyConditions, event_query, some_field
from rulewright_engine.languages.field_resolution import NamedFields
from rulewright_engine.languages.index_semantics import (
    NEVER,
    test_comparison,
    test_glob,
    test_value,
)
from rulewright_engine.languages.kql import ast, problems
from rulewright_engine.languages.kql.tokens import BLANKS
from rulewright_engine.languages.problems import Problems
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.source import Span

__all__ = ["lower"]

Word = tuple[str | Wild, ...]

_TAKEN_APART = ("wildcard", "constant_keyword")
"""Types of which Kibana sends a value with wildcards to `query_string`; on a keyword it asks a wildcard query."""


def lower(node: ast.Node, text: str, fields: FieldTypes, options: QueryOptions, found: Problems) -> EventQuery | None:
    """The query that `node`, read from `text`, stands for; None where it cannot run."""
    lowering = _Lowering(text, fields, options, found)
    too_many = problems.too_many(node.span, MAX_QUERY_CONDITIONS)
    return event_query(partial(lowering.condition, node, ""), found, too_many)


class _Lowering:
    __slots__ = ("_fields", "_found", "_leaves", "_now", "_search", "_text", "_types")

    def __init__(self, text: str, fields: FieldTypes, options: QueryOptions, found: Problems) -> None:
        self._text = text
        self._types = fields
        self._now = options.now
        self._search = options.search
        self._leaves = 0
        self._found = found
        self._fields = NamedFields(fields, found)

    def condition(self, node: ast.Node, path: str) -> Condition:
        """`path` is the nested field around the node; empty outside."""
        match node:
            case ast.MatchAll(span):
                return Constant(True, span)
            case ast.And(children, span):
                return And(tuple(self.condition(child, path) for child in children), span)
            case ast.Or(children, listed, span):
                return Or(tuple(self.condition(child, path) for child in children), listed, span)
            case ast.Not(child, span):
                return Not(self.condition(child, path), span)
            case ast.Nested(name, child, span):
                return self._nested(name, child, span, path)
            case ast.Is(field, value, span):
                return self._anywhere(value, span, path) if field is None else self._is(field, value, span, path)
            case ast.Range(field, operator, bound, span):
                return self._range(field, operator, bound, span, path)

    def _nested(self, name: ast.Literal, child: ast.Node, span: Span, path: str) -> Condition:
        inner = _joined(path, name.text)
        info = self._types.lookup(inner)
        if info is not None and info.type is not FieldType.OBJECT:
            self._found.append(problems.not_nested(name.span, inner, info.elasticsearch_type))
            return Constant(False, span)
        if self._search.native and not self._fields.is_nested(inner):
            self._found.append(problems.not_nested(name.span, inner, info.elasticsearch_type if info else "object"))
            return Constant(False, span)
        return Nested(inner, self.condition(child, inner), span)

    def _is(self, field: ast.Literal, value: ast.Literal, span: Span, path: str) -> Condition:
        if field.is_star and value.is_star:
            return Constant(True, span)
        if field.is_star and self._search.native:
            return self._in_fields(self._fields.all(f"{path}.*" if path else "*"), value, span, path)
        if value.is_null:
            self._found.append(problems.null_value(value.span, field.text))
            return Constant(False, span)
        return self._any_field(field, path, span, lambda info: self._holds(info, value, span, path))

    def _range(self, field: ast.Literal, operator: Comparison, bound: ast.Literal, span: Span, path: str) -> Condition:
        def compare(info: FieldInfo) -> Condition:
            if info.flattened_in:
                self._found.append(field_problems.one_sided_range(span, info))
                return NEVER
            test = test_comparison(operator, bound.text, info.type, now=self._now, zone=self._search.time_zone)
            if test is not None:
                return self._leaf(info, test, f"{operator} {self._source(bound.span)}", span, path)
            self._found.append(field_problems.unsuitable_range(bound.span, bound.text, info))
            return NEVER

        return self._any_field(field, path, span, compare)

    # Fields

    def _any_field(self, field: ast.Literal, path: str, span: Span, ask: Callable[[FieldInfo], Condition]) -> Condition:
        """`ask` of the field; of each known field that a name with wildcards matches."""
        name = _joined(path, field.text)
        if not field.has_wildcard:
            info = self._one(field, name, path)
            return Constant(False, span) if info is None else self._wrapped(info, ask(info), path, span)
        found = self._fields.matching(name, field.span)
        asked = tuple(self._wrapped(info, ask(info), path, span) for info in found)
        return some_field(asked, self._source(span), span)

    def _one(self, field: ast.Literal, name: str, path: str) -> FieldInfo | None:
        info = self._fields.one(name, field.span, within=path)
        if info is not None and (around := self._fields.nested_around(name)) != path:
            if not path and not self._search.native:
                self._found.append(problems.outside_group(field.span, name, around))
            elif path and self._fields.is_nested(path):
                self._found.append(problems.wrong_group(field.span, name, path))
        return info

    def _wrapped(self, info: FieldInfo, condition: Condition, path: str, span: Span) -> Condition:
        """A field that a wildcard found inside a nested field is asked there, as Kibana does it."""
        around = self._fields.nested_around(info.name)
        return Nested(around, condition, span) if around and not path else condition

    # Values

    def _holds(self, info: FieldInfo, value: ast.Literal, span: Span, path: str) -> Condition:
        if value.is_star:
            return self._exists(info, span, path)
        if value.has_wildcard and info.type is FieldType.TEXT:
            return self._some_token(info, value, span, path)
        if (
            value.has_wildcard
            and info.elasticsearch_type in _TAKEN_APART
            and len(words := tuple(_joined_words(value))) > 1
        ):
            return self._some_glob(info, value, words, span, path)
        source = self._source(value.span)
        insensitive = self._search.insensitive and info.elasticsearch_type == "keyword"
        if value.has_wildcard:
            self._fields.warn_of_wildcard(info, value.span)
            test: Test | Constant | None = test_glob(value.parts, info.type, insensitive=insensitive)
        else:
            zone = self._search.time_zone
            test = test_value(value.text, info.type, phrase=value.quoted, now=self._now, zone=zone)
        if insensitive and isinstance(test, Equals):
            test = replace(test, insensitive=True)
        match test:
            case None if info.inferred and info.type is not FieldType.KEYWORD:
                # No schema defines the type: a value that does not fit speaks against the guess, not against the rule.
                return self._holds(
                    replace(info, elasticsearch_type="keyword", type=FieldType.KEYWORD), value, span, path
                )
            case None if value.has_wildcard:
                self._found.append(field_problems.unsuitable_wildcard(value.span, info))
                return NEVER
            case None:
                self._found.append(field_problems.unsuitable_value(value.span, value.text, info))
                return NEVER
            case Constant():
                self._found.append(field_problems.never_held(value.span, value.text, info))
                return NEVER
            case _:
                return self._leaf(info, test, f":{source}", span, path)

    def _exists(self, info: FieldInfo, span: Span, path: str) -> Condition:
        if self._fields.is_nested(info.name):
            way_out = f"ask for a field of it: `{info.name}:{{ ... }}`"
            self._found.append(field_problems.hidden_in_nested(span, info, info.name, way_out))
            return NEVER
        found = tuple(self._leaf(each, Exists(), ":*", span, path) for each in self._fields.below(info))
        return some_field(found, f"{info.name}:*", span)

    def _some_token(self, info: FieldInfo, value: ast.Literal, span: Span, path: str) -> Condition:
        """On analysed text, each word of a value with wildcards is looked for by itself."""
        found: list[Condition] = []
        for word in _words(value.parts):
            test = _test_of_word(word, self._now)
            if isinstance(test, Constant):
                continue
            found.append(self._leaf(info, test, ":" + _escaped(word), span, path))
        return found[0] if len(found) == 1 else Or(tuple(found), listed=True, span=span)

    def _some_glob(
        self, info: FieldInfo, value: ast.Literal, words: tuple[Word, ...], span: Span, path: str
    ) -> Condition:
        """Each word is compared with the whole value: Kibana sends the blanks to `query_string` as they are."""
        self._found.append(problems.blank_in_wildcard(value.span, [_escaped(word) for word in words], info))
        found = [
            self._leaf(info, test, ":" + _escaped(word), span, path)
            for word in words
            if (test := test_glob(word, info.type)) is not None
        ]
        return Or(tuple(found), listed=True, span=span)

    def _anywhere(self, value: ast.Literal, span: Span, path: str) -> Condition:
        """A value without a field: in every field whose type can hold it."""
        if self._search.native and path:
            self._found.append(problems.field_needed(value.span, path))
            return Constant(False, span)
        if value.is_star:
            return Constant(True, span)
        if not self._search.default_field:
            self._fields.free_text(value.span, self._source(value.span))
        return self._in_fields(self._everywhere(value, path, self._search.default_field or "*"), value, span, path)

    def _in_fields(self, infos: Iterable[FieldInfo], value: ast.Literal, span: Span, path: str) -> Condition:
        """A value in those of the fields whose type can hold it."""
        found: list[Condition] = []
        for info in infos:
            if value.has_wildcard:
                test: Test | Constant | None = test_glob(value.parts, info.type)
            else:
                test = test_value(value.text, info.type, phrase=value.quoted, now=self._now)
            if test is not None and not isinstance(test, Constant):
                leaf = self._leaf(info, test, f":{self._source(value.span)}", span, path)
                found.append(self._wrapped(info, leaf, path, span))
        return some_field(found, self._source(value.span), span)

    def _everywhere(self, value: ast.Literal, path: str, name: str) -> list[FieldInfo]:
        """The fields that a value without one is looked for in: those of a name, or all but those of nested objects."""
        if name == "*":
            found = self._fields.all(f"{path}.*" if path else "*")
            return [info for info in found if not self._fields.hiding(info, path)]
        if "*" in name:
            return self._fields.matching(name, value.span)
        info = self._fields.one(name, value.span)
        return [] if info is None else [info]

    def _leaf(self, info: FieldInfo, test: Test, asked: str, span: Span, path: str) -> Leaf:
        blank = "" if asked.startswith(":") else " "
        name = info.name.removeprefix(f"{path}.") if path else info.name
        text = f"{name}{blank}{asked}"
        self._leaves += 1
        if self._leaves > MAX_QUERY_CONDITIONS:
            raise TooManyConditions
        return Leaf(info.field(), test, f"{path}:{{ {text} }}" if path else text, span)

    def _source(self, span: Span) -> str:
        return self._text[span.start : span.end]


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _joined_words(value: ast.Literal) -> Iterator[Word]:
    """The words of a value, neighbours without wildcards as one: so Lucene takes a text apart."""
    plain: list[str | Wild] = []
    for word in _words(value.parts):
        if any(isinstance(part, Wild) for part in word):
            if plain:
                yield tuple(plain)
            plain = []
            yield word
        else:
            plain += [" ", *word] if plain else word
    if plain:
        yield tuple(plain)


def _words(parts: tuple[str | Wild, ...]) -> Iterator[tuple[str | Wild, ...]]:
    """The parts between blanks."""
    word: list[str | Wild] = []
    for part in parts:
        pieces = [part] if isinstance(part, Wild) else re.split(f"[{BLANKS}]+", part)
        for position, piece in enumerate(pieces):
            if position and word:
                yield tuple(word)
                word = []
            if piece:
                word.append(piece)
    if word:
        yield tuple(word)


def _test_of_word(word: tuple[str | Wild, ...], now: int) -> Test | Constant:
    if any(isinstance(part, Wild) for part in word):
        return test_glob(word, FieldType.TEXT) or NEVER
    return test_value("".join(word), FieldType.TEXT, phrase=False, now=now) or NEVER


def _escaped(word: tuple[str | Wild, ...]) -> str:
    return "".join(part if isinstance(part, Wild) else re.sub(r'[\\():<>"*{}]', r"\\\g<0>", part) for part in word)
