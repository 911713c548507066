"""A place in the tokens of a query, and what is said of a token that does not fit there."""

from collections.abc import Collection

from rulewright_engine.ir.limits import MAX_QUERY_DEPTH
from rulewright_engine.languages.eql import codes
from rulewright_engine.languages.eql.tokens import END, Token
from rulewright_engine.languages.problems import GiveUp, Problems
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Fix
from rulewright_schema.source import Span
from rulewright_schema.wording import quoted

__all__ = ["Cursor"]

_CLOSING = {"(": ")", "[": "]", "![": "]"}


class Cursor:
    """The current token. Invariant: it never moves past the last token, whose kind is `END`."""

    __slots__ = ("_depth", "_index", "_reported", "kind", "last_end", "problems", "token", "tokens")

    def __init__(self, tokens: list[Token], problems: Problems) -> None:
        self.tokens = tokens
        self.problems = problems
        self.token = tokens[0]
        self.kind = self.token.kind
        self.last_end = 0
        self._index = 0
        self._reported = -1
        self._depth = 0

    def advance(self) -> Token:
        """Move on; the token that was current."""
        token = self.token
        self.last_end = token.end
        if token.kind is not END:
            self._index += 1
            self.token = self.tokens[self._index]
            self.kind = self.token.kind
        return token

    def following(self, distance: int = 1) -> Token:
        """The token `distance` places behind the current one."""
        return self.tokens[min(self._index + distance, len(self.tokens) - 1)]

    def accept(self, kind: str) -> Token | None:
        """Move on if the current token is of this kind."""
        return self.advance() if self.kind == kind else None

    def since(self, start: int) -> Span:
        """From `start` to the end of the last token that was read."""
        return Span(start, max(start, self.last_end))

    def describe(self) -> str:
        """The current token as a message names it."""
        return f"the {END}" if self.kind is END else quoted(self.token.text)

    def report(
        self,
        code: Code,
        message: str,
        *,
        span: Span | None = None,
        label: str = "",
        help: str = "",  # noqa: A002 (the field of a diagnostic)
        fix: Fix | None = None,
    ) -> None:
        """Report an error at the current token, unless one was reported here already: one mistake, one diagnostic."""
        if self._reported == self._index:
            return
        self._reported = self._index
        self.problems.report(code, span or self._visible_span(), message, label=label, help=help, fix=fix)

    def _visible_span(self) -> Span:
        """The current token; at the end of the query, what stands in front of it."""
        if self.kind is not END or self._index == 0:
            return self.token.span
        return self.tokens[self._index - 1].span

    def enter(self, opening: Token) -> None:
        """Go one level deeper."""
        self._depth += 1
        self.check_depth(self._depth, opening)

    def check_depth(self, depth: int, token: Token) -> None:
        """Report at `token` and give up when `depth` is beyond the limit."""
        if depth > MAX_QUERY_DEPTH:
            self.problems.report(
                codes.TOO_LARGE,
                token.span,
                f"query nests deeper than {MAX_QUERY_DEPTH} levels",
                help="leave out brackets and `not` that change nothing, or split the query",
            )
            raise GiveUp

    def leave(self) -> None:
        self._depth -= 1

    def close(self, opening: Token) -> None:
        """Read the bracket that closes `opening`, or report that it is missing."""
        closing = _CLOSING[opening.kind]
        if self.accept(closing) is None:
            self.report(
                codes.UNBALANCED_BRACKET,
                f"`{opening.text}` is never closed",
                span=opening.span,
                help=f"put `{closing}` {'at' if self.kind is END else 'in front of'} {self.describe()}",
            )

    def skip_to(self, kinds: Collection[str]) -> None:
        """Move on to a token of one of these kinds or to the end, over whatever stands in brackets."""
        open_brackets: list[str] = []
        while self.kind is not END and (open_brackets or self.kind not in kinds):
            if self.kind in _CLOSING:
                open_brackets.append(_CLOSING[self.kind])
            elif self.kind in open_brackets:
                while open_brackets.pop() != self.kind:
                    pass
            elif self.kind == "]":  # Invariant: an open `(` never reaches beyond its stage
                return
            self.advance()
