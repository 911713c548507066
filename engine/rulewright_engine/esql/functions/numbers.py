"""Arithmetic and functions of numbers. A result beyond the range of its type is null, with a warning."""

import math
import operator
from collections.abc import Callable
from typing import Any

from rulewright_engine.esql.functions import instants
from rulewright_engine.esql.functions.registry import Binding, Failure, FunctionKind, declare, scalar
from rulewright_engine.esql.functions.traits import Given, Traits, Wish, the_same
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.esql.syntax.timespans import Duration, Period, TimeAmount
from rulewright_engine.ir.operators import Operator

__all__ = ["RANGES", "checked", "in_range"]

Number = int | float
_UNKNOWN = Traits()

RANGES = {
    Type.INTEGER: (-(2**31), 2**31 - 1),
    Type.LONG: (-(2**63), 2**63 - 1),
    Type.UNSIGNED_LONG: (0, 2**64 - 1),
}
_NANOS = 1_000_000


def in_range(value: Number, type_: Type) -> Number:
    """The value, if the type can hold it; raises `Failure` if not."""
    if type_ is Type.DOUBLE:
        if not math.isfinite(value):
            raise Failure("the result is not a finite number")
        return float(value)
    low, high = RANGES[type_]
    if not low <= value <= high:
        raise Failure(f"{value} is beyond the range of {type_}")
    return value


def checked(operation: Callable[..., Number], type_: Type) -> Callable[..., Number]:
    """The operation with its result held to the range of `type_`."""
    if type_ is Type.DOUBLE:

        def run_double(*values: Number) -> Number:
            try:
                result = float(operation(*values))
            except (OverflowError, ValueError) as error:
                raise Failure("the result is not a finite number") from error
            if not math.isfinite(result):
                raise Failure("the result is not a finite number")
            return result

        return run_double
    if type_ not in RANGES:  # all arguments are null
        return operation
    low, high = RANGES[type_]

    def run(*values: Number) -> Number:
        result = operation(*values)
        if not low <= result <= high:
            raise Failure(f"{result} is beyond the range of {type_}")
        return result

    return run


def _undone_by(name: Operator) -> Traits:
    """An operand is computed from the result and the other operand where that is constant."""

    def inverse(call: Given, wanted: Any) -> tuple[Wish, ...]:
        if not call.varying or not isinstance(wanted, int | float):
            return ()
        if len(call.varying) == 2:
            is_product = name in (Operator.MULTIPLY, Operator.DIVIDE)
            return (Wish(0, max(int(wanted), 1) if is_product else int(wanted) + 1), Wish(1, 1))
        (varying,) = call.varying
        amount = call.constants[1 - varying]
        if isinstance(amount, Duration | Period) and isinstance(wanted, int):
            return (Wish(varying, instants.add(wanted, instants.negate(amount) if name is Operator.ADD else amount)),)
        if not isinstance(amount, int | float):
            return ()
        undone = _undone(name, wanted, amount, on_the_right=varying == 0)
        return (Wish(varying, float(undone) if call.types[varying] is Type.DOUBLE else math.ceil(undone)),)

    return Traits(inverse=inverse)


def _undone(name: Operator, wanted: float, amount: float, *, on_the_right: bool) -> float:
    """What an operand must be for the result `wanted`, where the other operand is `amount`."""
    match name:
        case Operator.ADD:
            return wanted - amount
        case Operator.SUBTRACT:
            return wanted + amount if on_the_right else amount - wanted
        case Operator.MULTIPLY:
            return wanted / amount if amount else 0
        case _:
            return wanted * amount


def _arithmetic(name: Operator, operation: Callable[[Any, Any], Number], *more: str) -> None:
    @declare(name, FunctionKind.SCALAR, "number, number -> widest", *more, traits=_undone_by(name))
    def bind(binding: Binding) -> Callable[..., Any]:
        if Type.DATE_PERIOD in binding.types or Type.TIME_DURATION in binding.types:
            return _with_time(name, binding)
        return checked(operation, binding.result)


