"""Typed expressions to closures: a row in, a value out. Each is made once and called for every row.

What a kind of function does with nulls and multivalues (see `functions.registry`) is written here and nowhere else.
"""

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    EVENT,
    Apply,
    Constant,
    EventTest,
    Reference,
    Row,
    Typed,
)
from rulewright_engine.esql.analysis.warnings import SEVERAL_VALUES, Warnings
from rulewright_engine.esql.functions.registry import Failure, FunctionKind
from rulewright_engine.esql.functions.traits import Choice
from rulewright_engine.ir.operators import LOGIC

__all__ = ["Compiled", "Compiler"]

Compiled = Callable[[Row], Any]
Warn = Callable[[str], None]


class Compiler:
    """Compiles the expressions of one query (`text`); what their evaluation warns of goes to `warnings`."""

    def __init__(self, text: str, warnings: Warnings) -> None:
        self._text = text
        self._warnings = warnings

    def compile(self, expression: Typed) -> Compiled:
        match expression:
            case Constant(value):
                return lambda row: value
            case Reference(column):
                return itemgetter(column.slot)
            case EventTest(test=test):
                return lambda row: test(row[EVENT])
            case Apply():
                return self._apply(expression)

    def condition(self, expression: Typed) -> Callable[[Row], bool]:
        """Whether an expression is true: null and false are not, and neither are several values."""
        first, *others = [self.single(conjunct) for conjunct in expression.conjuncts()]
        if others:
            return lambda row: first(row) is True and all(other(row) is True for other in others)
        return lambda row: first(row) is True

    def single(self, expression: Typed, result: str = "null") -> Compiled:
        """The expression with a multivalue turned into null and a warning."""
        evaluate = self.compile(expression)
        if isinstance(expression, Constant | EventTest) and not isinstance(getattr(expression, "value", None), list):
            return evaluate
        if isinstance(expression, Apply) and expression.function.kind is FunctionKind.LOGIC:
            return evaluate
        warn = self._warn_of(expression, result)

        def single(row: Row) -> Any:
            value = evaluate(row)
            return value if type(value) is not list else warn(SEVERAL_VALUES)

        return single

    def _warn_of(self, expression: Typed, result: str = "null") -> Warn:
        span = expression.span
        text = self._text[span.start : span.end]
        return lambda reason: self._warnings.add(span, text, reason, result)

    def _apply(self, call: Apply) -> Compiled:
        match call.function.kind:
            case FunctionKind.SCALAR | FunctionKind.GROUPING:
                return self._scalar(call)
            case FunctionKind.ELEMENTWISE:
                return self._elementwise(call)
            case FunctionKind.MULTIVALUE:
                return self._multivalue(call)
            case FunctionKind.LOGIC:
                return self._logic(call)
            case _:
                return self._lazy(call)

    def _scalar(self, call: Apply) -> Compiled:
        run, warn = call.run, self._warn_of(call)
        arguments = [self.compile(argument) for argument in call.arguments]
        match arguments:
            case [only]:
                return _unary(run, only, warn)
            case [first, second]:
                constant = call.arguments[1]
                if (
                    isinstance(constant, Constant)
                    and constant.value is not None
                    and not isinstance(constant.value, list)
                ):
                    return _with_constant(run, first, constant.value, warn)
                return _binary(run, first, second, warn)
            case _:
                return _variadic(run, arguments, warn)

    def _elementwise(self, call: Apply) -> Compiled:
        run, warn = call.run, self._warn_of(call)
        argument = self.compile(call.arguments[0])

        def convert(value: Any) -> Any:
            try:
                return run(value)
            except Failure as failure:
                return warn(str(failure))

        def evaluate(row: Row) -> Any:
            value = argument(row)
            if type(value) is not list:
                return None if value is None else convert(value)
            converted = [result for each in value if (result := convert(each)) is not None]
            return _as_value(converted)

        return evaluate

    def _multivalue(self, call: Apply) -> Compiled:
        run, warn = call.run, self._warn_of(call)
        arguments = [self.compile(argument) for argument in call.arguments]

        def evaluate(row: Row) -> Any:
            values = [argument(row) for argument in arguments]
            if None in values:
                return None
            if type(values[0]) is not list:
                values[0] = [values[0]]
            try:
                result = run(*values)
            except Failure as failure:
                return warn(str(failure))
            return _as_value(result) if type(result) is list else result

        return evaluate

    def _logic(self, call: Apply) -> Compiled:
        """Arguments are single. Of AND and OR an operand is warned of, of a test the whole test."""
        run = call.run
        if call.function.operator in LOGIC:
            operands = [self.single(argument) for argument in call.arguments]
            return lambda row: run(row, *operands)
        warn = self._warn_of(call)
        arguments = [_or_warn(self.compile(argument), warn) for argument in call.arguments]
        return _fixed(run, arguments)

    def _lazy(self, call: Apply) -> Compiled:
        if call.function.traits.choice is not Choice.BY_CONDITION:
            return _fixed(call.run, [self.compile(argument) for argument in call.arguments])
        warn = self._warn_of(call, "false")
        arguments = [self.compile(argument) for argument in call.arguments]
        for index in range(0, len(arguments) - 1, 2):
            arguments[index] = _or_warn(arguments[index], warn)
        return _fixed(call.run, arguments)


def _as_value(values: list[Any]) -> Any:
    return values if len(values) > 1 else values[0] if values else None


def _or_warn(evaluate: Compiled, warn: Warn) -> Compiled:
    def single(row: Row) -> Any:
        value = evaluate(row)
        return value if type(value) is not list else warn(SEVERAL_VALUES)

    return single


def _fixed(run: Callable[..., Any], arguments: list[Compiled]) -> Compiled:
    if len(arguments) == 1:
        (only,) = arguments
        return lambda row: run(row, only)
    first, *rest = arguments
    if len(rest) == 1:
        (second,) = rest
        return lambda row: run(row, first, second)
    return lambda row: run(row, *arguments)


def _unary(run: Callable[..., Any], argument: Compiled, warn: Warn) -> Compiled:
    def evaluate(row: Row) -> Any:
        value = argument(row)
        if value is None:
            return None
        if type(value) is list:
            return warn(SEVERAL_VALUES)
        try:
            return run(value)
        except Failure as failure:
            return warn(str(failure))

    return evaluate


def _with_constant(run: Callable[..., Any], argument: Compiled, constant: Any, warn: Warn) -> Compiled:
    def evaluate(row: Row) -> Any:
        value = argument(row)
        if value is None:
            return None
        if type(value) is list:
            return warn(SEVERAL_VALUES)
        try:
            return run(value, constant)
        except Failure as failure:
            return warn(str(failure))

    return evaluate


def _binary(run: Callable[..., Any], left: Compiled, right: Compiled, warn: Warn) -> Compiled:
    def evaluate(row: Row) -> Any:
        first, second = left(row), right(row)
        if first is None or second is None:
            return None
        if type(first) is list or type(second) is list:
            return warn(SEVERAL_VALUES)
        try:
            return run(first, second)
        except Failure as failure:
            return warn(str(failure))

    return evaluate


def _variadic(run: Callable[..., Any], arguments: list[Compiled], warn: Warn) -> Compiled:
    def evaluate(row: Row) -> Any:
        values = []
        for argument in arguments:
            value = argument(row)
            if value is None:
                return None
            values.append(value)
        if list in map(type, values):
            return warn(SEVERAL_VALUES)
        try:
            return run(*values)
        except Failure as failure:
            return warn(str(failure))

    return evaluate
