"""Tokens to expressions, by precedence: OR, AND, NOT, then tests (IN, LIKE, IS NULL, `:`), comparison, arithmetic."""

from collections.abc import Callable

from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.ast import (
    Call,
    Column,
    Expression,
    Literal,
)
from rulewright_engine.esql.syntax.operands import MAX_ESQL_DEPTH, NEGATABLE, PATTERN_TESTS, OperandParser, signed
from rulewright_engine.esql.syntax.operators import ARITHMETIC, CASTS, COMPARISONS
from rulewright_engine.esql.syntax.tokens import TokenKind
from rulewright_engine.ir.operators import Operator
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Span

__all__ = ["ExpressionParser"]

TESTS = NEGATABLE | {"is", Operator.NOT}
"""The words that begin a test of the value before them."""


def _is_field(left: Expression) -> bool:
    """Whether `:` may stand behind: a column, or one cast."""
    if isinstance(left, Call) and left.infix and left.function in CASTS.values():
        left = left.arguments[0]
    return isinstance(left, Column)


class ExpressionParser(OperandParser):
    def expression(self) -> Expression:
        self._enter()
        found = self._chain(Operator.OR, self._conjunction)
        self._depth -= 1
        return found

    def _call(self, function: str, arguments: tuple[Expression, ...], span: Span, name: Span) -> Call:
        """The call of an operator."""
        call = Call(function, arguments, span, name, infix=True)
        if call.depth > MAX_ESQL_DEPTH:
            self.reject(problems.too_deep(name, MAX_ESQL_DEPTH))
        return call

    def _conjunction(self) -> Expression:
        return self._chain(Operator.AND, self._negation)

    def _chain(self, word: str, operand: Callable[[], Expression]) -> Expression:
        """Operands between `word`s as one call, however many there are."""
        start = self.token.start
        operands = [operand()]
        first = self.token
        while self.take_word(word):
            operands.append(operand())
        if len(operands) == 1:
            return operands[0]
        return self._call(word, tuple(operands), Span(start, self.end), first.span)

    def _negation(self) -> Expression:
        operator = self.take_word(Operator.NOT)
        if operator is None:
            return self._test()
        self._enter()
        operand = self._negation()
        self._depth -= 1
        return self._call(Operator.NOT, (operand,), operator.span.to(operand.span), operator.span)

    def _test(self) -> Expression:
        """A value and at most one test of it."""
        start = self.token
        left = self._comparison()
        negation = self.take() if self.token.word == Operator.NOT and self.ahead().word in NEGATABLE else None
        operator = self.token
        if operator.word == "is":
            test = self._null_test(left)
        elif operator.word == Operator.IN:
            test = self._membership(left)
        elif operator.word in PATTERN_TESTS:
            test = self._pattern_test(left)
        elif self.is_symbol(":") and start.text != "(" and _is_field(left):
            test = self._match(left)
        else:
            return left
        if self.token.word in TESTS or self.is_symbol(":", "::"):
            self.fail("expected `and`, `or` or the end of the condition", help="put the first test in parentheses")
        return test if negation is None else self._call(Operator.NOT, (test,), test.span, negation.span)

    def _null_test(self, left: Expression) -> Call:
        start = self.take()
        negated = self.take_word(Operator.NOT)
        if not self.take_word("null"):
            self.fail("expected `NULL` after `IS`")
        name = Span(start.start, self.end)
        return self._call(Operator.IS_NOT_NULL if negated else Operator.IS_NULL, (left,), left.span.to(name), name)

    def _membership(self, left: Expression) -> Call:
        operator = self.take()
        self.expect_symbol("(", "after `IN`")
        if self.token.word in ("from", "ts") and self.ahead().kind is TokenKind.SOURCE:
            return self._call(Operator.IN, (left, self._subquery()), Span(left.span.start, self.end), operator.span)
        values = [self._element()]
        while self.take_symbol(","):
            values.append(self._element())
        self.expect_symbol(")", "after the values of `IN`")
        return self._call(Operator.IN, (left, *values), Span(left.span.start, self.end), operator.span)

    def _element(self) -> Expression:
        token = self.token
        after = self.ahead()
        if (
            token.kind is TokenKind.STRING and after.text in (",", ")") and after.kind is TokenKind.SYMBOL
        ):  # long lists of texts
            self.take()
            return Literal(token.value, token.span)
        return self._comparison()

    def _pattern_test(self, left: Expression) -> Call:
        operator = self.take()
        patterns = self._patterns(operator.text.upper())
        return self._call(operator.word, (left, *patterns), Span(left.span.start, self.end), operator.span)

    def _patterns(self, operator: str) -> list[Expression]:
        if not self.take_symbol("("):
            return [self._pattern(operator)]
        patterns: list[Expression] = [self._pattern(operator)]
        while self.take_symbol(","):
            patterns.append(self._pattern(operator))
        self.expect_symbol(")", f"after the patterns of `{operator}`")
        return patterns

    def _pattern(self, operator: str) -> Literal:
        token = self.expect_string(f"a pattern for `{operator}`")
        return Literal(token.value, token.span)

    def _match(self, left: Expression) -> Call:
        operator = self.take()
        value = self.constant()
        if self.is_symbol("{"):
            self.fail("`:` takes no options", span=self.token.span, help="write `match(field, value, {...})`")
        return self._call("match", (left, value), left.span.to(value.span), operator.span)

    def _comparison(self) -> Expression:
        left = self._arithmetic()
        if self.symbol not in COMPARISONS:
            if self.is_symbol("=", "=~"):
                self.fail(
                    "expected a comparison", help="write `==` to compare; `=` only names a column in EVAL and STATS"
                )
            return left
        operator = self.take()
        right = self._arithmetic()
        if self.symbol in COMPARISONS:
            self.fail("expected `and` or `or` between two comparisons")
        return self._call(COMPARISONS[operator.text], (left, right), left.span.to(right.span), operator.span)

    def _arithmetic(self, level: int = 1) -> Expression:
        """Sums are level 1, products level 2."""
        left = self._unary()
        while (found := ARITHMETIC.get(self.symbol)) is not None and found[0] >= level:
            operator = self.take()
            right = self._arithmetic(found[0] + 1)
            left = self._call(found[1], (left, right), left.span.to(right.span), operator.span)
        return left

    def _unary(self) -> Expression:
        sign = self.take_symbol("-", "+")
        if sign is None:
            return self._cast()
        self._enter()
        operand = self._unary()
        self._depth -= 1
        if (number := signed(sign, operand)) is not None:
            return number
        span = sign.span.to(operand.span)
        return operand if sign.text == "+" else self._call(Operator.NEGATE, (operand,), span, sign.span)

    def _cast(self) -> Expression:
        value = self._primary()
        while operator := self.take_symbol("::"):
            target = self.token
            function = CASTS.get(target.word or target.value.lower())
            if function is None:
                near = nearest_of(target.text, CASTS)
                self.fail(
                    "expected a type after `::`",
                    help=f"did you mean `{near}`?"
                    if near
                    else "name a type such as `string`, `long`, `double`, `ip` or `datetime`",
                )
            self.take()
            value = self._call(function, (value,), value.span.to(target.span), operator.span.to(target.span))
        return value
