"""Types what stands on the sides of a condition, and lowers it to values; constants are folded.

Source of the rules: semantics B1 (functions, arithmetic, three-valued logic in value position).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rulewright_engine.evaluate import fold
from rulewright_engine.evaluate.functions import FUNCTIONS, Function, Parameter
from rulewright_engine.evaluate.functions.numbers import number
from rulewright_engine.evaluate.functions.registry import BOOLEAN, NUMBER, TEXT, accepts, described
from rulewright_engine.evaluate.functions.text import string
from rulewright_engine.ir.expression import (
    Call,
    Field,
    FieldType,
    Literal,
    Scalar,
    Value,
)
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.operators import ARITHMETIC, ORDER, Operator
from rulewright_engine.languages import field_codes
from rulewright_engine.languages.eql import ast, codes
from rulewright_engine.languages.eql.printer import text_of
from rulewright_engine.languages.problems import Problems
from rulewright_engine.values.addresses import parse_network
from rulewright_engine.values.dates import parse_date
from rulewright_schema.diagnostics import Edit, Fix
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Span
from rulewright_schema.wording import quoted

__all__ = ["KIND_NAMES", "TEXTUAL", "Typed", "Values", "fitted", "is_null", "type_of_literal"]

TEXTUAL = frozenset({FieldType.KEYWORD, FieldType.WILDCARD, FieldType.TEXT, FieldType.VERSION, FieldType.NULL})
"""Types whose values are text to a pattern; null is never matched, but may stand anywhere."""

KIND_NAMES = {
    FieldType.KEYWORD: "text",
    FieldType.WILDCARD: "text",
    FieldType.TEXT: "analysed text",
    FieldType.LONG: "a number",
    FieldType.DOUBLE: "a number",
    FieldType.BOOLEAN: "a boolean",
    FieldType.DATE: "a date",
    FieldType.IP: "an address",
    FieldType.VERSION: "a version",
    FieldType.OBJECT: "an object",
    FieldType.NULL: "null",
}

_ARITHMETIC = {operator.symbol: operator for operator in ARITHMETIC}
_ORDER = {operator.symbol: operator for operator in ORDER}

_SPELLINGS = [function.spelling for _, function in sorted(FUNCTIONS.items()) if function.spelling]

_FOREIGN = {
    "wildcard": 'use `:` or `like`: `field : ("a*", "b?")`',
    "match": 'use `regex` or `regex~`: `field regex~ "a.*"`',
    "matchlite": 'use `regex` or `regex~`: `field regex~ "a.*"`',
    "arraycontains": "use `==` or `in`: a condition on an array holds if any value meets it",
    "arraysearch": "put the condition on the field: it holds if any value of the array meets it",
    "arraycount": "there is no counterpart: an array cannot be counted",
    "safe": "remove it: a function of null is null",
}
"""Functions of Endgame's EQL, and what takes their place."""


class Typed(NamedTuple):
    """A value and its type."""

    value: Value
    type: FieldType


_NOTHING = Typed(Literal(None), FieldType.NULL)
"""Stands in for what was reported; null fits everywhere, so nothing more is said of it."""


def type_of_literal(value: Scalar) -> FieldType:
    match value:
        case None:
            return FieldType.NULL
        case bool():
            return FieldType.BOOLEAN
        case int():
            return FieldType.LONG
        case float():
            return FieldType.DOUBLE
        case str():
            return FieldType.KEYWORD


def is_null(typed: Typed) -> bool:
    return isinstance(typed.value, Literal) and typed.value.value is None


def fitted(value: Scalar, family: FieldType) -> Scalar:
    """A literal as a field of that family holds it; None when it cannot."""
    if value is None:
        return None
    match family:
        case FieldType.LONG | FieldType.DOUBLE:
            if isinstance(value, bool):
                return None
            found = number(value) if isinstance(value, str) else value
            return int(found) if isinstance(found, float) and found.is_integer() and abs(found) < 2**63 else found
        case FieldType.BOOLEAN:
            return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))
        case FieldType.DATE:
            return parse_date(value) if isinstance(value, str) else None if isinstance(value, bool) else int(value)
        case FieldType.NULL:
            return value
        case FieldType.IP:
            return value if isinstance(value, str) and parse_network(value) is not None else None
        case _:
            return string(value)