def _with_time(name: Operator, binding: Binding) -> Callable[[Any, Any], Any]:
    if binding.result in (Type.DATE_PERIOD, Type.TIME_DURATION):
        return lambda left, right: _combine(left, right if name is Operator.ADD else instants.negate(right))
    scale = _NANOS if binding.result is Type.DATE_NANOS else 1

    def shift(instant: int, amount: TimeAmount) -> int:
        if scale == 1:
            return instants.add(instant, amount)
        return instants.add(instant // scale, amount) * scale + instant % scale

    in_range = checked(shift, Type.LONG)
    if name is Operator.SUBTRACT:
        return lambda instant, amount: in_range(instant, instants.negate(amount))
    if binding.types[0] in (Type.DATE_PERIOD, Type.TIME_DURATION):
        return lambda amount, instant: in_range(instant, amount)
    return in_range


def _combine(left: TimeAmount, right: TimeAmount) -> TimeAmount:
    if isinstance(left, Duration) and isinstance(right, Duration):
        return Duration(left.milliseconds + right.milliseconds)
    if isinstance(left, Period) and isinstance(right, Period):
        return Period(left.months + right.months, left.days + right.days)
    raise Failure("a period of the calendar and a duration of the clock cannot be added")


_MOMENTS = (
    "date, span -> date",
    "date_nanos, span -> date_nanos",
    "date_period, date_period -> date_period",
    "time_duration, time_duration -> time_duration",
)


def _divide(left: Number, right: Number) -> Number:
    """Whole numbers divide to a whole number, cut off towards zero."""
    if right == 0:
        raise Failure("division by zero")
    if isinstance(left, int) and isinstance(right, int):
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    return left / right


def _modulo(left: Number, right: Number) -> Number:
    """The remainder has the sign of the dividend."""
    if right == 0:
        raise Failure("division by zero")
    if isinstance(left, int) and isinstance(right, int):
        remainder = abs(left) % abs(right)
        return -remainder if left < 0 else remainder
    return math.fmod(left, right)


_arithmetic(Operator.ADD, operator.add, *_MOMENTS, "span, date -> date", "span, date_nanos -> date_nanos")
_arithmetic(Operator.SUBTRACT, operator.sub, *_MOMENTS)
_arithmetic(Operator.MULTIPLY, operator.mul)


def _division(name: Operator, operation: Callable[[Number, Number], Number], traits: Traits = _UNKNOWN) -> None:
    @declare(name, FunctionKind.SCALAR, "number, number -> widest", traits=traits)
    def bind(binding: Binding) -> Callable[..., Any]:
        if binding.result is Type.DOUBLE:
            return checked(lambda left, right: operation(float(left), float(right)), Type.DOUBLE)
        return checked(operation, binding.result)


_division(Operator.DIVIDE, _divide, _undone_by(Operator.DIVIDE))
_division(Operator.MODULO, _modulo)


@declare(Operator.NEGATE, FunctionKind.SCALAR, "number -> first", "span -> first")
def negate(binding: Binding) -> Callable[..., Any]:
    if binding.types[0] in (Type.DATE_PERIOD, Type.TIME_DURATION):
        return instants.negate
    return checked(lambda value: -value, binding.result)


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


@declare("round_to", FunctionKind.SCALAR, "number, number... -> widest", "date, date... -> date")
def round_to(binding: Binding) -> Callable[..., Number]:
    """The greatest of the points that is not greater than the value, else the smallest point."""
    widen = float if binding.result is Type.DOUBLE else int
    return lambda value, *points: widen(max((point for point in points if point <= value), default=min(points)))


@declare("copy_sign", FunctionKind.SCALAR, "number, number -> first")
def copy_sign(binding: Binding) -> Callable[[Number, Number], Number]:
    if binding.result is Type.DOUBLE:
        return math.copysign
    return lambda value, sign: abs(value) if sign >= 0 else -abs(value)


@scalar("scalb", "number, integer|long -> double")
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
