"""Tokens to expressions, by precedence: OR, AND, NOT, then tests (IN, LIKE, IS NULL, `:`), comparison, arithmetic."""

import math
from collections.abc import Callable

from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.ast import (
    Call,
    Column,
    Expression,
    ListLiteral,
    Literal,
    MapLiteral,
    Name,
    Star,
    TimeSpan,
)
from rulewright_engine.esql.syntax.operators import ARITHMETIC, CASTS, COMPARISONS
from rulewright_engine.esql.syntax.stream import TokenStream
from rulewright_engine.esql.syntax.timespans import MAX_AMOUNT_DIGITS, UNITS
from rulewright_engine.esql.syntax.tokens import Token, TokenKind
from rulewright_engine.ir.operators import LOGIC, Operator
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Span

__all__ = ["RESERVED", "ExpressionParser"]

MAX_ESQL_DEPTH = 40
"""Levels of parentheses, calls and NOTs in a text, and of a tree of calls; the published rules reach 7.

AND, OR and IN may be as wide as they like.
"""

MAX_INTEGER_DIGITS = 20
"""Digits of the greatest whole number; longer ones are doubles."""

_PATTERN_TESTS = frozenset({Operator.LIKE, Operator.RLIKE})
_NEGATABLE = _PATTERN_TESTS | {Operator.IN}
"""What `NOT` may stand before, behind the value that is tested."""

RESERVED = LOGIC | _NEGATABLE | {"is", "null", "true", "false", "asc", "desc", "nulls", "by", "as"}


