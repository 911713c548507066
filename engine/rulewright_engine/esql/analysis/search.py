"""KQL, QSTR, MATCH, MATCH_PHRASE and `:`: questions to the event itself, where any value of a field may match.

They are the one place where ES|QL does not treat a multivalue as null: the event is asked by the evaluator of KQL and
Lucene, so a condition holds if some value of the field meets it. What their options mean stands in `search_options`.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    Apply,
    Constant,
    EventTest,
    Reference,
    Typed,
)
from rulewright_engine.esql.analysis.search_options import OPTIONS, read_options
from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.ast import Call, MapLiteral
from rulewright_engine.esql.syntax.literals import span_in
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.functions.text import string
from rulewright_engine.ir.expression import Condition, FieldType
from rulewright_engine.ir.fields import FieldInfo, FieldTypes, MappingFields
from rulewright_engine.ir.query import EventQuery, Language, QueryOptions
from rulewright_engine.ir.search_options import SearchOptions
from rulewright_engine.languages.index_semantics import expected_of
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.languages.word_search import search_condition
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span

__all__ = ["FUNCTIONS", "Resolver"]

_LANGUAGES = {"kql": Language.KQL, "qstr": Language.LUCENE}
FUNCTIONS = frozenset(OPTIONS)

_NO_TILDE = "only a word with `~` behind it is fuzzy"

Arguments = tuple[Typed | MapLiteral, ...]


@dataclass(frozen=True, slots=True)
class Resolver:
    """Finds the test behind a call in the query `text`; what is wrong with the call goes to `report`."""

    text: str
    fields: FieldTypes
    now: int
    report: Callable[[Diagnostic], None]

    def resolve(self, node: Call, arguments: Arguments) -> EventTest | None:
        found = self._resolve(node, arguments)
        if isinstance(found, Diagnostic):
            self.report(found)
            return None
        return found

    def _resolve(self, node: Call, arguments: Arguments) -> EventTest | Diagnostic | None:
        values = [argument for argument in arguments if not isinstance(argument, MapLiteral)]
        wanted = 1 if node.function in _LANGUAGES else 2
        if len(values) != wanted or len(arguments) > wanted + 1:
            needs = "1 text and options" if wanted == 1 else "a column, a value and options"
            return problems.wrong_count(node.name, node.function, len(arguments), needs)
        query = values[-1]
        if not isinstance(query, Constant) or isinstance(query.value, list):
            return problems.needs_constant(query.span, f"what `{node.function}` looks for")
        given = arguments[-1]
        options = read_options(node.function, given, self.report) if isinstance(given, MapLiteral) else {}
        if options is None:
            return None
        if isinstance(given, MapLiteral):
            self._note_idle(node.function, given, values[0], str(query.value))
        if node.function in _LANGUAGES:
            return self._query(node, query, options)
        return self._match(node, values[0], query, options)

    def _note_idle(self, function: str, given: MapLiteral, column: Typed, text: str) -> None:
        """Say which options make no difference beside what else the call says."""
        names = {name for name, _ in given.items}
        idle: dict[str, str] = {}
        if function == "match" and "fuzziness" not in names:
            idle.update(
                dict.fromkeys(("prefix_length", "fuzzy_transpositions"), "nothing is fuzzy without `fuzziness`")
            )
        if function == "qstr" and "~" not in text:
            idle.update(dict.fromkeys(("fuzziness", "fuzzy_prefix_length", "fuzzy_transpositions"), _NO_TILDE))
        if function == "qstr" and '"' not in text:
            idle["phrase_slop"] = "the query quotes no phrase"
        info = column.column.field if isinstance(column, Reference) else None
        if info is not None and info.type is not FieldType.TEXT:
            why = f"`{info.name}` is of type {info.elasticsearch_type}, which holds one term and no words"
            idle.update(dict.fromkeys(("operator", "minimum_should_match", "slop", "zero_terms_query"), why))
        for (name, _), span in zip(given.items, given.keys, strict=True):
            if name in idle:
                self.report(problems.idle_option(span, name, idle[name]))

    def _query(self, node: Call, query: Constant, options: dict[str, Any]) -> EventTest | Diagnostic | None:
        if not isinstance(query.value, str):
            return problems.wrong_type(query.span, f"`{node.function}` takes a query as text")
        known = self.fields if isinstance(self.fields, MappingFields) else _Assumed(self.fields)
        asked = QueryOptions(now=self.now, search=replace(_search_options(options), native=True))
        parsed = parse_query(_LANGUAGES[node.function], query.value, known, asked)
        to_query = partial(span_in, self.text, query.span)
        for diagnostic in parsed.diagnostics:
            self.report(diagnostic.relocated("", to_query))
        return _test(parsed.query.condition, query.value) if isinstance(parsed.query, EventQuery) else None

    def _match(
        self, node: Call, column: Typed, query: Constant, options: dict[str, Any]
    ) -> EventTest | Diagnostic | None:
        if isinstance(column, Apply) and column.function.traits.writes_text:  # `field::string` is the field
            column = column.arguments[0]
        if not isinstance(column, Reference) or column.column.field is None:
            return problems.needs_field(column.span, node.function)
        info = column.column.field
        text = query.value if isinstance(query.value, str) else string(query.value)
        phrase = node.function == "match_phrase"
        if phrase and info.type in (FieldType.LONG, FieldType.DOUBLE):
            message = f"`{node.function}` looks into no numbers, and `{info.name}` is {info.elasticsearch_type}"
            return problems.wrong_type(column.span, message, help="write `==` or `match`")
        if phrase and not isinstance(query.value, str):
            return problems.wrong_type(query.span, f"`{node.function}` looks for a text", help="put it in quotes")
        found = search_condition(
            text,
            info,
            _search_options(options),
            phrase=phrase,
            fuzzy="fuzziness" in options,
            empty_matches=options.get("zero_terms_query", False),
            now=self.now,
        )
        if found is None:
            return _unsuitable(query.span, text, info, options)
        return _test(found, f"{info.name}: {text}")


def _unsuitable(span: Span, text: str, info: FieldInfo, options: dict[str, Any]) -> Diagnostic:
    if info.type is FieldType.TEXT:
        why = "there are too many ways to choose so many of the words"
        return problems.unsupported(span, "this minimum of words", why, help="look for fewer words")
    message = f"`{text}` cannot be looked for in `{info.name}`"
    if "fuzziness" not in options:
        return problems.wrong_type(span, message, help=f"write {expected_of(info.type)}")
    helps = f"only keyword and text fields have fuzzy terms, and `{info.name}` is of type {info.elasticsearch_type}"
    return problems.wrong_type(span, message, help=helps)


_NAMES = {
    "all_words": ("operator", "default_operator"),
    "minimum": ("minimum_should_match",),
    "fuzziness": ("fuzziness",),
    "prefix_length": ("prefix_length", "fuzzy_prefix_length"),
    "transpositions": ("fuzzy_transpositions",),
    "slop": ("slop", "phrase_slop"),
    "default_field": ("default_field",),
    "insensitive": ("case_insensitive",),
    "lenient": ("lenient",),
    "time_zone": ("time_zone",),
}
"""What a search may ask for -> the options that say it."""


def _search_options(given: dict[str, Any]) -> SearchOptions:
    known = {ours: given[theirs] for ours, names in _NAMES.items() for theirs in names if theirs in given}
    return SearchOptions(**known)


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
