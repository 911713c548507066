"""Lowers the comparison of a value with a literal: one condition, whose test depends on the type of the value."""

from typing import NamedTuple

from rulewright_engine.ir.expression import (
    Between,
    Compare,
    Comparison,
    Condition,
    Constant,
    Equals,
    Exists,
    Field,
    FieldType,
    InNetwork,
    IsTrue,
    Leaf,
    Not,
    Scalar,
)
from rulewright_engine.languages import field_codes
from rulewright_engine.languages.eql import ast, codes, problems
from rulewright_engine.languages.eql.literals import KIND_NAMES, TEXTUAL, Typed, fitted, type_of_literal
from rulewright_engine.languages.eql.printer import text_of
from rulewright_engine.languages.eql.values import Values
from rulewright_engine.values.addresses import parse_network
from rulewright_engine.values.dates import bound
from rulewright_schema.source import Span
from rulewright_schema.wording import quoted

__all__ = ["NEVER", "Comparisons", "Sides"]

NEVER = Constant(False)
"""Stands in for what was reported."""

_NUMERIC = frozenset({FieldType.LONG, FieldType.DOUBLE})


class Sides(NamedTuple):
    """A comparison with its literal on the right: `text` is the operand as written, `value` what `literal` folds to."""

    operator: str
    operand: Typed
    text: str
    value: Scalar
    literal: ast.Expression


class Comparisons:
    """Lowers comparisons; problems go where those of `values` go. `now` is what date math starts from."""

    def __init__(self, values: Values, *, now: int) -> None:
        self._values = values
        self._now = now
        self._problems = values.problems

    def equality(self, sides: Sides, span: Span) -> Condition:
        """`x == literal`, by whatever operator the sides are written."""
        if sides.value is None:
            return self._absence(sides, span)
        text = f"{sides.text} == {text_of(sides.literal)}"
        return self.equals(sides, text, span)

    def _absence(self, sides: Sides, span: Span) -> Condition:
        """`x == null`."""
        value = sides.operand.value
        if isinstance(value, Field):
            return Not(Leaf(value, Exists(), f"{sides.text} != null", span), span)
        return Leaf(self._values.nullity(sides.operand, span).value, IsTrue(), f"{sides.text} == null", span)

    def equals(self, sides: Sides, text: str, span: Span, *, insensitive: bool = False) -> Condition:
        """That the operand is the literal, which is not null."""
        operand, value = sides.operand, sides.value
        if isinstance(operand.value, Field) and operand.type is FieldType.DATE:
            return self._on_date(sides, text, span)
        if (
            operand.type is FieldType.IP
            and isinstance(value, str)
            and "/" in value
            and parse_network(value) is not None
        ):
            return Leaf(operand.value, InNetwork(value), text, span)
        found = self._fitted(sides)
        if found is None:
            return NEVER
        return Leaf(operand.value, Equals(found, insensitive and isinstance(found, str)), text, span)

    def _on_date(self, sides: Sides, text: str, span: Span) -> Condition:
        """A date that leaves parts out stands for the whole stretch of time."""
        first, last = (self._date(sides, operator) for operator in (">=", "<="))
        if first is None or last is None:
            return NEVER
        low, high = Compare(Comparison.GREATER_EQUAL, first), Compare(Comparison.LESS_EQUAL, last)
        test = Equals(first) if first == last else Between(low, high)
        return Leaf(sides.operand.value, test, text, span)

    def _date(self, sides: Sides, operator: str) -> int | None:
        if isinstance(sides.value, str):
            found = bound(sides.value, operator, now=self._now)
        else:
            number = fitted(sides.value, FieldType.DATE)
            found = number if isinstance(number, int) else None
        if found is None:
            problems.misfit(self._problems, sides.literal, sides.operand)
        return found

    def order(self, sides: Sides, span: Span) -> Condition:
        """`<`, `<=`, `>` and `>=`."""
        if sides.value is None:
            self.report_null(sides)
            return Constant(False, span)
        operator, operand = Comparison(sides.operator), sides.operand
        if operand.type is FieldType.BOOLEAN:
            self._problems.report(
                field_codes.UNSUITABLE_OPERATOR,
                span,
                f"`{operator}` cannot order booleans",
                help="compare by `==` with `true` or `false`",
            )
            return NEVER
        is_date = operand.type is FieldType.DATE and isinstance(operand.value, Field)
        limit = self._date(sides, operator) if is_date else self._fitted(sides)
        if limit is None:
            return NEVER
        text = f"{sides.text} {operator} {text_of(sides.literal)}"
        return Leaf(operand.value, Compare(operator, limit), text, span)

    def _fitted(self, sides: Sides) -> str | int | float | bool | None:
        """The literal as the operand holds it, or None after reporting that it cannot; other kinds are warned of."""
        operand, value = sides.operand, sides.value
        if isinstance(value, str) and operand.type in TEXTUAL:
            return value
        if not isinstance(operand.value, Field):
            self._warn_of_kind(sides, "never meets it")
            return value
        found = fitted(value, operand.type)
        if found is None:
            problems.misfit(self._problems, sides.literal, operand)
        elif operand.type is not FieldType.IP:
            self._warn_of_kind(sides, "is read as one")
        return found

    def _warn_of_kind(self, sides: Sides, consequence: str) -> None:
        kind, expected = type_of_literal(sides.value), sides.operand.type
        if expected is FieldType.NULL or _same_kind(kind, expected):
            return
        advice = f'write `"{sides.value}"`' if expected in TEXTUAL else f"write {KIND_NAMES[expected]}"
        self._problems.report(
            field_codes.OTHER_KIND,
            sides.literal.span,
            f"{quoted(sides.text)} is {KIND_NAMES[expected]}, {quoted(text_of(sides.literal))} is {KIND_NAMES[kind]}",
            label=f"this {consequence}",
            help=advice,
        )

    def report_null(self, sides: Sides) -> None:
        """Only `==` and `!=` can ask for null."""
        if not isinstance(sides.literal, ast.Literal):
            return
        self._problems.report(
            codes.NULL_COMPARED,
            sides.literal.span,
            f"`{sides.operator} null` is never true",
            help="ask for a missing value by `== null`, for any value by `!= null`",
        )


def _same_kind(kind: FieldType, expected: FieldType) -> bool:
    if kind in _NUMERIC:
        return expected in _NUMERIC or expected is FieldType.DATE
    if kind is FieldType.KEYWORD:
        return expected in TEXTUAL or expected in (FieldType.DATE, FieldType.IP)
    return kind is expected
