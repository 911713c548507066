"""Lowers a condition: each comparison becomes atomic ones, each of which asks one test of one value.

Source of the rules: semantics B1. In short: a condition holds if any value of the field meets it, negation is the
complement, `f != x` is `not f == x`, and `f == null` asks whether the field has no value.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.functions import FUNCTIONS
from rulewright_engine.ir.expression import (
    And,
    Call,
    Condition,
    Constant,
    Equals,
    Field,
    FieldType,
    IsTrue,
    Leaf,
    Literal,
    MatchesGlob,
    MatchesRegex,
    Not,
    Or,
    Test,
)
from rulewright_engine.ir.operators import Operator
from rulewright_engine.languages import field_codes
from rulewright_engine.languages.eql import ast, codes
from rulewright_engine.languages.eql.comparisons import NEVER, Comparisons, Sides
from rulewright_engine.languages.eql.literals import KIND_NAMES, TEXTUAL, Typed, type_of_literal
from rulewright_engine.languages.eql.printer import text_of
from rulewright_engine.languages.eql.values import Values
from rulewright_engine.values.patterns import RegexError, parse_regex
from rulewright_engine.values.patterns.glob import parse_glob
from rulewright_schema.diagnostics import Edit, Fix
from rulewright_schema.source import Span
from rulewright_schema.wording import quoted

__all__ = ["Conditions", "conjunction"]

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_MEMBERSHIP = frozenset({Operator.IN, f"{Operator.IN}~"})
_MINDING_CASE = frozenset({Operator.LIKE, Operator.REGEX})
_CONDITIONS = (ast.Comparison, ast.Matching, ast.Negation, ast.Logical, ast.FunctionCall)


class Conditions:
    """Lowers conditions; problems go where those of `values` go. `now` is what date math starts from."""

    def __init__(self, values: Values, *, now: int) -> None:
        self._values = values
        self._comparisons = Comparisons(values, now=now)
        self._problems = values.problems

    def lower(self, expression: ast.Expression) -> Condition:
        match expression:
            case ast.Logical(Operator.AND, operands):
                return conjunction([self.lower(operand) for operand in operands], expression.span)
            case ast.Logical(_, operands):
                return _disjunction([self.lower(operand) for operand in operands], expression.span)
            case ast.Negation(operand):
                return _negation(self.lower(operand), expression.span)
            case ast.Comparison():
                return self._comparison(expression)
            case ast.Matching():
                return self._matching(expression)
            case ast.FunctionCall():
                return self._call(expression)
            case _:
                return self._truth(self._values.typed(expression), expression)

    # A value that is a condition by itself

    def _truth(self, typed: Typed, expression: ast.Expression) -> Condition:
        if typed.type not in (FieldType.BOOLEAN, FieldType.NULL):
            self._problems.report(
                codes.NO_CONDITION,
                expression.span,
                f"{quoted(text_of(expression))} is no condition",
                label=f"this is {KIND_NAMES[typed.type]}",
                help="compare it with something, say by `==`",
            )
            return NEVER
        if isinstance(typed.value, Literal):
            return Constant(typed.value.value is True, expression.span)
        return Leaf(typed.value, IsTrue(), text_of(expression), expression.span)

    def _call(self, call: ast.FunctionCall) -> Condition:
        typed = self._values.call(call)
        match typed.value:
            case Call(name, (Field(type=FieldType.IP) as field, *rest), insensitive):
                as_tests = FUNCTIONS[name].as_tests
                constants = tuple(literal.value for literal in rest if isinstance(literal, Literal))
                if as_tests is not None and len(constants) == len(rest):
                    leaves = [
                        Leaf(field, test, _with_argument(call, argument), argument.span)
                        for test, argument in zip(as_tests(constants, insensitive), call.arguments[1:], strict=True)
                    ]
                    return _disjunction(leaves, call.span, listed=True)
        return self._truth(typed, call)

    # Comparisons

    def _comparison(self, comparison: ast.Comparison) -> Condition:
        """An equality with `true` or `false` is the condition itself or its complement; all others have a literal."""
        operator, span = comparison.operator, comparison.span
        for inner, literal in ((comparison.left, comparison.right), (comparison.right, comparison.left)):
            if operator in ("==", "!=") and isinstance(inner, _CONDITIONS) and _is_boolean(literal):
                condition = self.lower(inner)
                wanted = (literal.value is True) == (operator == "==")  # type: ignore[union-attr]
                return condition if wanted else _negation(condition, span)
        left, right = self._values.typed(comparison.left), self._values.typed(comparison.right)
        if isinstance(left.value, Literal) and isinstance(right.value, Literal):
            truth = self._values.compared(comparison, left, right)
            return Constant(isinstance(truth.value, Literal) and truth.value.value is True, span)
        sides = self._sides(comparison, left, right)
        if sides is None:
            return NEVER
        if operator not in ("==", "!="):
            return self._comparisons.order(sides, span)
        same = self._comparisons.equality(sides, span)
        return same if operator == "==" else _negation(same, span)

    def _sides(self, comparison: ast.Comparison, left: Typed, right: Typed) -> Sides | None:
        if isinstance(right.value, Literal):
            left = self._values.retyped(left, right.value.value)
            return Sides(comparison.operator, left, text_of(comparison.left), right.value.value, comparison.right)
        if isinstance(left.value, Literal):
            right = self._values.retyped(right, left.value.value)
            operator = _MIRRORED[comparison.operator]
            return Sides(operator, right, text_of(comparison.right), left.value.value, comparison.left)
        self._report_fields(comparison.right, comparison.operator)
        return None

    def _report_fields(self, expression: ast.Expression, operator: str) -> None:
        self._problems.report(
            codes.FIELD_WITH_FIELD,
            expression.span,
            "a field cannot be compared with a field",
            label=f"`{operator}` needs a literal here",
            help="compare with a literal; two fields may meet inside one function, as in `startsWith(a, b)`",
        )

    # Predicates with elements

    def _matching(self, matching: ast.Matching) -> Condition:
        operand = self._values.typed(matching.operand)
        if matching.operator not in _MEMBERSHIP and operand.type not in TEXTUAL:
            operand = self._values.retyped(operand, "")
        if matching.operator not in _MEMBERSHIP and operand.type not in TEXTUAL:
            self._report_no_text(matching, operand)
            return NEVER
        text = text_of(matching.operand)
        leaves = [self._element(matching, operand, text, element) for element in matching.elements]
        found = _disjunction(leaves, matching.span, listed=matching.is_list)
        return _negation(found, matching.span) if matching.negated else found

    def _element(self, matching: ast.Matching, operand: Typed, text: str, element: ast.Expression) -> Condition:
        literal = element if isinstance(element, ast.Literal) else self._values.typed(element).value
        if not isinstance(literal, ast.Literal | Literal):
            self._report_fields(element, matching.operator)
            return NEVER
        sides = Sides(matching.operator, self._values.retyped(operand, literal.value), text, literal.value, element)
        if sides.value is None:
            self._comparisons.report_null(sides)
            return NEVER
        span = element.span if matching.is_list else matching.span
        if matching.operator in _MEMBERSHIP:
            condition_text = f"{text} {matching.operator} ({text_of(element)})"
            leaf = self._comparisons.equals(sides, condition_text, span, insensitive=matching.operator != Operator.IN)
        else:
            leaf = self._pattern(sides, span)
        if isinstance(operand.value, Literal):
            return Constant(compile_condition(leaf)(Event({})), span)
        return leaf

    def _pattern(self, sides: Sides, span: Span) -> Condition:
        value = sides.value
        if not isinstance(value, str) or not isinstance(sides.literal, ast.Literal):
            self._problems.report(
                codes.PATTERN_NEEDS_TEXT,
                sides.literal.span,
                f"`{sides.operator}` needs text in quotes here",
                label=f"this is {KIND_NAMES[type_of_literal(value)]}",
                help=f'write `"{value}"`, or compare by `==`',
            )
            return NEVER
        test = self._pattern_test(sides, value)
        if test is None:
            return NEVER
        return Leaf(sides.operand.value, test, f"{sides.text} {sides.operator} {sides.literal.text}", span)

    def _pattern_test(self, sides: Sides, value: str) -> Test | None:
        insensitive = sides.operator not in _MINDING_CASE
        if sides.operator.startswith(Operator.REGEX):
            return self._regex(sides, value, insensitive)
        if "*" in value or "?" in value:
            return MatchesGlob(parse_glob(value), insensitive)
        return Equals(value, insensitive)

    def _regex(self, sides: Sides, pattern: str, insensitive: bool) -> Test | None:
        if not isinstance(sides.operand.value, Field):
            pattern = _as_lucene(pattern)
        parsed = parse_regex(pattern)
        if isinstance(parsed, RegexError):
            self._problems.report(
                codes.INVALID_PATTERN,
                sides.literal.span,
                f"invalid regular expression: {parsed.message}",
                label=f"at character {parsed.offset + 1} of the pattern",
                help="see the regular expressions of Lucene; a backslash quotes an operator",
            )
            return None
        return MatchesRegex(pattern, insensitive)

    def _report_no_text(self, matching: ast.Matching, operand: Typed) -> None:
        better = Operator.IN if matching.is_list else "=="
        fix = None
        if matching.operator == ":" and not matching.is_list:
            between = Span(matching.operand.span.end, matching.elements[0].span.start)
            fix = Fix((Edit(between, " == "),), safe=True)
        self._problems.report(
            field_codes.UNSUITABLE_OPERATOR,
            matching.operand.span,
            f"`{matching.operator}` compares text only",
            label=f"this is {KIND_NAMES[operand.type]}",
            help=f"use `{better}`",
            fix=fix,
        )


def _is_boolean(expression: ast.Expression) -> bool:
    return isinstance(expression, ast.Literal) and isinstance(expression.value, bool)


def _as_lucene(pattern: str) -> str:
    """The pattern for a computed value, which is one of Java: `^` and `$` are anchors, `" # @ & < > ~` ordinary."""
    pattern = pattern.removeprefix("^")
    if pattern.endswith("$") and not pattern.endswith("\\$"):
        pattern = pattern[:-1]
    return re.sub(r'\\.|["#@&<>~]', lambda found: found[0] if found[0][0] == "\\" else f"\\{found[0]}", pattern)


def _with_argument(call: ast.FunctionCall, argument: ast.Expression) -> str:
    return f"{call.name}({text_of(call.arguments[0])}, {text_of(argument)})"


# Constants are folded away


def conjunction(children: Sequence[Condition], span: Span) -> Condition:
    return _joined(children, span, And, neutral=True)


def _disjunction(children: Sequence[Condition], span: Span, *, listed: bool = False) -> Condition:
    found = _joined(children, span, Or, neutral=False)
    return replace(found, listed=True) if listed and isinstance(found, Or) else found


def _joined(children: Sequence[Condition], span: Span, kind: type[And] | type[Or], *, neutral: bool) -> Condition:
    """`neutral` is the truth that changes nothing; the other one decides."""
    kept = [child for child in children if not isinstance(child, Constant)]
    if len(kept) < len(children):
        if any(isinstance(child, Constant) and child.value is not neutral for child in children):
            return Constant(not neutral, span)
        if not kept:
            return Constant(neutral, span)
    return kept[0] if len(kept) == 1 else kind(tuple(kept), span=span)


def _negation(child: Condition, span: Span) -> Condition:
    return Constant(not child.value, span) if isinstance(child, Constant) else Not(child, span)
