"""`+ - * / %` and negation, of numbers and of times; a result beyond the range of its type is null, with a warning."""

import math
import operator
from collections.abc import Callable
from typing import Any

from rulewright_engine.esql.functions import instants
from rulewright_engine.esql.functions.registry import Binding, Failure, FunctionKind, declare
from rulewright_engine.esql.functions.traits import Given, Traits, Wish
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.esql.syntax.timespans import Duration, Period, TimeAmount
from rulewright_engine.ir.operators import Operator

__all__ = ["Number", "checked", "in_range"]

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