class Values:
    """Lowers expressions in value position. Reports into `problems`; what is wrong becomes null."""

    def __init__(self, fields: FieldTypes, problems: Problems) -> None:
        self._fields = fields
        self.problems = problems
        self._guessed: set[str] = set()

    def typed(self, expression: ast.Expression) -> Typed:
        match expression:
            case ast.Literal(value):
                return Typed(Literal(value, expression.span), type_of_literal(value))
            case ast.FieldName():
                return self.field(expression)
            case ast.FunctionCall():
                return self.call(expression)
            case ast.Negative(operand):
                return self._operation(Operator.NEGATE, [operand], expression.span)
            case ast.Arithmetic(operator, left, right):
                return self._operation(_ARITHMETIC[operator], [left, right], expression.span)
            case ast.Negation(operand):
                return self._apply(Operator.NOT, [self._truth(operand)], expression.span)
            case ast.Logical(operator, operands):
                return self._joined(operator, [self._truth(operand) for operand in operands], expression.span)
            case ast.Comparison():
                return self._comparison(expression)
            case ast.Matching():
                return self._matching(expression)
            case ast.Unreadable():
                return _NOTHING

    # Fields

    def field(self, name: ast.FieldName) -> Typed:
        info = self._fields.lookup(name.name)
        if info is None:
            if not name.optional:
                self._report_unknown(name)
            return Typed(Field(name.name, FieldType.NULL, name.optional, name.span), FieldType.NULL)
        if info.type is FieldType.OBJECT:
            self.problems.report(
                field_codes.UNSUITABLE_OPERATOR,
                name.span,
                f"{quoted(name.text)} holds no value that EQL can see",
                help="name one of the fields below it",
                note=f"its type is {info.elasticsearch_type}",
            )
            return _NOTHING
        if info.type is FieldType.TEXT and self._fields.lookup(f"{name.name}.keyword") is None:
            self.problems.report(
                field_codes.UNSUITABLE_OPERATOR,
                name.span,
                f"{quoted(name.text)} is analysed text, which EQL cannot search",
                help="use a field of type keyword or wildcard, or a KQL rule",
                note=f"its type is {info.elasticsearch_type}",
            )
            return _NOTHING
        if info.inferred:
            self._guessed.add(name.name)
        return Typed(Field(name.name, info.type, name.optional, name.span), info.type)

    def settled(self, typed: Typed, literal: Scalar) -> Typed:
        """A field whose type is only guessed from what other rules do with it is of a type that the literal fits."""
        if not self._guessed or not isinstance(typed.value, Field) or typed.value.name not in self._guessed:
            return typed
        if literal is None or fitted(literal, typed.type) is not None:
            return typed
        family = type_of_literal(literal)
        return Typed(replace(typed.value, type=family), family)

    def _report_unknown(self, name: ast.FieldName) -> None:
        near = self._fields.nearest(name.name)
        self.problems.report(
            field_codes.UNKNOWN_FIELD,
            name.span,
            f"unknown field {quoted(name.text)}",
            help=f"did you mean `{near}`?" if near else f"write `?{name.text}` if not every index has it",
            fix=Fix((Edit(name.span, near),), safe=False) if near else None,
        )

    # Functions and operators

    def call(self, call: ast.FunctionCall) -> Typed:
        key = call.name.lower()
        function = FUNCTIONS.get(key)
        arguments = [self.typed(argument) for argument in call.arguments]
        if function is None or function.spelling is None:
            self._report_function(call)
            return _NOTHING
        if not self._has_right_count(call, function):
            return _NOTHING
        fits = [self._fits(call, function, position, typed) for position, typed in enumerate(arguments)]
        if call.insensitive and function.insensitive is None:
            self._report_tilde(call)
            return _NOTHING
        return self._apply(key, arguments, call.span, call.insensitive) if all(fits) else _NOTHING

    def _apply(self, name: str, arguments: Sequence[Typed], span: Span, insensitive: bool = False) -> Typed:
        function = FUNCTIONS[name]
        call = Call(function.name, tuple(argument.value for argument in arguments), insensitive, span)
        if all(isinstance(argument.value, Literal) for argument in arguments):
            value = fold(call)
            return Typed(Literal(value, span), type_of_literal(value))
        return Typed(call, function.result_type([argument.type for argument in arguments]))

    def _operation(self, operator: Operator, operands: Sequence[ast.Expression], span: Span) -> Typed:
        arguments = [self.typed(operand) for operand in operands]
        wrong = [
            operand
            for operand, argument in zip(operands, arguments, strict=True)
            if argument.type not in NUMBER and argument.type is not FieldType.NULL
        ]
        for operand in wrong:
            self.problems.report(
                codes.ARGUMENT_TYPE,
                operand.span,
                f"`{operator.symbol}` takes numbers",
                label=f"this is {KIND_NAMES[arguments[operands.index(operand)].type]}",
                help="convert text by `number(...)`, or compare without computing",
            )
        return _NOTHING if wrong else self._apply(operator, arguments, span)

    def _has_right_count(self, call: ast.FunctionCall, function: Function) -> bool:
        given, signature = len(call.arguments), function.signature
        if signature.accepts_count(given):
            return True
        least, most = signature.required, len(signature.parameters)
        wanted = f"{least} or more" if signature.repeats else f"{least}" if least == most else f"{least} to {most}"
        self.problems.report(
            codes.ARGUMENT_COUNT,
            call.span,
            f"`{function.spelling}` takes {wanted} arguments, not {given}",
            help=f"write `{_signature(function)}`",
        )
        return False

    def _fits(self, call: ast.FunctionCall, function: Function, position: int, typed: Typed) -> bool:
        parameter = function.signature.parameter(position, len(call.arguments))
        argument = call.arguments[position]
        if parameter.constant:
            return self._is_network(function, argument, typed)
        if accepts(parameter, typed.type):
            return True
        self.problems.report(
            codes.ARGUMENT_TYPE,
            argument.span,
            f"`{function.spelling}` takes {described(parameter)} here",
            label=f"this is {KIND_NAMES[typed.type]}",
            help=_conversion(parameter, argument),
        )
        return False

    def _is_network(self, function: Function, argument: ast.Expression, typed: Typed) -> bool:
        value = typed.value.value if isinstance(typed.value, Literal) else 0
        if value is None or (isinstance(value, str) and parse_network(value) is not None):
            return True
        self.problems.report(
            codes.INVALID_NETWORK,
            argument.span,
            f"{quoted(text_of(argument))} is no network",
            help=f'`{function.spelling}` takes literals such as `"10.0.0.0/8"` or `"fc00::/7"`',
        )
        return False

    def _report_function(self, call: ast.FunctionCall) -> None:
        foreign = _FOREIGN.get(call.name.lower())
        near = nearest_of(call.name, _SPELLINGS)
        if foreign is not None:
            message = f"function `{call.name}` is not part of EQL in Elasticsearch"
        else:
            message = f"unknown function {quoted(call.name)}"
        tilde = "~" if call.insensitive else ""
        self.problems.report(
            codes.UNKNOWN_FUNCTION,
            call.name_span,
            message,
            help=foreign or (f"did you mean `{near}`?" if near else f"the functions are {', '.join(_SPELLINGS)}"),
            fix=Fix((Edit(call.name_span, f"{near}{tilde}"),), safe=False) if near and foreign is None else None,
        )

    def _report_tilde(self, call: ast.FunctionCall) -> None:
        tilde = Span(call.name_span.end - 1, call.name_span.end)
        self.problems.report(
            codes.UNKNOWN_FUNCTION,
            call.name_span,
            f"`{call.name}` has no form that ignores case",
            help="remove `~`",
            fix=Fix((Edit(tilde, ""),), safe=True),
        )

    # Truth values

    def _truth(self, expression: ast.Expression) -> Typed:
        typed = self.typed(expression)
        if typed.type in (FieldType.BOOLEAN, FieldType.NULL):
            return typed
        self.problems.report(
            codes.NO_CONDITION,
            expression.span,
            f"{quoted(text_of(expression))} is no condition",
            label=f"this is {KIND_NAMES[typed.type]}",
            help="compare it with something",
        )
        return _NOTHING

    def _joined(self, operator: str, operands: Sequence[Typed], span: Span) -> Typed:
        """Halves, so that long lists do not nest deeply."""
        if len(operands) == 1:
            return operands[0]
        middle = len(operands) // 2
        left, right = self._joined(operator, operands[:middle], span), self._joined(operator, operands[middle:], span)
        return self._apply(operator, [left, right], span)

    def _comparison(self, comparison: ast.Comparison) -> Typed:
        return self.compared(comparison, self.typed(comparison.left), self.typed(comparison.right))

    def compared(self, comparison: ast.Comparison, left: Typed, right: Typed) -> Typed:
        """`x == null` asks whether x is null; any other comparison with a null is null."""
        operator, span = comparison.operator, comparison.span
        left, right = self._aligned(left, right, comparison.left), self._aligned(right, left, comparison.right)
        if operator in _ORDER:
            return self._apply(_ORDER[operator], [left, right], span)
        if is_null(right):
            equal = self.nullity(left, span)
        elif is_null(left):
            equal = self.nullity(right, span)
        else:
            equal = self._apply(Operator.EQUALS, [left, right], span)
        return self._apply(Operator.NOT, [equal], span) if operator == "!=" else equal

    def nullity(self, typed: Typed, span: Span) -> Typed:
        """Whether a value is null."""
        return self._apply(Operator.IS_NULL, [typed], span)

    def _aligned(self, typed: Typed, other: Typed, expression: ast.Expression) -> Typed:
        """A literal beside a field is read as a value of that field."""
        if not isinstance(typed.value, Literal) or not isinstance(other.value, Field) or typed.value.value is None:
            return typed
        value = fitted(typed.value.value, other.type)
        if value is None and other.type is not FieldType.NULL:
            self.report_misfit(expression, other)
        return Typed(Literal(value, typed.value.span), other.type)

    def _matching(self, matching: ast.Matching) -> Typed:
        operand = self.typed(matching.operand)
        if matching.operator != Operator.IN:
            self.problems.report(
                codes.NOT_EXECUTABLE,
                matching.span,
                f"`{matching.operator}` inside a value is not executable yet",
                help="make it a condition of its own, joined by `and` or `or`",
            )
            return _NOTHING
        elements = [self._aligned(self.typed(element), operand, element) for element in matching.elements]
        equal = [self._apply(Operator.EQUALS, [operand, element], matching.span) for element in elements]
        found = self._joined(Operator.OR, equal, matching.span)
        return self._apply(Operator.NOT, [found], matching.span) if matching.negated else found

    def report_misfit(self, literal: ast.Expression, operand: Typed) -> None:
        """The literal can be no value of the field."""
        name = operand.value.name if isinstance(operand.value, Field) else ""
        self.problems.report(
            field_codes.MISFIT,
            literal.span,
            f"{quoted(text_of(literal))} is no value of `{name}`",
            label=f"`{name}` is {KIND_NAMES[operand.type]}",
            help=_EXAMPLES.get(operand.type, "compare with a value of the field's type"),
        )


_EXAMPLES = {
    FieldType.LONG: "write a number, such as `443`",
    FieldType.DOUBLE: "write a number, such as `0.5`",
    FieldType.BOOLEAN: "write `true` or `false`",
    FieldType.DATE: 'write a date such as `"2024-01-31T08:00:00Z"`, or epoch milliseconds',
    FieldType.IP: 'write an address such as `"10.0.0.1"`',
}


def _signature(function: Function) -> str:
    signature = function.signature
    names = [f"[{parameter.name}]" if parameter.optional else parameter.name for parameter in signature.parameters]
    return f"{function.spelling}({', '.join([*names, '...'] if signature.repeats else names)})"


def _conversion(parameter: Parameter, argument: ast.Expression) -> str:
    if parameter.types == TEXT:
        return f"convert it: `string({text_of(argument)})`"
    if parameter.types == NUMBER:
        return f"convert it: `number({text_of(argument)})`"
    return "write `true` or `false`" if parameter.types == BOOLEAN else f"pass {described(parameter)}"
