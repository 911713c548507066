"""Query DSL to the typed expression. What a value means by the type of its field stands in `engine.matching`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rulewright_engine.ir.expression import (
    And,
    Comparison,
    Condition,
    Constant,
    Equals,
    Exists,
    FieldType,
    Leaf,
    MatchesRegex,
    MatchesText,
    MatchesToken,
    Nested,
    Not,
    Or,
    Test,
)
from rulewright_engine.ir.fields import FieldInfo, FieldTypes
from rulewright_engine.languages import field_problems
from rulewright_engine.languages.field_resolution import NamedFields
from rulewright_engine.languages.filters import codes
from rulewright_engine.languages.filters.located import Located
from rulewright_engine.languages.index_semantics import (
    NEVER,
    test_comparison,
    test_glob,
    test_range,
    test_value,
)
from rulewright_engine.values.patterns import RegexError, parse_regex
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.source import NOWHERE

__all__ = ["CLAUSES", "Clauses"]

CLAUSES = frozenset(
    {
        "bool", "exists", "match", "match_all", "match_none", "match_phrase", "nested", "prefix", "range", "regexp",
        "term", "terms", "wildcard",
    }
)  # fmt: skip
"""The clauses that can be evaluated."""

_MAX_CLAUSE_DEPTH = 200
"""Steps of the path to a clause: well below what recursion may take."""
_WITHOUT_MEANING = frozenset({"boost", "_name", "rewrite", "score_mode", "ignore_unmapped"})
"""Options that change scores, speed or names and never what is found."""

_BOUNDS = {
    "gt": Comparison.GREATER,
    "gte": Comparison.GREATER_EQUAL,
    "lt": Comparison.LESS,
    "lte": Comparison.LESS_EQUAL,
}
_PATTERNS = frozenset({"wildcard", "prefix", "regexp"})
_OCCURS = ("must", "filter", "should", "must_not")


@dataclass(frozen=True, slots=True)
class Asked:
    """`{field: value}` or `{field: {value: ..., option: ...}}`; `path` is where the value stands."""

    clause: str
    info: FieldInfo
    value: str
    options: Mapping[str, Any]
    path: KeyPath
    text: str


class Clauses:
    """Lowers clauses and collects what is wrong with them in `problems`."""

    __slots__ = ("_fields", "_nested_in", "_now", "_types", "problems")

    def __init__(self, types: FieldTypes, *, now: int) -> None:
        self._types = types
        self._fields = NamedFields(types, [])
        self._nested_in = ""
        self._now = now
        self.problems: list[Located] = []

    def condition(self, clause: Any, path: KeyPath) -> Condition:
        """What `clause`, which stands at `path`, asks; a clause with a mistake asks for nothing."""
        names = [name for name in clause if name not in _WITHOUT_MEANING] if isinstance(clause, Mapping) else []
        if len(names) != 1 or len(path) > _MAX_CLAUSE_DEPTH:
            return self._misshapen(
                path, "a filter is one Query DSL clause", "write `query = { match_phrase = { ... } }`"
            )
        name, body = names[0], clause[names[0]]
        inner = (*path, name)
        if name not in CLAUSES:
            help_ = f"clauses that can be: {', '.join(sorted(CLAUSES))}"
            self._unsupported(inner, f"a `{name}` clause cannot be evaluated offline", help_, key=True)
            return NEVER
        match name:
            case "match_all" | "match_none":
                return Constant(name == "match_all")
            case "bool":
                return self._bool(body, inner)
            case "exists":
                return self._exists(body, inner)
            case "nested":
                return self._nested(body, inner)
            case "range":
                return self._range(body, inner)
            case "terms":
                return self._terms(body, inner)
            case _:
                return self._value(name, body, inner)

    # Clauses of clauses

    def _bool(self, body: Any, path: KeyPath) -> Condition:
        if not isinstance(body, Mapping) or not self._only(body, (*_OCCURS, "minimum_should_match"), path):
            return self._misshapen(path, "`bool` holds lists of clauses", f"its keys are {', '.join(_OCCURS)}")
        required = [*self._each(body, "must", path), *self._each(body, "filter", path)]
        optional = self._each(body, "should", path)
        needed = body.get("minimum_should_match", 0 if required else 1)
        if optional and needed == 1:
            required.append(_joined(Or, optional))
        elif optional and needed != 0:
            help_ = "write 1, or spell the combinations out"
            self._unsupported(
                (*path, "minimum_should_match"), f"`minimum_should_match` {needed} cannot be evaluated", help_
            )
        forbidden = [Not(condition) for condition in self._each(body, "must_not", path)]
        return _joined(And, [*required, *forbidden])

    def _each(self, body: Mapping[str, Any], key: str, path: KeyPath) -> list[Condition]:
        found = body.get(key, [])
        if isinstance(found, list):
            return [self.condition(clause, (*path, key, index)) for index, clause in enumerate(found)]
        return [self.condition(found, (*path, key))]

    def _nested(self, body: Any, path: KeyPath) -> Condition:
        if not isinstance(body, Mapping) or not isinstance(body.get("path"), str) or "query" not in body:
            return self._misshapen(path, "`nested` holds a `path` and a `query`", "name both")
        around, self._nested_in = self._nested_in, body["path"]
        condition = self.condition(body["query"], (*path, "query"))
        self._nested_in = around
        return Nested(body["path"], condition)

    # Clauses of one field

    def _exists(self, body: Any, path: KeyPath) -> Condition:
        name = body.get("field") if isinstance(body, Mapping) else None
        if not isinstance(name, str):
            return self._misshapen(path, "`exists` names no field", 'write `exists = { field = "..." }`')
        info = self._field(name, (*path, "field"))
        if info is None:
            return NEVER
        below = self._fields.below(info)
        text = _text({"exists": {"field": name}})
        return _joined(Or, [Leaf(each.field(), Exists(), text) for each in below])

    def _value(self, clause: str, body: Any, path: KeyPath) -> Condition:
        asked = self._asked(clause, body, path)
        return NEVER if asked is None else self._holds(asked)

    def _terms(self, body: Any, path: KeyPath) -> Condition:
        """`{field: [value, ...]}`: a term each."""
        fields = [(name, values) for name, values in _fields_of(body) if isinstance(values, list)]
        if len(fields) != 1 or any(_scalar(value) is None for value in fields[0][1]):
            help_ = 'write `{ "field" = ["value"] }`'
            return self._misshapen(path, "`terms` holds one field and a list of values", help_)
        name, values = fields[0]
        info = self._field(name, (*path, name), key=True)
        if info is None:
            return NEVER
        asked = (
            Asked("term", info, str(_scalar(value)), {}, (*path, name, index), _text({"term": {name: value}}))
            for index, value in enumerate(values)
        )
        return Or(tuple(map(self._holds, asked)), listed=True)

    def _holds(self, asked: Asked) -> Condition:
        if asked.info.flattened_in and asked.clause in _PATTERNS - {"prefix"}:
            return self._report(asked.path, field_problems.unsuitable_wildcard(NOWHERE, asked.info, "patterns"))
        test = self._test(asked)
        if isinstance(test, Constant):
            return self._report(asked.path, field_problems.never_held(NOWHERE, asked.value, asked.info))
        if test is not None:
            return Leaf(asked.info.field(), test, asked.text)
        if asked.clause in _PATTERNS:
            return self._report(asked.path, field_problems.unsuitable_wildcard(NOWHERE, asked.info, "patterns"))
        return self._report(asked.path, field_problems.unsuitable_value(NOWHERE, asked.value, asked.info))

    def _test(self, asked: Asked) -> Test | Constant | None:
        family, value = asked.info.type, asked.value
        insensitive = bool(asked.options.get("case_insensitive", False))
        match asked.clause:
            case "wildcard":
                return test_glob(self._glob(asked), family, insensitive=insensitive)
            case "prefix":
                return test_glob((value, Wild.ANY), family, insensitive=insensitive)
            case "regexp":
                return self._regex(asked, insensitive=insensitive)
            case "term" if family is FieldType.TEXT:
                return MatchesText((value.lower() if insensitive else value,), phrase=False)
        self._suspect_wildcard(asked)
        test = test_value(value, family, phrase=asked.clause == "match_phrase", now=self._now)
        return replace(test, insensitive=True) if insensitive and isinstance(test, Equals) else test

    def _regex(self, asked: Asked, *, insensitive: bool) -> Test | None:
        if isinstance(error := parse_regex(asked.value), RegexError):
            message = f"not a regular expression: {error.message}"
            self._misshapen(asked.path, message, "correct it; a backslash makes the next character an ordinary one")
            return Exists()
        regex = MatchesRegex(asked.value, insensitive)
        if asked.info.type is FieldType.TEXT:
            return MatchesToken(regex)
        return regex if test_glob(("", Wild.ONE), asked.info.type) else None

    def _range(self, body: Any, path: KeyPath) -> Condition:
        fields = [(name, bounds) for name, bounds in _fields_of(body) if isinstance(bounds, Mapping)]
        if len(fields) != 1:
            return self._misshapen(path, "`range` holds one field and its bounds", 'write `{ "field" = { gte = 1 } }`')
        name, bounds = fields[0]
        inner = (*path, name)
        info = self._field(name, inner, key=True)
        sides = {key: bound for key in _BOUNDS if (bound := _scalar(bounds.get(key))) is not None}
        if not self._only(bounds, (*_BOUNDS, "format", "time_zone"), inner) or info is None:
            return NEVER
        if info.flattened_in and len(sides) == 1:
            return self._report(inner, field_problems.one_sided_range(NOWHERE, info))
        tests = self._sides(sides, info)
        if tests is None:
            return self._report(inner, field_problems.unsuitable_range(NOWHERE, ", ".join(sides.values()), info))
        return Leaf(info.field(), tests, _text({"range": {name: dict(bounds)}}))

    def _sides(self, sides: Mapping[str, str], info: FieldInfo) -> Test | None:
        low = next(((_BOUNDS[key], sides[key]) for key in ("gt", "gte") if key in sides), None)
        high = next(((_BOUNDS[key], sides[key]) for key in ("lt", "lte") if key in sides), None)
        if low and high:
            return test_range(low, high, info.type, now=self._now)
        side = low or high
        return Exists() if side is None else test_comparison(*side, info.type, now=self._now)

    # Reading

    def _asked(self, clause: str, body: Any, path: KeyPath) -> Asked | None:
        fields = list(_fields_of(body))
        if len(fields) != 1:
            self._misshapen(path, f"`{clause}` holds one field and a value", 'write `{ "field" = "value" }`')
            return None
        name, content = fields[0]
        inner: KeyPath = (*path, name)
        options = content if isinstance(content, Mapping) else {}
        key = next((key for key in ("value", "query", "wildcard") if key in options), None)
        value = _scalar(options[key] if key is not None else content)
        if value is None:
            self._misshapen(inner, f"`{clause}` has no value for `{name}`", 'write `value = "..."`', key=True)
            return None
        place = (*inner, key) if key is not None else inner
        info = self._field(name, inner, key=True)
        if info is None or not self._only(options, ("value", "query", "wildcard", "case_insensitive", "type"), inner):
            return None
        if options.get("type") == "phrase":
            clause = "match_phrase"
        return Asked(clause, info, value, options, place, _text({clause: {name: content}}))

    def _field(self, name: str, path: KeyPath, *, key: bool = False) -> FieldInfo | None:
        info = self._types.lookup(name)
        if info is None:
            unknown = field_problems.unknown_field(NOWHERE, name, self._types.nearest(name))
            # A filter is often about fields of other data than the query's: no reason to fail the rule.
            self._report(path, replace(unknown, level=Level.WARNING), key=key)
        elif nested := self._fields.hiding(info, self._nested_in):
            way_out = f'ask for it in `{{ nested = {{ path = "{nested}", query = ... }} }}`'
            self._report(path, field_problems.hidden_in_nested(NOWHERE, info, nested, way_out), key=key)
        return info

    def _only(self, body: Mapping[str, Any], known: Iterable[str], path: KeyPath) -> bool:
        """Whether every option is understood; the others are reported."""
        others = [key for key in body if key not in known and key not in _WITHOUT_MEANING]
        for key in others:
            self._unsupported((*path, key), f"the option `{key}` cannot be evaluated offline", "leave it out", key=True)
        return not others

    def _glob(self, asked: Asked) -> tuple[str | Wild, ...]:
        """`*` and `?` are wildcards, a backslash makes the next character an ordinary one."""
        parts: list[str | Wild] = []
        is_suspect = False
        characters = iter(asked.value)
        for char in characters:
            if char == "\\":
                escaped = next(characters, "")
                is_suspect |= escaped not in {"\\", "*", "?"}
                parts.append(escaped or "\\")
            else:
                parts.append(Wild(char) if char in {"*", "?"} else char)
        if is_suspect:
            message = "a single backslash is an escape here and stands for nothing"
            problem = codes.FILTER_ESCAPE.report(message, help="double the backslash")
            self.problems.append(Located(asked.path, problem))
        return tuple(parts)

    def _suspect_wildcard(self, asked: Asked) -> None:
        if "*" in asked.value and asked.value != "*" and asked.info.type is not FieldType.TEXT:
            message = f"`*` stands for itself in `{asked.clause}`"
            problem = codes.LITERAL_WILDCARD.report(message, help="use `wildcard`")
            self.problems.append(Located(asked.path, problem))

    # Problems

    def _misshapen(self, path: KeyPath, message: str, help_: str, *, key: bool = False) -> Condition:
        self.problems.append(Located(path, codes.FILTER_SHAPE.report(message, help=help_), key))
        return NEVER

    def _unsupported(self, path: KeyPath, message: str, help_: str, *, key: bool = False) -> None:
        self.problems.append(Located(path, codes.UNSUPPORTED_FILTER.report(message, help=help_), key))

    def _report(self, path: KeyPath, problem: Diagnostic, *, key: bool = False) -> Condition:
        self.problems.append(Located(path, replace(problem, span=None, fix=None), key))
        return NEVER


def _fields_of(body: Any) -> list[tuple[str, Any]]:
    if not isinstance(body, Mapping):
        return []
    return [(name, content) for name, content in body.items() if name not in _WITHOUT_MEANING]


def _scalar(value: Any) -> str | None:
    """A value as Elasticsearch reads it from text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


def _joined(join: type[And] | type[Or], conditions: list[Condition]) -> Condition:
    """No clause at all is no condition, in a `bool` as everywhere."""
    if len(conditions) == 1:
        return conditions[0]
    return join(tuple(conditions)) if conditions else Constant(join is And)


def _text(clause: Mapping[str, Any]) -> str:
    return json.dumps(clause, ensure_ascii=False, default=str)
