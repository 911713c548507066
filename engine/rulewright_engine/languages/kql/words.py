"""Literals with the mistakes that people make in them, each reported once and read as it was meant."""

import re
from functools import cached_property

from rulewright_engine.languages.kql import problems
from rulewright_engine.languages.kql.ast import Literal
from rulewright_engine.languages.kql.tokens import BLANKS, Scanner
from rulewright_engine.languages.problems import Problems
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span

__all__ = ["Words"]

_LAST_WORD = re.compile(rf"[{BLANKS}]+(?:(?:&&|\|\|)[{BLANKS}]*)?[^{BLANKS}]+\Z")
_SWALLOWED = re.compile(rf"[{BLANKS}](?:and|or)\Z", re.IGNORECASE)
_MAX_BRACKET_LENGTH = 1000
"""Characters among which the end of a bracket is looked for: a query of openings only would take quadratic time."""
_NOT_WITHOUT_BLANK = re.compile(r'not(?=[("])', re.IGNORECASE)
_EXCERPT = re.compile(rf'"[^"\n]{{0,40}}"?|[^{BLANKS}()":]+|.', re.DOTALL)
_AFTER_QUOTES = re.compile(rf"(?!(?:and|or)(?![\w.:@*-])|&&|\|\||,|[\w.@-]+:)[^{BLANKS}():<>\"{{}}]", re.IGNORECASE)
_PAIRS = {"(": ")", "{": "}"}


class Words:
    """Reads literals from `scanner`, and adds what is wrong with them to `found`."""

    def __init__(self, scanner: Scanner, found: Problems) -> None:
        self._scanner = scanner
        self._text = scanner.text
        self._found = found
        self._reported_lists: set[int] = set()

    def literal(self) -> Literal | None:
        """A field name, or a value without a field."""
        return self._whole(":<>")

    def value(self, *, in_list: int | None = None) -> Literal | None:
        """A value; `in_list` is where its list begins. A list that holds `name:` stops before the colon."""
        start = self._scanner.position
        literal = self._whole(":" if in_list is not None else "")
        if literal is None or literal.quoted or self._scanner.peek() != ":":
            return literal
        if in_list is not None:
            self._condition_in_list(literal, in_list)
            return literal
        last = _LAST_WORD.search(self._text, start, literal.span.end)
        if last is None or self._text[start : last.start()].lower() in {"and", "or"}:
            self._scanner.position = start
            return None
        self._scanner.position = last.start()
        return self._between(start)

    def negation_without_blank(self, *, allowed: bool) -> Span | None:
        match = _NOT_WITHOUT_BLANK.match(self._text, self._scanner.position)
        if match is None:
            return None
        self._scanner.position = match.end()
        span = Span(match.start(), match.end())
        if not allowed:
            self._found.append(problems.not_without_blank(span))
        return span

    def unquoted_end(self) -> None:
        """The text in quotes that begins here never ends: take the line for it."""
        start = self._scanner.position
        line_end = self._text.find("\n", start)
        self._scanner.position = len(self._text) if line_end < 0 else line_end
        self._found.append(problems.unquoted_end(Span(start, self._scanner.position)))

    def span_at(self, start: int) -> Span:
        """The word at `start`, to point at."""
        match = _EXCERPT.match(self._text, start)
        return Span(start, match.end() if match else start)

    def excerpt(self, start: int) -> str:
        span = self.span_at(start)
        return self._text[span.start : span.end]

    def _whole(self, stops: str) -> Literal | None:
        """A literal and all that was meant to belong to it; `stops` end it without being a mistake."""
        start = self._scanner.position
        literal = self._scanner.literal()
        if literal is not None and literal.quoted:
            return self._after_quotes(literal)
        known = len(self._found)
        mark = start
        while self._absorb(start, mark, stops):
            mark = self._scanner.position
            self._scanner.literal()
        if self._scanner.position == start:
            return None
        del self._found[known + 1 :]  # a value that should have been quoted is one mistake
        self._leave_operator(start)
        if len(self._found) > known or literal is None or literal.span.end != self._scanner.position:
            return self._between(start)
        return literal

    def _absorb(self, start: int, mark: int, stops: str) -> bool:
        """Report what ended the literal, and pass it; `mark` is behind what was passed before."""
        position, char = self._scanner.position, self._scanner.next
        if char == "\\":
            text = self._text[position : position + 2].strip()
            return self._pass(problems.bad_escape(Span(position, position + len(text)), text), position + 1)
        if position == start or char in stops or not char:
            return False
        if char in "<>" or (char == ":" and not _LAST_WORD.search(self._text, mark, position)):
            return self._pass(problems.special_character(Span(position, position + 1), char), position + 1)
        if char in '({"':
            return self._absorb_bracket(start, char)
        if self._text[position - 1] not in BLANKS and (negation := self._scanner.negation()):
            return self._pass(problems.not_in_word(negation), negation.end)
        return False

    def _absorb_bracket(self, start: int, char: str) -> bool:
        position = self._scanner.position
        if self._swallowed(start) or (char == '"' and self._text.endswith("=", start, position)):
            return False
        end = self._text.find(_PAIRS.get(char, '"'), position + 1, position + _MAX_BRACKET_LENGTH) + 1
        if not end or "\n" in self._text[position:end]:
            end = position + 1
        return self._pass(problems.special_character(Span(position, position + 1), char), end)

    def _pass(self, problem: Diagnostic, position: int) -> bool:
        self._found.append(problem)
        self._scanner.position = position
        return True

    def _leave_operator(self, start: int) -> None:
        """`b or(` is `b`, and an operator whose blank is missing."""
        swallowed = self._scanner.next in {"(", '"'} and self._swallowed(start)
        if swallowed:
            self._scanner.position = start + len(self._text[start : swallowed.start()].rstrip(BLANKS))

    def _swallowed(self, start: int) -> re.Match[str] | None:
        """An operator at the end of what has been passed since `start`."""
        position = self._scanner.position
        return _SWALLOWED.search(self._text, max(start, position - len(" and")), position)

    def _after_quotes(self, literal: Literal) -> Literal:
        text = self._text[literal.span.start : literal.span.end]
        if "\n" in text and self._is_quote_open:
            self._scanner.position = literal.span.start
            self.unquoted_end()
        elif _AFTER_QUOTES.match(self._text, literal.span.end):
            self._scanner.literal()
            span = Span(literal.span.end, self._scanner.position)
            self._found.append(problems.text_after_quotes(span, self._text[span.start : span.end]))
        return literal

    @cached_property
    def _is_quote_open(self) -> bool:
        """Whether the query has a quote without its other."""
        return len(re.findall(r'(?<!\\)"', self._text)) % 2 == 1

    def _condition_in_list(self, name: Literal, opened: int) -> None:
        if opened not in self._reported_lists:
            self._reported_lists.add(opened)
            text = f"{self._text[name.span.start : name.span.end]}:"
            self._found.append(problems.condition_in_list(name.span, text, Span(opened, opened + 1)))

    def _between(self, start: int) -> Literal:
        """What stands between `start` and the position, as it is written."""
        return Literal((self._text[start : self._scanner.position],), span=Span(start, self._scanner.position))
