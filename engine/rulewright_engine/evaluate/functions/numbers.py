"""Arithmetic, comparison and logic in value position, and conversion (semantics B1).

Arguments are never null unless the signature says so; a result that no long can hold, and a division by zero, is null.
"""

import math
import operator
import re
from collections.abc import Callable
from typing import Any

from rulewright_engine.evaluate.functions.registry import declare
from rulewright_engine.ir.expression import InNetwork, Scalar
from rulewright_engine.ir.operators import Operator
from rulewright_engine.values.addresses import parse_address, parse_network

__all__ = ["number"]

Number = int | float

_INTEGER = re.compile(r"[+-]?[0-9A-Za-z]+")
_DECIMAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def _long(value: Number) -> Number | None:
    return value if isinstance(value, float) or -(2**63) <= value < 2**63 else None


_ARITHMETIC = "left: number, right: number -> widest"


def exact(operation: Callable[[Number, Number], Number]) -> Callable[[Number, Number], Number | None]:
    """Addition, subtraction or multiplication: of two integers an integer, else a floating-point number."""

    def run(left: Number, right: Number) -> Number | None:
        return _long(operation(left, right))

    return run


@declare("divide", _ARITHMETIC)
def divide(left: Number, right: Number) -> Number | None:
    """Of two integers truncated towards zero."""
    if right == 0:
        return None
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return _long(quotient if (left < 0) == (right < 0) else -quotient)
    return left / right


@declare("modulo", _ARITHMETIC)
def modulo(left: Number, right: Number) -> Number | None:
    """The remainder has the sign of the dividend."""
    if right == 0 or math.isinf(left):
        return None
    if isinstance(left, int) and isinstance(right, int):
        remainder = abs(left) % abs(right)
        return -remainder if left < 0 else remainder
    return math.fmod(left, right)


@declare(Operator.NEGATE, "value: number -> widest", named=False)
def negate(value: Number) -> Number | None:
    return _long(-value)


@declare(Operator.EQUALS, "left: any, right: any -> boolean", named=False)
def equals(left: Scalar, right: Scalar) -> bool:
    """Values of different kinds are unequal; `1 == 1.0` is true, `true == 1` false."""
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def compared(test: Callable[[object, object], bool]) -> Callable[[Scalar, Scalar], bool | None]:
    """An order of numbers by size and of texts by code point; null across kinds."""

    def run(left: Scalar, right: Scalar) -> bool | None:
        return test(left, right) if isinstance(left, str) == isinstance(right, str) else None

    return run


@declare(Operator.IS_NULL, "value: any|null -> boolean", named=False)
def is_null(value: Scalar) -> bool:
    return value is None


@declare(Operator.AND, "left: boolean|null, right: boolean|null -> boolean", named=False)
def conjunction(left: bool | None, right: bool | None) -> bool | None:
    """Three-valued: false and null is false."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


@declare(Operator.OR, "left: boolean|null, right: boolean|null -> boolean", named=False)
def disjunction(left: bool | None, right: bool | None) -> bool | None:
    """Three-valued: true or null is true."""
    if left is True or right is True:
        return True
    return None if left is None or right is None else False


@declare(Operator.NOT, "value: boolean -> boolean", named=False)
def negation(value: bool) -> bool:
    return not value


@declare("number", "text: text, base: integer|null? -> double", fails_on="a text that is no number")
def number(text: str, base: int | None = None) -> Number | None:
    """Trims; `0x` means base 16; base 10 also reads decimals; null when the text is no number."""
    text = text.strip()
    hexadecimal = text.lstrip("+-").lower().startswith("0x") and base in (None, 16)
    if hexadecimal or base not in (None, 10):
        return _integer(text, 16 if hexadecimal else base)
    if _DECIMAL.fullmatch(text) is None:
        return None
    if len(text) < 400 and text.lstrip("+-").isdigit():
        return _long(int(text))
    return float(text)


def _integer(text: str, base: int | None) -> Number | None:
    if base is None or not 2 <= base <= 36 or len(text) > 400 or _INTEGER.fullmatch(text) is None:
        return None
    try:
        return _long(int(text, base))
    except ValueError:
        return None


@declare(
    "cidrMatch",
    "address: address, !network: text... -> boolean",
    as_tests=lambda networks, insensitive: tuple(InNetwork(str(network)) for network in networks),
)
def cidr_match(address: str, *networks: str) -> bool | None:
    """Whether the address lies in one of the networks; null when the first is no address."""
    value = parse_address(address)
    if value is None:
        return None
    return any(value in network for network in map(parse_network, networks) if network is not None)


for _name, _operation in (("add", operator.add), ("subtract", operator.sub), ("multiply", operator.mul)):
    declare(_name, _ARITHMETIC)(exact(_operation))

_ORDER: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.LESS: operator.lt,
    Operator.LESS_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_EQUAL: operator.ge,
}
for _order, _test in _ORDER.items():
    declare(_order, "left: any, right: any -> boolean", named=False)(compared(_test))
