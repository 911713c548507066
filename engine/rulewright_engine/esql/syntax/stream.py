"""The tokens of a query, and the means to read them: look, take, expect, recover."""

from typing import Never

from rulewright_engine.esql.syntax import problems
from rulewright_engine.esql.syntax.tokens import Token, TokenKind
from rulewright_engine.languages.problems import GiveUp, Problems
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span
from rulewright_schema.wording import quoted

__all__ = ["TokenStream"]


_NESTING = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}


class TokenStream:
    """The tokens of a query, and in `found` what is wrong with it.

    A `GiveUp` ends one command, field or setting; whoever reads these catches it and goes on behind the next `|`, comma
    or `;`, because each is a mistake of its own.
    """

    def __init__(self, text: str, tokens: list[Token], found: Problems) -> None:
        self.text = text
        self.found = found
        self._tokens = tokens
        self._position = 0

    @property
    def token(self) -> Token:
        return self._tokens[self._position]

    def ahead(self, distance: int = 1) -> Token:
        return self._tokens[min(self._position + distance, len(self._tokens) - 1)]

    @property
    def at_end_of_command(self) -> bool:
        token = self._tokens[self._position]
        return token.kind is TokenKind.END or (token.text == "|" and token.kind is TokenKind.SYMBOL)

    def take(self) -> Token:
        token = self._tokens[self._position]
        if token.kind is not TokenKind.END:
            self._position += 1
        return token

    @property
    def symbol(self) -> str:
        """The next token where it is a symbol, else nothing."""
        token = self._tokens[self._position]
        return token.text if token.kind is TokenKind.SYMBOL else ""

    def is_symbol(self, *symbols: str) -> bool:
        token = self._tokens[self._position]
        return token.kind is TokenKind.SYMBOL and token.text in symbols

    def take_symbol(self, *symbols: str) -> Token | None:
        return self.take() if self.is_symbol(*symbols) else None

    def take_word(self, *words: str) -> Token | None:
        return self.take() if self._tokens[self._position].word in words else None

    def expect_symbol(self, symbol: str, after: str) -> Token:
        token = self.take_symbol(symbol)
        if token is None:
            self.fail(f"expected `{symbol}` {after}")
        return token

    def expect_string(self, what: str) -> Token:
        if self.token.kind is not TokenKind.STRING:
            self.fail(f"expected {what} in double quotes")
        return self.take()

    def fail(self, message: str, *, span: Span | None = None, help: str = "") -> Never:  # noqa: A002
        """Report `message` at `span` (default: the next token, which the message then names) and give up."""
        if span is None:
            span = self.token.span
            message += (
                " at the end of the query" if self.token.kind is TokenKind.END else f", not {quoted(self.token.text)}"
            )
        self.reject(problems.syntax(span, message, help=help))

    def reject(self, diagnostic: Diagnostic) -> Never:
        self.found.append(diagnostic)
        raise GiveUp

    def reject_nested(self, diagnostic: Diagnostic) -> Never:
        """Report what stands in parentheses and give up behind the whole command."""
        self.found.append(diagnostic)
        self.skip_nested_to_pipe()
        raise GiveUp

    def skip_to_pipe(self) -> None:
        while not self.at_end_of_command:
            self.take()

    def skip_nested_to_pipe(self) -> None:
        """Move to the pipe that ends the command; those inside parentheses do not."""
        depth = 0
        while self.token.kind is not TokenKind.END and (depth > 0 or not self.at_end_of_command):
            depth += _NESTING.get(self.take().text, 0)

    @property
    def position(self) -> int:
        return self._position

    def skip_to_separator(self, start: int) -> bool:
        """Move behind the comma that ends what began at token `start`; False when the command or BY comes first."""
        depth = sum(_NESTING.get(token.text, 0) for token in self._tokens[start : self._position])
        while not self.at_end_of_command:
            if self.token.kind is TokenKind.SYMBOL:
                depth += _NESTING.get(self.token.text, 0)
            if depth <= 0 and self.token.word == "by":
                return False
            if self.take().text == "," and depth <= 0:
                return True
        return False

    @property
    def end(self) -> int:
        """Where the token before the next one ends."""
        return self._tokens[self._position - 1].end if self._position else 0

    def source(self, span: Span) -> str:
        return self.text[span.start : span.end]
