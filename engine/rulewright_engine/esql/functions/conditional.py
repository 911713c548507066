"""CASE, COALESCE and their like: they choose among their arguments."""

from collections.abc import Callable
from typing import Any

from rulewright_engine.esql.functions.multivalues import as_list
from rulewright_engine.esql.functions.order import order_key
from rulewright_engine.esql.functions.registry import Binding, FunctionKind, declare
from rulewright_engine.esql.functions.traits import Choice, Given, Traits, Wish, the_same
from rulewright_engine.esql.functions.types import Type

__all__: list[str] = []

Row = Any
Compiled = Callable[[Row], Any]


def _in_a_branch(call: Given, wanted: Any) -> tuple[Wish, ...]:
    """The first value that is no constant."""
    last = len(call.constants) - 1
    values = [*range(1, last + 1, 2), last]
    return tuple(Wish(position, wanted) for position in values if not call.is_constant(position))[:1]


@declare(
    "case",
    FunctionKind.LAZY,
    "boolean, any|span... -> case",
    traits=Traits(inverse=_in_a_branch, choice=Choice.BY_CONDITION),
)
def case(binding: Binding) -> Callable[..., Any]:
    """The value behind the first condition that is true, else the last value alone, else null.

    A condition of several values is not met; typing has wrapped conditions so that this gives a warning.
    """
    widen = binding.result is Type.DOUBLE and any(type_ is not Type.DOUBLE for type_ in binding.types[1::2])

    def evaluate(row: Row, *arguments: Compiled) -> Any:
        for index in range(0, len(arguments) - 1, 2):
            if arguments[index](row) is True:
                value = arguments[index + 1](row)
                break
        else:
            value = arguments[-1](row) if len(arguments) % 2 else None
        return _as_double(value) if widen else value

    return evaluate


def _as_double(value: Any) -> Any:
    if type(value) is int:
        return float(value)
    return [float(each) for each in value] if type(value) is list else value


@declare(
    "coalesce",
    FunctionKind.LAZY,
    "any|span, any|span... -> common",
    "any|span -> first",
    traits=Traits(inverse=the_same, choice=Choice.BY_PRESENCE),
)
def coalesce(binding: Binding) -> Callable[..., Any]:
    """The first argument that is not null; it may have several values."""
    widen = binding.result is Type.DOUBLE

    def evaluate(row: Row, *arguments: Compiled) -> Any:
        for argument in arguments:
            value = argument(row)
            if value is not None:
                return _as_double(value) if widen else value
        return None

    return evaluate


def _extreme(name: str, choose: Callable[..., Any]) -> None:
    @declare(name, FunctionKind.LAZY, "comparable, comparable... -> common", "comparable -> first")
    def bind(binding: Binding) -> Callable[..., Any]:
        key = order_key(binding.result)
        widen = binding.result is Type.DOUBLE

        def evaluate(row: Row, *arguments: Compiled) -> Any:
            values: list[Any] = []
            for argument in arguments:
                value = argument(row)
                if value is None:
                    return None
                values += as_list(value)
            chosen = choose(values, key=key)
            return _as_double(chosen) if widen else chosen

        return evaluate


_extreme("greatest", max)
_extreme("least", min)
