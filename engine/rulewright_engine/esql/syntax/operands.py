"""Tokens to the operands of expressions: literals, lists, columns, calls, and whatever stands in parentheses."""

import math
from abc import ABC, abstractmethod
from collections.abc import Set

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
    Unreadable,
)
from rulewright_engine.esql.syntax.stream import TokenStream
from rulewright_engine.esql.syntax.timespans import MAX_AMOUNT_DIGITS, UNITS
from rulewright_engine.esql.syntax.tokens import Token, TokenKind
from rulewright_engine.ir.operators import Operator, operator_of
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Span
from rulewright_schema.wording import quoted

__all__ = ["MAX_ESQL_DEPTH", "NEGATABLE", "ONE_STREAM", "PATTERN_TESTS", "OperandParser", "signed"]

MAX_ESQL_DEPTH = 40
"""Levels of parentheses, calls and NOTs in a text, and of a tree of calls; the published rules reach 7.

AND, OR and IN may be as wide as they like.
"""

ONE_STREAM = "only one stream of events is read"
"""Why no query stands inside another."""

MAX_INTEGER_DIGITS = 20
"""Digits of the greatest whole number; longer ones are doubles."""

PATTERN_TESTS = frozenset({Operator.LIKE, Operator.RLIKE})
NEGATABLE = PATTERN_TESTS | {Operator.IN}
"""What `NOT` may stand before, behind the value that is tested."""

RESERVED = frozenset(
    {
        "and",
        "asc",
        "by",
        "desc",
        "false",
        "first",
        "in",
        "is",
        "last",
        "like",
        "not",
        "null",
        "nulls",
        "on",
        "or",
        "rlike",
    }
    | {"true", "where", "with"}
)
"""Words that are no part of a name where an expression may stand, unless in backquotes (the grammar of 9.5)."""

_INCOMPLETE = frozenset({"_", "@", "``"})
_UNCALLABLE = RESERVED - {"first", "last"}
_NUMBERS = (TokenKind.INTEGER, TokenKind.DECIMAL)
_CONSTANTS = (*_NUMBERS, TokenKind.STRING, TokenKind.PARAMETER)
_COMMON = {bool: bool, str: str, int: float, float: float}
"""Type of a literal -> the type that all of its list have."""


_VALUES = {"null": None, "true": True, "false": False}


def signed(sign: Token, operand: Expression) -> Expression | None:
    """A number or a span of time with its sign; None of anything else."""
    span = sign.span.to(operand.span)
    factor = -1 if sign.text == "-" else 1
    if isinstance(operand, Literal) and type(operand.value) in (int, float):
        return Literal(factor * operand.value, span)  # type: ignore[operator]
    return TimeSpan(factor * operand.amount, operand.unit, span) if isinstance(operand, TimeSpan) else None


