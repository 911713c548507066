"""One regular expression of a dialect, matched by `re` where that is quick and by the bounded matcher where not."""

import re
from functools import cached_property

from rulewright_engine.values.regex.bounded import compile_bounded
from rulewright_engine.values.regex.cost import degree
from rulewright_engine.values.regex.emit import emit
from rulewright_engine.values.regex.parser import Expression
from rulewright_engine.values.regex.program import Captures, Program

__all__ = ["Regex"]

AFFORDABLE = 100_000_000
"""Steps that `re` may need, as length of text to the power of the expression's degree: about a second."""


class Regex:
    """A match is the spans of the whole and of each group, in order of their numbers (None: it took no part)."""

    def __init__(self, expression: Expression) -> None:
        self.names = expression.names
        self.groups = expression.groups
        self._node = expression.node
        self._degree = min(degree(expression.node) + 1, 20)
        try:
            self._quick: re.Pattern[str] | None = re.compile(emit(expression.node))
        except re.error:  # a look-behind of no fixed length, say
            self._quick = None
            self.search("")  # so that what neither can match is found now

    @cached_property
    def _program(self) -> Program:
        return compile_bounded(self._node, self.groups)

    def search(self, text: str, start: int = 0) -> Captures | None:
        """The leftmost match at or after `start`. Raises `TooCostly`."""
        if self._quick is None or len(text) ** self._degree > AFFORDABLE:
            return self._program.search(text, start)
        match = self._quick.search(text, start)
        if match is None:
            return None
        return (match.span(), *(None if match.start(i) < 0 else match.span(i) for i in range(1, self.groups + 1)))
