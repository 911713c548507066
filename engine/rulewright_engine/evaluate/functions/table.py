"""Every function and operator that may stand in a `Call`, with its types and what null does (semantics B1)."""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from rulewright_engine.evaluate.functions import numbers, text
from rulewright_engine.ir.expression import FieldType

__all__ = ["FUNCTIONS", "Function", "Parameter", "ParameterKind"]


class ParameterKind(StrEnum):
    """What a parameter takes."""

    ANY = "any value"
    TEXT = "text"
    NUMBER = "a number"
    INTEGER = "an integer"
    BOOLEAN = "a boolean"
    ADDRESS = "an address"

    def accepts(self, family: FieldType) -> bool:
        """Whether a value of this type may stand here; null may stand everywhere."""
        return family is FieldType.NULL or family in _ACCEPTED[self]


_TEXTS = frozenset({FieldType.KEYWORD, FieldType.WILDCARD, FieldType.TEXT})
_ACCEPTED: dict[ParameterKind, frozenset[FieldType]] = {
    ParameterKind.ANY: frozenset(FieldType) - {FieldType.OBJECT},
    ParameterKind.TEXT: _TEXTS,
    ParameterKind.NUMBER: frozenset({FieldType.LONG, FieldType.DOUBLE}),
    ParameterKind.INTEGER: frozenset({FieldType.LONG}),
    ParameterKind.BOOLEAN: frozenset({FieldType.BOOLEAN}),
    ParameterKind.ADDRESS: _TEXTS | {FieldType.IP},
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """`optional`: may be left out at the end. `nullable`: the function sees a null; otherwise a null gives null.

    `constant`: must not refer to a field.
    """

    name: str
    kind: ParameterKind
    optional: bool = False
    nullable: bool = False
    constant: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function or operator.

    `spelling` is its documented name, None for an operator, which no query can call by name. `result` None means long
    when every argument is long, else double. `run` takes the arguments that were given, each of its parameter's kind
    and null only where that is nullable. `insensitive` is the same for `~`, None where there is no such variant.
    """

    spelling: str | None
    parameters: tuple[Parameter, ...]
    result: FieldType | None
    run: Callable[..., Any]
    insensitive: Callable[..., Any] | None = None
    variadic: bool = False

    @property
    def least(self) -> int:
        """The fewest arguments."""
        return sum(not parameter.optional for parameter in self.parameters)

    @property
    def most(self) -> int | None:
        """The most arguments; None when the last parameter repeats."""
        return None if self.variadic else len(self.parameters)

    def parameter(self, position: int) -> Parameter:
        """The parameter of the argument at `position`; `position` is less than `most`."""
        return self.parameters[min(position, len(self.parameters) - 1)]

    def result_type(self, arguments: Sequence[FieldType]) -> FieldType:
        if self.result is not None:
            return self.result
        return FieldType.LONG if all(family is FieldType.LONG for family in arguments) else FieldType.DOUBLE


def _text_test(spelling: str, run: Callable[[str, str], bool]) -> Function:
    parameters = (Parameter("text", ParameterKind.TEXT), Parameter("part", ParameterKind.TEXT))
    return Function(spelling, parameters, FieldType.BOOLEAN, run, text.ignoring_case(run))


def _pattern(run: Callable[..., Any]) -> Function:
    parameters = (Parameter("text", ParameterKind.TEXT), Parameter("pattern", ParameterKind.TEXT, constant=True))
    return Function(None, parameters, FieldType.BOOLEAN, run, partial(run, insensitive=True))


def _arithmetic(spelling: str, run: Callable[..., Any]) -> Function:
    return Function(
        spelling, (Parameter("left", ParameterKind.NUMBER), Parameter("right", ParameterKind.NUMBER)), None, run
    )


def _comparison(test: Callable[[Any, Any], bool]) -> Function:
    parameters = (Parameter("left", ParameterKind.ANY), Parameter("right", ParameterKind.ANY))
    return Function(None, parameters, FieldType.BOOLEAN, numbers.compared(test))


def _logic(run: Callable[..., Any]) -> Function:
    sides = (
        Parameter("left", ParameterKind.BOOLEAN, nullable=True),
        Parameter("right", ParameterKind.BOOLEAN, nullable=True),
    )
    return Function(None, sides, FieldType.BOOLEAN, run)


FUNCTIONS: dict[str, Function] = {
    # Functions, by their name in lower case
    "add": _arithmetic("add", numbers.ADD),
    "between": Function(
        "between",
        (
            Parameter("text", ParameterKind.TEXT),
            Parameter("left", ParameterKind.TEXT),
            Parameter("right", ParameterKind.TEXT),
            Parameter("greedy", ParameterKind.BOOLEAN, optional=True),
        ),
        FieldType.KEYWORD,
        text.between,
        partial(text.between, insensitive=True),
    ),
    "cidrmatch": Function(
        "cidrMatch",
        (Parameter("address", ParameterKind.ADDRESS), Parameter("network", ParameterKind.TEXT, constant=True)),
        FieldType.BOOLEAN,
        numbers.cidr_match,
        variadic=True,
    ),
    "concat": Function(
        "concat", (Parameter("value", ParameterKind.ANY),), FieldType.KEYWORD, text.concat, variadic=True
    ),
    "divide": _arithmetic("divide", numbers.divide),
    "endswith": _text_test("endsWith", text.ends_with),
    "indexof": Function(
        "indexOf",
        (
            Parameter("text", ParameterKind.TEXT),
            Parameter("part", ParameterKind.TEXT),
            Parameter("start", ParameterKind.INTEGER, optional=True, nullable=True),
        ),
        FieldType.LONG,
        text.index_of,
        text.ignoring_case(text.index_of),
    ),
    "length": Function("length", (Parameter("text", ParameterKind.TEXT),), FieldType.LONG, text.length),
    "modulo": _arithmetic("modulo", numbers.modulo),
    "multiply": _arithmetic("multiply", numbers.MULTIPLY),
    "number": Function(
        "number",
        (Parameter("text", ParameterKind.TEXT), Parameter("base", ParameterKind.INTEGER, optional=True, nullable=True)),
        FieldType.DOUBLE,
        numbers.number,
    ),
    "startswith": _text_test("startsWith", text.starts_with),
    "string": Function("string", (Parameter("value", ParameterKind.ANY),), FieldType.KEYWORD, text.string),
    "stringcontains": _text_test("stringContains", text.string_contains),
    "substring": Function(
        "substring",
        (
            Parameter("text", ParameterKind.TEXT),
            Parameter("start", ParameterKind.INTEGER, nullable=True),
            Parameter("end", ParameterKind.INTEGER, optional=True, nullable=True),
        ),
        FieldType.KEYWORD,
        text.substring,
    ),
    "subtract": _arithmetic("subtract", numbers.SUBTRACT),
    # Operators in value position; `and`, `or`, `not` are three-valued, `is_null` is a comparison with the word `null`
    "negate": Function(None, (Parameter("value", ParameterKind.NUMBER),), None, numbers.negate),
    "equals": Function(
        None,
        (Parameter("left", ParameterKind.ANY), Parameter("right", ParameterKind.ANY)),
        FieldType.BOOLEAN,
        numbers.equals,
    ),
    "is_null": Function(
        None, (Parameter("value", ParameterKind.ANY, nullable=True),), FieldType.BOOLEAN, numbers.is_null
    ),
    "less": _comparison(operator.lt),
    "less_equal": _comparison(operator.le),
    "greater": _comparison(operator.gt),
    "greater_equal": _comparison(operator.ge),
    "like": _pattern(text.like),
    "regex": _pattern(text.regex),
    "and": _logic(numbers.conjunction),
    "or": _logic(numbers.disjunction),
    "not": Function(None, (Parameter("value", ParameterKind.BOOLEAN),), FieldType.BOOLEAN, numbers.negation),
}
"""Key: the name in lower case, as `Call.function` holds it."""