class OperandParser(TokenStream, ABC):
    _depth = 0

    @abstractmethod
    def expression(self) -> Expression:
        """One expression; gives up after reporting where there is none."""

    @abstractmethod
    def _unary(self) -> Expression:
        """An operand with its sign and its casts."""

    def _enter(self) -> None:
        """One level deeper. Whoever catches a `GiveUp` starts again at level 0."""
        self._depth += 1
        if self._depth > MAX_ESQL_DEPTH:
            self.reject(problems.too_deep(self.token.span, MAX_ESQL_DEPTH))

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

    def _subquery(self) -> Unreadable:
        """A query in parentheses, of which the opening one is taken: reported and left out."""
        start = self.token
        self.found.append(problems.unsupported(start.span, "a subquery", ONE_STREAM))
        depth = 1
        while depth and self.token.kind is not TokenKind.END:
            depth += {"(": 1, ")": -1}.get(self.take().text, 0)
        return Unreadable(Span(start.start, self.end))

    def _number(self) -> Expression:
        token = self.take()
        if token.kind is TokenKind.DECIMAL:
            return self._double(token)
        unit = self.token
        if unit.kind is TokenKind.NAME and unit.word not in RESERVED:
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
            items.append(self._list_item(like=items[0]))
        self._depth -= 1
        self.expect_symbol("]", "to close the list")
        return ListLiteral(tuple(items), Span(start.start, self.end))

    def _list_item(self, *, like: Literal | None = None) -> Literal:
        item = self.constant()
        if not isinstance(item, Literal) or item.value is None:
            self.fail("a list holds only literal texts, numbers or booleans", span=item.span)
        if like is not None and _COMMON[type(item.value)] is not _COMMON[type(like.value)]:
            self.fail("a list holds either texts or numbers or booleans", span=item.span, help="write all of one kind")
        return item

    def constant(self) -> Expression:
        """A literal with its sign, or a list of them: what stands where a cluster computes nothing."""
        token = self.token
        if token.kind is TokenKind.SYMBOL and token.text in "+-" and self.ahead().kind in _NUMBERS:
            self.take()
            number = self._number()
            return signed(token, number) or number
        if token.kind is TokenKind.SYMBOL and token.text == "[":
            return self._list()
        if token.kind not in _CONSTANTS and token.word not in _VALUES:
            self.fail("expected a constant", help="write the value itself: nothing is computed here")
        return self._primary()

    def _named(self) -> Expression:
        token = self.token
        if token.word in _VALUES and self.ahead().text not in ("(", "."):
            self.take()
            return Literal(_VALUES[token.word], token.span)
        if self.ahead().text == "(" and self.ahead().kind is TokenKind.SYMBOL:
            return self._function()
        if token.word in RESERVED and self.ahead().text != ".":
            self.fail("expected a value, a column or a function")
        name = self.column_name()
        return Column(name.text, name.span)

    def _function(self) -> Expression:
        name = self.take()
        if (operator := operator_of(name.word)) is not None:
            self.reject(problems.operator_as_function(name.span, name.text, operator))
        self._check_name(name, _UNCALLABLE)
        self.take()
        arguments: list[Expression] = []
        if self.is_symbol("*"):
            arguments.append(Star(self.take().span))
        elif not self.is_symbol(")"):
            arguments.append(self.expression())
            while self.take_symbol(",") and not isinstance(arguments[-1], MapLiteral):
                arguments.append(self._argument())
        if not self.is_symbol(")"):
            self.fail(f"expected `,` or `)` in the arguments of `{name.text}`")
        self.take()
        return Call(name.word or name.value.lower(), tuple(arguments), Span(name.start, self.end), name.span)

    def _argument(self) -> Expression:
        return self.map_literal() if self.is_symbol("{") else self.expression()

    def map_literal(self) -> MapLiteral:
        """`{"key": value, ...}`; the next token is the brace."""
        start = self.take()
        items: list[tuple[str, Expression]] = []
        keys: list[Span] = []
        while not self.is_symbol("}"):
            key = self.expect_string("a key")
            self.expect_symbol(":", "after the key")
            items.append((key.value, self._map_value()))
            keys.append(key.span)
            if not self.take_symbol(","):
                break
            if self.is_symbol("}"):
                self.fail("expected a key in double quotes behind `,`")
        self.expect_symbol("}", "to close the options")
        return MapLiteral(tuple(items), Span(start.start, self.end), tuple(keys))

    def _map_value(self) -> Expression:
        self._enter()
        value = self.map_literal() if self.is_symbol("{") else self.constant()
        self._depth -= 1
        return value

    def column_name(self, *, reserved: Set[str] = RESERVED) -> Name:
        """A dotted name, parts of it in backquotes; those that are not are none of `reserved`."""
        first = self._name_part(reserved)
        text = first.value or first.text
        while self.is_symbol("."):
            self.take()
            part = self._name_part(reserved)
            text += "." + (part.value or part.text)
        return Name(text, Span(first.start, self.end))

    def _check_name(self, token: Token, reserved: Set[str]) -> None:
        if token.word in reserved:
            self.reject(problems.reserved(token.span, token.text))
        if token.text in _INCOMPLETE:
            message = f"{quoted(token.text)} is no whole name"
            self.fail(message, span=token.span, help="a name begins with a letter, or goes on behind `_` or `@`")

    def _name_part(self, reserved: Set[str]) -> Token:
        token = self.token
        if token.word in reserved or token.text in _INCOMPLETE:
            self._check_name(token, reserved)
        if token.kind not in (TokenKind.NAME, TokenKind.QUOTED_NAME):
            if token.kind is TokenKind.INTEGER:
                self.fail("expected a name", help="put a part of a name that begins with a digit in backquotes")
            self.fail("expected the name of a column")
        return self.take()
