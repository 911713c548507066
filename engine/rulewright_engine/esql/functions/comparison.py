"""Comparison, logic and tests of text: everything whose result is a boolean."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from rulewright_engine.esql.functions.order import order_key
from rulewright_engine.esql.functions.registry import VARIES, BadConstant, Binding, FunctionKind, declare, scalar
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.values.patterns import (
    RegexError,
    compile_glob,
    compile_regex,
    parse_regex,
)
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["like_parts"]

Row = Any
Compiled = Callable[[Row], Any]

_SAME = (
    "number, number -> boolean",
    "string, string -> boolean",
    "instant, instant -> boolean",
    "ip, ip -> boolean",
    "version, version -> boolean",
)
_EQUAL = (*_SAME, "boolean, boolean -> boolean", "shape, shape -> boolean")
_NANOS = 1_000_000


def _comparison(name: str, test: Callable[[Any, Any], bool], signatures: Sequence[str]) -> None:
    @declare(name, FunctionKind.SCALAR, *signatures)
    def bind(binding: Binding) -> Callable[[Any, Any], bool]:
        left, right = binding.types
        if {left, right} == {Type.DATE, Type.DATE_NANOS}:
            scales = [1 if type_ is Type.DATE_NANOS else _NANOS for type_ in (left, right)]
            return lambda first, second: test(first * scales[0], second * scales[1])
        key = order_key(left)
        if key is None or name in ("equals", "not_equals"):
            return test
        return lambda first, second: test(key(first), key(second))


_comparison("equals", operator.eq, _EQUAL)
_comparison("not_equals", operator.ne, _EQUAL)
_comparison("less", operator.lt, _SAME)
_comparison("less_equal", operator.le, _SAME)
_comparison("greater", operator.gt, _SAME)
_comparison("greater_equal", operator.ge, _SAME)


@declare(
    "in",
    FunctionKind.LOGIC,
    "number, number... -> boolean",
    "string, string... -> boolean",
    "instant, instant... -> boolean",
    "ip, ip... -> boolean",
    "version, version... -> boolean",
    "boolean, boolean... -> boolean",
    "shape, shape... -> boolean",
)
def in_(binding: Binding) -> Callable[..., Any]:
    """True if some element equals the value, else null if an element is null, else false."""
    scales = (
        [_NANOS if type_ is Type.DATE else 1 for type_ in binding.types] if Type.DATE_NANOS in binding.types else None
    )
    constants = binding.constants[1:]
    if scales is None and all(constant is not VARIES and type(constant) is not list for constant in constants):
        found, missing = frozenset(constants) - {None}, None if None in constants else False

        def contains(row: Row, value: Compiled, *_: Compiled) -> bool | None:
            given = value(row)
            return None if given is None else True if given in found else missing

        return contains

    def evaluate(row: Row, value: Compiled, *elements: Compiled) -> bool | None:
        given = value(row)
        if given is None:
            return None
        missing: bool | None = False
        for position, element in enumerate(elements, 1):
            other = element(row)
            if other is None:
                missing = None
            elif (scales is None and other == given) or (
                scales is not None and other * scales[position] == given * scales[0]
            ):
                return True
        return missing

    return evaluate


@declare("and", FunctionKind.LOGIC, "boolean, boolean... -> boolean")
def and_(binding: Binding) -> Callable[..., Any]:
    """False if any operand is false, else null if any is null."""

    def evaluate(row: Row, *operands: Compiled) -> bool | None:
        result: bool | None = True
        for operand in operands:
            value = operand(row)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    return evaluate


@declare("or", FunctionKind.LOGIC, "boolean, boolean... -> boolean")
def or_(binding: Binding) -> Callable[..., Any]:
    """True if any operand is true, else null if any is null."""

    def evaluate(row: Row, *operands: Compiled) -> bool | None:
        result: bool | None = False
        for operand in operands:
            value = operand(row)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return evaluate


scalar("not", "boolean -> boolean")(operator.not_)


@declare("is_null", FunctionKind.LAZY, "any -> boolean")
def is_null(binding: Binding) -> Callable[..., Any]:
    return lambda row, value: value(row) is None


@declare("is_not_null", FunctionKind.LAZY, "any -> boolean")
def is_not_null(binding: Binding) -> Callable[..., Any]:
    return lambda row, value: value(row) is not None


def like_parts(pattern: str) -> tuple[str | Wild, ...] | int:
    """The parts of a LIKE pattern, or the offset of a backslash that escapes nothing."""
    parts: list[str | Wild] = []
    text = ""
    position = 0
    while position < len(pattern):
        char = pattern[position]
        if char in "*?":
            parts += [text, Wild(char)] if text else [Wild(char)]
            text = ""
        elif char == "\\":
            if pattern[position + 1 : position + 2] not in ("*", "?", "\\"):
                return position
            position += 1
            text += pattern[position]
        else:
            text += char
        position += 1
    return tuple([*parts, text] if text else parts)


@declare("like", FunctionKind.LOGIC, "string, !string... -> boolean")
def like(binding: Binding) -> Callable[..., Any]:
    """`*` and `?` are wildcards, `\\` escapes them; the whole text; any pattern of a list will do."""
    matchers = []
    for place, pattern in enumerate(binding.constants[1:], 1):
        parts = like_parts(pattern)
        if isinstance(parts, int):
            raise BadConstant(
                place,
                f"the `\\` at offset {parts} of the pattern escapes nothing",
                help="a backslash escapes `*`, `?` or itself: double it",
            )
        matchers.append(compile_glob(parts))
    return _pattern_test(matchers)


@declare("rlike", FunctionKind.LOGIC, "string, !string... -> boolean")
def rlike(binding: Binding) -> Callable[..., Any]:
    """Lucene's regular expressions, on the whole text."""
    matchers = []
    for place, pattern in enumerate(binding.constants[1:], 1):
        parsed = parse_regex(pattern)
        if isinstance(parsed, RegexError):
            raise BadConstant(
                place, f"the pattern is no regular expression: {parsed.message} at offset {parsed.offset}"
            )
        matchers.append(compile_regex(pattern))
    return _pattern_test(matchers)


def _pattern_test(matchers: list[Callable[[str], bool]]) -> Callable[..., Any]:
    if len(matchers) == 1:
        (matcher,) = matchers

        def test(row: Row, value: Compiled, *_: Compiled) -> bool | None:
            text = value(row)
            return None if text is None else matcher(text)

        return test

    def test_any(row: Row, value: Compiled, *_: Compiled) -> bool | None:
        text = value(row)
        return None if text is None else any(matcher(text) for matcher in matchers)

    return test_any
