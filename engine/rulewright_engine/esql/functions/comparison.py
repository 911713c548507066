"""Comparison, logic and tests of text: everything whose result is a boolean."""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from rulewright_engine.esql.functions.order import order_key
from rulewright_engine.esql.functions.registry import VARIES, BadConstant, Binding, FunctionKind, declare, scalar
from rulewright_engine.esql.functions.traits import Element, Given, Related, Traits, Wish
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.ir.expression import Compare, Comparison, Equals, MatchesGlob, MatchesRegex
from rulewright_engine.ir.operators import Operator
from rulewright_engine.values.addresses import address_text
from rulewright_engine.values.patterns import (
    RegexError,
    compile_glob,
    compile_regex,
    parse_regex,
)
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["equals_test", "like_parts", "solver_value"]

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


def solver_value(value: Any, type_: Type) -> Any:
    """A constant of that type as a test of the common form holds it."""
    return address_text(value) if type_ is Type.IP and isinstance(value, int) else value


def equals_test(value: Any, type_: Type) -> Equals | None:
    return None if value is None or isinstance(value, list) else Equals(solver_value(value, type_))


def _comparison(
    name: Operator, test: Callable[[Any, Any], bool], signatures: Sequence[str], traits: Traits, *, ordered: bool = True
) -> None:
    @declare(name, FunctionKind.SCALAR, *signatures, traits=traits)
    def bind(binding: Binding) -> Callable[[Any, Any], bool]:
        left, right = binding.types
        if {left, right} == {Type.DATE, Type.DATE_NANOS}:
            scales = [1 if type_ is Type.DATE_NANOS else _NANOS for type_ in (left, right)]
            return lambda first, second: test(first * scales[0], second * scales[1])
        key = order_key(left)
        if key is None or not ordered:
            return test
        return lambda first, second: test(key(first), key(second))


def _order(name: Operator, test: Callable[[Any, Any], bool], mirrored: Operator, neighbour: Operator) -> None:
    """`neighbour` is the same order with the bound itself left out or let in."""
    comparison = Comparison(name.symbol)

    def as_test(value: Any, type_: Type) -> Compare | None:
        return None if value is None or isinstance(value, list) else Compare(comparison, solver_value(value, type_))

    def inverse(call: Given, wanted: Any) -> tuple[Wish, ...]:
        is_first_greater = (comparison in (Comparison.GREATER, Comparison.GREATER_EQUAL)) == (wanted is True)
        return (Wish(0, 2), Wish(1, 1)) if is_first_greater else (Wish(0, 1), Wish(1, 2))

    traits = Traits(inverse=inverse, as_test=as_test, comparison=comparison, mirrored=mirrored, neighbour=neighbour)
    _comparison(name, test, _SAME, traits)


_EQUALITY = Traits(
    inverse=lambda call, wanted: (Related(bool(wanted)),), as_test=equals_test, beginning="starts_with", minds_case=True
)
_comparison(Operator.EQUALS, operator.eq, _EQUAL, _EQUALITY, ordered=False)
_comparison(
    Operator.NOT_EQUALS,
    operator.ne,
    _EQUAL,
    Traits(inverse=lambda call, wanted: (Related(not wanted),), negates=Operator.EQUALS, minds_case=True),
    ordered=False,
)
_order(Operator.LESS, operator.lt, Operator.GREATER, Operator.LESS_EQUAL)
_order(Operator.LESS_EQUAL, operator.le, Operator.GREATER_EQUAL, Operator.LESS)
_order(Operator.GREATER, operator.gt, Operator.LESS, Operator.GREATER_EQUAL)
_order(Operator.GREATER_EQUAL, operator.ge, Operator.LESS_EQUAL, Operator.GREATER)


@declare(
    Operator.IN,
    FunctionKind.LOGIC,
    "number, number... -> boolean",
    "string, string... -> boolean",
    "instant, instant... -> boolean",
    "ip, ip... -> boolean",
    "version, version... -> boolean",
    "boolean, boolean... -> boolean",
    "shape, shape... -> boolean",
    traits=Traits(as_test=equals_test, element=Element.VALUE, beginning="starts_with", minds_case=True),
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


@declare(Operator.AND, FunctionKind.LOGIC, "boolean, boolean... -> boolean")
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


@declare(Operator.OR, FunctionKind.LOGIC, "boolean, boolean... -> boolean")
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


scalar(Operator.NOT, "boolean -> boolean")(operator.not_)


@declare(Operator.IS_NULL, FunctionKind.LAZY, "any -> boolean", traits=Traits(negates=Operator.IS_NOT_NULL))
def is_null(binding: Binding) -> Callable[..., Any]:
    return lambda row, value: value(row) is None


@declare(Operator.IS_NOT_NULL, FunctionKind.LAZY, "any -> boolean")
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


def _as_glob(pattern: Any, _: Type) -> MatchesGlob | None:
    parts = like_parts(pattern)
    return None if isinstance(parts, int) else MatchesGlob(parts)


@declare(
    Operator.LIKE,
    FunctionKind.LOGIC,
    "string, !string... -> boolean",
    traits=Traits(as_test=_as_glob, element=Element.GLOB, minds_case=True),
)
def like(binding: Binding) -> Callable[..., Any]:
    """`*` and `?` are wildcards, `\\` escapes them; the whole text; any pattern of a list will do."""
    matchers = []
    for index, pattern in enumerate(binding.constants[1:], 1):
        parts = like_parts(pattern)
        if isinstance(parts, int):
            raise BadConstant(
                index,
                f"the `\\` at offset {parts} of the pattern escapes nothing",
                help="a backslash escapes `*`, `?` or itself: double it",
            )
        matchers.append(compile_glob(parts))
    return _pattern_test(matchers)


@declare(
    Operator.RLIKE,
    FunctionKind.LOGIC,
    "string, !string... -> boolean",
    traits=Traits(as_test=lambda pattern, _: MatchesRegex(pattern), element=Element.REGEX, minds_case=True),
)
def rlike(binding: Binding) -> Callable[..., Any]:
    """Lucene's regular expressions, on the whole text."""
    matchers = []
    for index, pattern in enumerate(binding.constants[1:], 1):
        parsed = parse_regex(pattern)
        if isinstance(parsed, RegexError):
            raise BadConstant(
                index, f"the pattern is no regular expression: {parsed.message} at offset {parsed.offset}"
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
