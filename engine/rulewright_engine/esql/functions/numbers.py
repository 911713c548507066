"""Functions of numbers."""

import math
from collections.abc import Callable
from typing import Any

from rulewright_engine.esql.functions.arithmetic import Number, checked
from rulewright_engine.esql.functions.registry import Binding, Failure, FunctionKind, declare, scalar
from rulewright_engine.esql.functions.traits import Traits, the_same
from rulewright_engine.esql.functions.types import Type

__all__: list[str] = []


def _of_double(
    names: str, operation: Callable[..., float], count: int = 1, *, kind: FunctionKind = FunctionKind.SCALAR
) -> None:
    signature = ", ".join(["number"] * count) + " -> double"
    declare(names, kind, signature)(lambda _: checked(operation, Type.DOUBLE))


def _domain(operation: Callable[[float], float], low: float, *, open_: bool = False) -> Callable[[Number], float]:
    def run(value: Number) -> float:
        if value < low or (open_ and value == low):
            raise Failure(f"{value} lies outside of what the function is defined for")
        return operation(value)

    return run


def _cube_root(value: float) -> float:
    """Exact for cubes of whole numbers, as Java's is."""
    root = math.cbrt(value)
    return float(round(root)) if math.isfinite(root) and float(round(root)) ** 3 == value else root


_of_double("acos", math.acos)
_of_double("acosh", math.acosh)
_of_double("asin", math.asin)
_of_double("asinh", math.asinh)
_of_double("atan", math.atan)
_of_double("atan2", math.atan2, 2)
_of_double("atanh", math.atanh)
_of_double("cbrt", _cube_root)
_of_double("cos", math.cos)
_of_double("cosh", math.cosh)
_of_double("exp", math.exp)
_of_double("hypot", math.hypot, 2)
_of_double("log10", _domain(math.log10, 0, open_=True))
_of_double("pow", math.pow, 2)
_of_double("signum", lambda value: math.copysign(1.0, value) if value else 0.0)
_of_double("sin", math.sin)
_of_double("sinh", math.sinh)
_of_double("sqrt", _domain(math.sqrt, 0))
_of_double("tan", math.tan)
_of_double("tanh", math.tanh)
_of_double("to_degrees", math.degrees, kind=FunctionKind.ELEMENTWISE)
_of_double("to_radians", math.radians, kind=FunctionKind.ELEMENTWISE)


@scalar("e", "-> double")
def e() -> float:
    return math.e


@scalar("pi", "-> double")
def pi() -> float:
    return math.pi


@scalar("tau", "-> double")
def tau() -> float:
    return math.tau


@scalar("log", "number -> double", "number, number -> double")
def log(first: Number, second: Number | None = None) -> float:
    """The natural logarithm of the one argument, or that of the second to the base of the first."""
    value = first if second is None else second
    if value <= 0 or (second is not None and (first <= 0 or first == 1)):
        raise Failure("a logarithm is only defined for numbers greater than 0")
    return math.log(value) if second is None else math.log(value) / math.log(first)


@declare("abs", FunctionKind.SCALAR, "number -> first", traits=Traits(inverse=the_same))
def absolute(binding: Binding) -> Callable[..., Number]:
    return checked(lambda value: abs(value), binding.result)


def _rounding(names: str, operation: Callable[[float], int]) -> None:
    @declare(names, FunctionKind.SCALAR, "number -> first", traits=Traits(inverse=the_same))
    def bind(binding: Binding) -> Callable[[Number], Number]:
        return (lambda value: float(operation(value))) if binding.result is Type.DOUBLE else lambda value: value


_rounding("ceil", math.ceil)
_rounding("floor", math.floor)


@declare("round", FunctionKind.SCALAR, "number, integer|long? -> first", traits=Traits(inverse=the_same))
def round_(binding: Binding) -> Callable[..., Number]:
    """Half away from zero; a negative number of decimals rounds to tens, hundreds and so on."""
    return _round_double if binding.result is Type.DOUBLE else _round_whole


def _round_double(value: float, decimals: int = 0) -> float:
    scale = math.pow(10.0, decimals) if abs(decimals) <= 300 else math.inf
    scaled = value * scale
    if not math.isfinite(scaled) or scale == 0:
        return value if decimals > 0 else 0.0
    return math.copysign(math.floor(abs(scaled) + 0.5) / scale, value)


def _round_whole(value: int, decimals: int = 0) -> int:
    if decimals >= 0:
        return value
    if decimals < -20:
        return 0
    unit: int = 10 ** abs(decimals)
    rounded = (abs(value) + unit // 2) // unit * unit
    return -rounded if value < 0 else rounded


@declare(
    "round_to",
    FunctionKind.SCALAR,
    "number, number... -> widest",
    "date, date... -> date",
    traits=Traits(since="9.1"),
)
def round_to(binding: Binding) -> Callable[..., Number]:
    """The greatest of the points that is not greater than the value, else the smallest point."""
    widen = float if binding.result is Type.DOUBLE else int
    return lambda value, *points: widen(max((point for point in points if point <= value), default=min(points)))


@declare("copy_sign", FunctionKind.SCALAR, "number, number -> first", traits=Traits(since="9.1"))
def copy_sign(binding: Binding) -> Callable[[Number, Number], Number]:
    if binding.result is Type.DOUBLE:
        return math.copysign
    return lambda value, sign: abs(value) if sign >= 0 else -abs(value)


@scalar("scalb", "number, integer|long -> double", traits=Traits(since="9.1"))
def scalb(value: Number, exponent: int) -> float:
    try:
        return math.ldexp(value, exponent)
    except OverflowError as error:
        raise Failure("the result is not a finite number") from error


def _clamp(names: str, operation: Callable[..., Any], count: int) -> None:
    signature = ", ".join(["comparable"] * count) + " -> common"
    declare(names, FunctionKind.SCALAR, signature)(lambda _: operation)


_clamp("clamp", lambda value, low, high: max(low, min(value, high)), 3)
_clamp("clamp_min", max, 2)
_clamp("clamp_max", min, 2)
