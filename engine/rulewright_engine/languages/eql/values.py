"""Types what stands on the sides of a condition, and lowers it to values; constants are folded.

Source of the rules: semantics B1 (functions, arithmetic, three-valued logic in value position).
"""

from collections.abc import Sequence
from dataclasses import replace

from rulewright_engine.evaluate import fold
from rulewright_engine.evaluate.functions import FUNCTIONS, Function
from rulewright_engine.evaluate.functions.registry import NUMBER, accepts
from rulewright_engine.ir.expression import Call, Field, FieldType, Literal, Scalar
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.operators import ARITHMETIC, ORDER, Operator
from rulewright_engine.languages.eql import ast, codes, problems
from rulewright_engine.languages.eql.literals import KIND_NAMES, NOTHING, Typed, fitted, is_null, type_of_literal
from rulewright_engine.languages.eql.printer import text_of
from rulewright_engine.languages.problems import Problems
from rulewright_engine.values.addresses import parse_network
from rulewright_schema.source import Span
from rulewright_schema.wording import quoted

__all__ = ["Values"]

_ARITHMETIC = {operator.symbol: operator for operator in ARITHMETIC}
_ORDER = {operator.symbol: operator for operator in ORDER}


class Values:
    """Lowers expressions in value position. Reports into `found`; what is wrong becomes null."""

    def __init__(self, fields: FieldTypes, found: Problems) -> None:
        self._fields = fields
        self.problems = found
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
                return NOTHING

    # Fields

    def field(self, name: ast.FieldName) -> Typed:
        info = self._fields.lookup(name.name)
        if info is None:
            if not name.optional:
                problems.unknown_field(self.problems, name, self._fields.nearest(name.name))
            return Typed(Field(name.name, FieldType.NULL, name.optional, name.span), FieldType.NULL)
        if info.nested_in or info.flattened_in or info.type is FieldType.FLATTENED:
            problems.unsupported_field(self.problems, name, info)
            return NOTHING
        is_analysed = info.type is FieldType.TEXT and self._fields.lookup(f"{name.name}.keyword") is None
        if info.type in (FieldType.OBJECT, FieldType.GEO) or is_analysed:
            problems.unsearchable_field(self.problems, name, info)
            return NOTHING
        if info.inferred:
            self._guessed.add(name.name)
        return Typed(info.field(optional=name.optional, span=name.span), info.type)

    def retyped(self, typed: Typed, literal: Scalar) -> Typed:
        """A field whose type is only guessed from what other rules do with it is of a type that the literal fits."""
        if not self._guessed or not isinstance(typed.value, Field) or typed.value.name not in self._guessed:
            return typed
        if literal is None or fitted(literal, typed.type) is not None:
            return typed
        family = type_of_literal(literal)
        return Typed(replace(typed.value, type=family), family)

    # Functions and operators

    def call(self, call: ast.FunctionCall) -> Typed:
        key = call.name.lower()
        function = FUNCTIONS.get(key)
        arguments = [self.typed(argument) for argument in call.arguments]
        if function is None or function.spelling is None:
            problems.unknown_function(self.problems, call)
            return NOTHING
        if not function.signature.accepts_count(len(call.arguments)):
            problems.wrong_count(self.problems, call, function)
            return NOTHING
        fits = [self._fits(call, function, position, typed) for position, typed in enumerate(arguments)]
        if call.insensitive and function.insensitive is None:
            problems.no_insensitive_form(self.problems, call)
            return NOTHING
        return self._apply(key, arguments, call.span, call.insensitive) if all(fits) else NOTHING

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
        return NOTHING if wrong else self._apply(operator, arguments, span)

    def _fits(self, call: ast.FunctionCall, function: Function, position: int, typed: Typed) -> bool:
        parameter = function.signature.parameter(position, len(call.arguments))
        argument = call.arguments[position]
        if parameter.constant:
            value = typed.value.value if isinstance(typed.value, Literal) else 0
            if value is None or (isinstance(value, str) and parse_network(value) is not None):
                return True
            problems.invalid_network(self.problems, argument, function)
            return False
        if accepts(parameter, typed.type):
            return True
        problems.wrong_argument(self.problems, argument, typed.type, function, parameter)
        return False

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
        return NOTHING

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
            problems.misfit(self.problems, expression, other)
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
            return NOTHING
        elements = [self._aligned(self.typed(element), operand, element) for element in matching.elements]
        if not elements:  # reported where it was parsed
            return NOTHING
        equal = [self._apply(Operator.EQUALS, [operand, element], matching.span) for element in elements]
        found = self._joined(Operator.OR, equal, matching.span)
        return self._apply(Operator.NOT, [found], matching.span) if matching.negated else found
