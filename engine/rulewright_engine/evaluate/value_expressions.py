"""Values to closures. Values are three-valued: a null argument gives null, unless the function takes nulls."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

from rulewright_engine.evaluate.event import Event, slot
from rulewright_engine.evaluate.functions import FUNCTIONS
from rulewright_engine.ir.expression import (
    Call,
    Field,
    Literal,
    Scalar,
    Value,
)
from rulewright_schema.errors import LimitExceeded

__all__ = ["Choice", "Evaluator", "choices", "compile_keys", "compile_value", "fold"]

Choice = Mapping[str, Scalar]
"""One value of each field, by name; None for a field without values."""

Evaluator = Callable[[Choice], Scalar]

MAX_CHOICES = 100_000
"""Combinations of values that one condition asks about: arrays multiply."""


def compile_value(value: Value) -> Evaluator:
    """A function from a choice of the fields' values to the value. Arguments of calls must be of the right kinds."""
    match value:
        case Field(name):
            return lambda choice: choice[name]
        case Literal(constant):
            return lambda choice: constant
        case Call():
            return _compile_call(value)


def _compile_call(call: Call) -> Evaluator:
    function = FUNCTIONS[call.function]
    run: Callable[..., Any] = (function.insensitive if call.insensitive else None) or function.run
    arguments = [compile_value(argument) for argument in call.arguments]
    strict = [not function.signature.parameter(position, len(arguments)).nullable for position in range(len(arguments))]
    if all(strict):
        return _strict_call(run, arguments)

    def evaluate(choice: Choice) -> Scalar:
        given = [argument(choice) for argument in arguments]
        if any(value is None and required for value, required in zip(given, strict, strict=True)):
            return None
        result: Scalar = run(*given)
        return result

    return evaluate


def _strict_call(run: Callable[..., Any], arguments: list[Evaluator]) -> Evaluator:
    def evaluate(choice: Choice) -> Scalar:
        given = [argument(choice) for argument in arguments]
        result: Scalar = None if None in given else run(*given)
        return result

    return evaluate


def fold(value: Value) -> Scalar:
    """What a value without fields is."""
    return compile_value(value)({})


def choices(event: Event, fields: Sequence[Field]) -> Iterator[Choice]:
    """Every choice of one value of each field (fields distinct by name); `LimitExceeded` when there are too many."""
    names = [field.name for field in fields]
    values = [event.typed[slot(field)] or (None,) for field in fields]
    if prod(map(len, values)) > MAX_CHOICES:
        raise LimitExceeded(
            f"the values of {', '.join(f'`{name}`' for name in names)} combine in more than {MAX_CHOICES} ways"
        )
    for chosen in product(*values):
        yield dict(zip(names, chosen, strict=True))


def distinct_fields(values: Sequence[Value]) -> list[Field]:
    """The fields that values refer to, each name once."""
    return list({field.name: field for value in values for field in value.fields()}.values())


def compile_keys(values: Sequence[Value]) -> Callable[[Event], list[tuple[Scalar, ...]]]:
    """A function from an event to its distinct key tuples: one for each choice of the fields' values (semantics B1)."""
    fields = distinct_fields(values)
    evaluators = [compile_value(value) for value in values]

    def keys(event: Event) -> list[tuple[Scalar, ...]]:
        found = (tuple(evaluate(choice) for evaluate in evaluators) for choice in choices(event, fields))
        return list(dict.fromkeys(found))

    return keys
