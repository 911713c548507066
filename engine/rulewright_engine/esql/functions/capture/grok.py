"""GROK: regular expressions in Oniguruma's dialect, with `%{NAME:column:type}` for named ones.

The expression is searched for anywhere in the text. Only what has a column's name is captured. A name that stands
several times gives a multivalue, in the order of the text. Of several patterns the first that matches counts.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rulewright_engine.esql.functions.capture.bank import BANK
from rulewright_engine.esql.functions.capture.captured import Captured, GrokPattern, PatternError
from rulewright_engine.esql.functions.registry import Failure
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.values.regex.dialects import ONIGURUMA
from rulewright_engine.values.regex.parser import parse
from rulewright_engine.values.regex.program import Captures, TooCostly
from rulewright_engine.values.regex.search import Regex
from rulewright_engine.values.regex.syntax import Node, RegexSyntaxError
from rulewright_schema.similar import nearest_of

__all__ = ["compile_grok", "expand"]

_REFERENCE = re.compile(r"%\{(\w+)(?::([^:}=]+))?(?::(\w+))?\}")
_TYPES: dict[str, tuple[Type, Callable[[str], Any]]] = {
    "int": (Type.INTEGER, int),
    "integer": (Type.INTEGER, int),
    "long": (Type.LONG, int),
    "float": (Type.DOUBLE, float),
    "double": (Type.DOUBLE, float),
    "boolean": (Type.BOOLEAN, lambda text: text.lower() == "true"),
    "string": (Type.KEYWORD, str),
}
_MAX_EXPANDED_PATTERN = 100_000
"""Characters of a pattern with its references replaced: they multiply."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One compiled pattern: column -> its type, its groups, and the conversion of what they capture."""

    regex: Regex
    node: Node
    types: dict[str, Type]
    groups: dict[str, tuple[int, ...]]
    converters: dict[str, Callable[[str], Any]]


def compile_grok(texts: tuple[str, ...]) -> Captured:
    """Raises `PatternError`."""
    patterns = [_compile(text, index) for index, text in enumerate(texts)]
    types: dict[str, Type] = {}
    for index, pattern in enumerate(patterns):
        for name, type_ in pattern.types.items():
            if types.setdefault(name, type_) is not type_:
                raise PatternError(f"the patterns give `{name}` different types", index=index)
    names = sorted(types)
    columns = {name: types[name] for name in names}

    def extract(text: str) -> tuple[Any, ...] | None:
        for pattern in patterns:
            try:
                match = pattern.regex.search(text)
            except TooCostly:
                raise Failure("matching the pattern takes too long") from None
            if match is not None:
                return tuple(_value(pattern, name, match, text) for name in names)
        return None

    return Captured(columns, extract, GrokPattern(patterns[0].node, patterns[0].groups))


def _value(pattern: _Pattern, name: str, match: Captures, text: str) -> Any:
    spans = sorted(span for number in pattern.groups.get(name, ()) if (span := match[number]) is not None)
    convert = pattern.converters.get(name, str)
    values = []
    for start, end in spans:
        try:
            values.append(convert(text[start:end]))
        except ValueError:
            continue
    return None if not values else values[0] if len(values) == 1 else values


@lru_cache(maxsize=256)
def _compile_text(text: str) -> _Pattern:
    types: dict[str, Type] = {}
    converters: dict[str, Callable[[str], Any]] = {}
    expanded = expand(text, types, converters)
    try:
        expression = parse(expanded, ONIGURUMA)
        regex = Regex(expression)
    except RegexSyntaxError as error:
        raise PatternError(f"the pattern is no regular expression: {error}") from error
    for name in regex.names:
        types.setdefault(name, Type.KEYWORD)
    return _Pattern(regex, expression.node, types, regex.names, converters)


def _compile(text: str, index: int) -> _Pattern:
    try:
        return _compile_text(text)
    except PatternError as error:
        raise PatternError(str(error), help=error.help, index=index) from error


def expand(text: str, types: dict[str, Type], converters: dict[str, Callable[[str], Any]], depth: int = 0) -> str:
    """The pattern with every `%{...}` replaced by its expression; notes the types that columns ask for."""
    if depth > 20:
        raise PatternError("the pattern nests too deeply")

    def replacement(match: re.Match[str]) -> str:
        name, column, type_name = match.groups()
        expression = BANK.get(name)
        if expression is None:
            near = nearest_of(name, BANK)
            help_ = f"did you mean `%{{{near}}}`?" if near else "name one such as `%{WORD:column}` or `%{IP:column}`"
            raise PatternError(f"there is no pattern called `{name}`", help=help_)
        inner = expand(expression, types, converters, depth + 1)
        if column is None:
            return f"(?:{inner})"
        if type_name is not None and type_name not in _TYPES:
            near = nearest_of(type_name, _TYPES)
            raise PatternError(f"`{type_name}` is no type of a column", help=f"did you mean `{near}`?" if near else "")
        if type_name is not None:
            types[column], converters[column] = _TYPES[type_name]
        else:
            types.setdefault(column, Type.KEYWORD)
        return f"(?<{column}>{inner})"

    expanded = _REFERENCE.sub(replacement, text)
    if len(expanded) > _MAX_EXPANDED_PATTERN:
        raise PatternError("the pattern is too long")
    return expanded