class ExpressionParser(TokenStream):
    _depth = 0

    def expression(self) -> Expression:
        """One expression; gives up after reporting where there is none."""
        self._enter()
        found = self._chain(Operator.OR, self._conjunction)
        self._depth -= 1
        return found

    def _enter(self) -> None:
        """One level deeper. Whoever catches a `GiveUp` starts again at level 0."""
        self._depth += 1
        if self._depth > MAX_ESQL_DEPTH:
            self.reject(problems.too_deep(self.token.span, MAX_ESQL_DEPTH))

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
        left = self._comparison()
        while True:
            negation = self.take() if self.token.word == Operator.NOT and self.ahead().word in _NEGATABLE else None
            operator = self.token
            if operator.word == "is":
                left = self._null_test(left)
                continue
            if operator.word == Operator.IN:
                test = self._membership(left)
            elif operator.word in _PATTERN_TESTS:
                test = self._pattern_test(left)
            elif operator.kind is TokenKind.SYMBOL and operator.text == ":" and isinstance(left, Column | Call):
                test = self._match(left)
            else:
                return left
            left = test if negation is None else self._call(Operator.NOT, (test,), test.span, negation.span)

    def _null_test(self, left: Expression) -> Expression:
        start = self.take()
        negated = self.take_word(Operator.NOT)
        if not self.take_word("null"):
            self.fail("expected `NULL` after `IS`")
        name = Span(start.start, self.end)
        return self._call(Operator.IS_NOT_NULL if negated else Operator.IS_NULL, (left,), left.span.to(name), name)

    def _membership(self, left: Expression) -> Call:
        operator = self.take()
        self.expect_symbol("(", "after `IN`")
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
        return self.expression()

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
        value = self._unary()
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
        span = sign.span.to(operand.span)
        if isinstance(operand, Literal) and type(operand.value) in (int, float):
            return Literal(-operand.value if sign.text == "-" else operand.value, span)  # type: ignore[operator]
        if isinstance(operand, TimeSpan):
            return TimeSpan(-operand.amount if sign.text == "-" else operand.amount, operand.unit, span)
        return operand if sign.text == "+" else self._call(Operator.NEGATE, (operand,), span, sign.span)

    def _cast(self) -> Expression:
        value = self._primary()
        while operator := self.take_symbol("::"):
            target = self.token
            function = CASTS.get(target.word)
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

    def _primary(self) -> Expression:
        token = self.token
        match token.kind:
            case TokenKind.STRING:
                self.take()
                return Literal(token.value, token.span)
            case TokenKind.INTEGER | TokenKind.DECIMAL:
                return self._number()
            case TokenKind.NAME | TokenKind.QUOTED_NAME:
                return self._named()
            case TokenKind.SYMBOL if token.text == "(":
                return self._parenthesised()
            case TokenKind.SYMBOL if token.text == "[":
                return self._list()
            case TokenKind.PARAMETER:
                message = f"no value is given for the parameter `{token.text}`"
                return self.fail(message, span=token.span, help="write the value itself")
        return self.fail("expected a value, a column or a function")

    def _parenthesised(self) -> Expression:
        self.take()
        inner = self.expression()
        if self.is_symbol(","):
            self.fail("expected `)`", help="write a list of values behind `IN`, and a multivalue in square brackets")
        self.expect_symbol(")", "to close the parenthesis")
        return inner

    def _number(self) -> Expression:
        token = self.take()
        if token.kind is TokenKind.DECIMAL:
            return self._double(token)
        unit = self.token
        if (
            unit.kind is TokenKind.NAME
            and unit.word not in RESERVED
            and unit.word not in ("where", "with", "first", "last")
        ):
            if unit.word not in UNITS:
                near = nearest_of(unit.text, UNITS)
                self.fail(
                    "expected a unit of time",
                    help=f"did you mean `{near}`?"
                    if near
                    else "units are `seconds`, `minutes`, `hours`, `days` and their like",
                )
            self.take()
            if len(token.text) > MAX_AMOUNT_DIGITS:
                self.reject(problems.bad_constant(token.span, "the span of time is too long"))
            return TimeSpan(int(token.text), unit.word, token.span.to(unit.span))
        if len(token.text) > MAX_INTEGER_DIGITS or int(token.text) >= 2**64:
            return self._double(token)
        return Literal(int(token.text), token.span)

    def _double(self, token: Token) -> Literal:
        value = float(token.text)
        if math.isinf(value):
            self.reject(problems.bad_constant(token.span, "the number is too large"))
        return Literal(value, token.span)

    def _list(self) -> Expression:
        start = self.take()
        self._enter()
        items = [self._list_item()]
        while self.take_symbol(","):
            items.append(self._list_item())
        self._depth -= 1
        self.expect_symbol("]", "to close the list")
        return ListLiteral(tuple(items), Span(start.start, self.end))

    def _list_item(self) -> Literal:
        item = self._unary()
        if not isinstance(item, Literal) or item.value is None:
            self.fail("a list holds only literal texts, numbers or booleans", span=item.span)
        return item

    def _named(self) -> Expression:
        token = self.token
        if token.word in ("null", "true", "false") and self.ahead().text not in ("(", "."):
            self.take()
            return Literal({"null": None, "true": True, "false": False}[token.word], token.span)
        if token.kind is TokenKind.NAME and self.ahead().text == "(" and self.ahead().kind is TokenKind.SYMBOL:
            return self._function()
        if token.word in RESERVED:
            self.fail("expected a value, a column or a function")
        name = self.column_name()
        return Column(name.text, name.span)

    def _function(self) -> Expression:
        name = self.take()
        self.take()
        arguments: list[Expression] = []
        if self.is_symbol("*"):
            arguments.append(Star(self.take().span))
        elif not self.is_symbol(")"):
            arguments.append(self._argument())
            while self.take_symbol(","):
                arguments.append(self._argument())
        if not self.is_symbol(")"):
            self.fail(f"expected `,` or `)` in the arguments of `{name.text}`")
        self.take()
        return Call(name.word, tuple(arguments), Span(name.start, self.end), name.span)

    def _argument(self) -> Expression:
        return self.map_literal() if self.is_symbol("{") else self.expression()

    def map_literal(self) -> MapLiteral:
        """`{"key": value, ...}`; the next token is the brace."""
        start = self.take()
        items: list[tuple[str, Expression]] = []
        while not self.is_symbol("}"):
            key = self.expect_string("a key")
            self.expect_symbol(":", "after the key")
            items.append((key.value, self._map_value()))
            if not self.take_symbol(","):
                break
        self.expect_symbol("}", "to close the options")
        return MapLiteral(tuple(items), Span(start.start, self.end))

    def _map_value(self) -> Expression:
        self._enter()
        value = self.map_literal() if self.is_symbol("{") else self._unary()
        self._depth -= 1
        return value

    def column_name(self) -> Name:
        """A dotted name, parts of it in backquotes."""
        first = self._name_part()
        text = first.value or first.text
        while self.is_symbol("."):
            self.take()
            part = self._name_part()
            text += "." + (part.value or part.text)
        return Name(text, Span(first.start, self.end))

    def _name_part(self) -> Token:
        token = self.token
        if token.kind not in (TokenKind.NAME, TokenKind.QUOTED_NAME):
            if token.kind is TokenKind.INTEGER:
                self.fail("expected a name", help="put a part of a name that begins with a digit in backquotes")
            self.fail("expected the name of a column")
        return self.take()
