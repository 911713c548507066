"""Text to ast. Every mistake becomes a diagnostic, and parsing goes on as its likely meaning says.

The grammar (Kibana's), where a blank is one of ` `, tab, line end and no-break space:

    query      = [ either ]
    either     = both { blanks "or" blanks both }
    both       = condition { blanks "and" blanks condition }
    condition  = [ "not" blanks ] ( "(" either ")" | expression )
    expression = field ":" "{" either "}" | field ":" values | field range literal | literal
    values     = "(" list of values, with the same operators ")" | literal

A query is read left to right without a second try: what begins a literal begins nothing else.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from rulewright_engine.ir.limits import MAX_QUERY_DEPTH, MAX_QUERY_LENGTH
from rulewright_engine.languages.kql import codes, problems
from rulewright_engine.languages.kql.ast import (
    And,
    Is,
    Literal,
    MatchAll,
    Nested,
    Node,
    Not,
    Or,
    Range,
)
from rulewright_engine.languages.kql.tokens import Scanner
from rulewright_engine.languages.kql.words import Words
from rulewright_engine.languages.problems import Problems
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span

__all__ = ["parse"]

_ENDS = frozenset({"", ")", "}"})
_LOOSE = re.compile(r"(?:and|or)(?![\w.:@*-])", re.IGNORECASE)
_FOREIGN = {"&&": "and", "||": "or", ",": "or"}
_COMPARISON = re.compile(r"(?P<field>[\w.@*-]+)\s*(?P<operator>[!=]=|=)\s*(?P<value>.*)", re.DOTALL)
_MEMBERSHIP = re.compile(r"(?P<field>[\w.@*-]+)\s+(?P<operator>(?:in|like|regex)~?)", re.IGNORECASE)

Operand = Callable[[], Node | None]


def parse(text: str, found: Problems, *, native: bool = False) -> Node | None:
    """The query, its mistakes added to `found`; None where nothing could be made of it.

    `native`: by Elasticsearch's grammar, where `not` needs no blank before a bracket.
    """
    if len(text) > MAX_QUERY_LENGTH:
        found.append(problems.too_long(Span(0, len(text)), MAX_QUERY_LENGTH))
        return None
    return _Parser(text, found, native).query()


class _Parser:
    __slots__ = ("_depth", "_found", "_native", "_operator_span", "_scanner", "_text", "_words")

    def __init__(self, text: str, found: Problems, native: bool) -> None:
        self._text = text
        self._native = native
        self._scanner = Scanner(text)
        self._found = found
        self._words = Words(self._scanner, found)
        self._depth = 0
        self._operator_span: Span | None = None

    def query(self) -> Node | None:
        if not self._scanner.skip_blanks():
            return MatchAll(Span(0, len(self._text)))
        found = [self._operands(self._condition)]
        while self._scanner.skip_blanks():
            self._leftover()
            if self._scanner.operator() or self._scanner.peek() not in _ENDS:
                found.append(self._operands(self._condition))
        return _joined(And, found)

    # Operators

    def _operands(self, operand: Operand, *, listed: bool = False) -> Node | None:
        """Operands and the operators between them; `and` binds tighter."""
        groups = [[operand()]]
        while not self._is_hopeless() and (word := self._operator()):
            if word == "and":
                groups[-1].append(operand())
            else:
                groups.append([operand()])
        if len(groups) == 1:
            return _joined(And, groups[0])
        return _joined(partial(Or, listed=listed), [_joined(And, group) for group in groups])

    def _is_hopeless(self) -> bool:
        """Whether there are as many mistakes as are worth telling: then the rest is passed."""
        if not self._found.are_enough:
            return False
        self._scanner.position = len(self._text)
        return True

    def _operator(self) -> str | None:
        """`and` or `or`, if one stands here or should: what stands here is no end."""
        self._operator_span = self._scanner.operator()
        if self._operator_span is not None:
            return self._text[self._operator_span.start : self._operator_span.end].lower()
        char = self._scanner.peek()
        return None if char in _ENDS or char in ":<>" else self._misplaced(char)

    def _misplaced(self, char: str) -> str:
        """An operator that is written wrongly or missing before `char`."""
        start = self._text.index(char, self._scanner.position)
        problem: Diagnostic | None = None
        if loose := _LOOSE.match(self._text, start):
            span, found = Span(start, loose.end()), loose.group().lower()
            if not self._scanner.is_end(span.end):
                problem = problems.blanks_needed(span, loose.group())
        elif foreign := next((each for each in _FOREIGN if self._text.startswith(each, start)), None):
            span, found = Span(start, start + len(foreign)), _FOREIGN[foreign]
            if not (foreign == "," and self._is_foreign()):
                problem = problems.foreign_operator(span, foreign, found)
        else:
            span, found = Span(start, start), "and"
            problem = problems.missing_operator(self._words.span_at(start), self._words.excerpt(start))
        if problem is not None:
            self._report(problem)
        self._operator_span = span
        self._scanner.position = span.end
        return found

    def _is_foreign(self) -> bool:
        """Whether the list is known to be of another language: its commas are the same mistake."""
        return bool(self._found) and self._found[-1].code == codes.FOREIGN_OPERATOR.code

    # Conditions

    def _condition(self) -> Node | None:
        self._scanner.skip_blanks()
        negation = self._negation()
        opened = self._scanner.position
        if self._scanner.next == "(":
            node = self._enclosed(opened, ")", self._condition)
        else:
            node = self._expression()
        return _negated(negation, node)

    def _negation(self) -> Span | None:
        negation = self._scanner.negation() or self._words.negation_without_blank(allowed=self._native)
        if negation is not None:
            self._operator_span = negation
            while again := self._scanner.negation():
                self._report(problems.not_twice(again))
        return negation

    def _enclosed(self, opened: int, closing: str, operand: Operand, *, listed: bool = False) -> Node | None:
        """The operands between the bracket at `opened` and `closing`."""
        bracket = Span(opened, opened + 1)
        self._scanner.position = opened + 1
        if self._depth == MAX_QUERY_DEPTH:
            self._report(problems.too_deep(bracket, MAX_QUERY_DEPTH))
            self._scanner.position = len(self._text)
            return None
        self._depth += 1
        self._operator_span, known = None, len(self._found)
        self._scanner.skip_blanks()
        node = self._operands(operand, listed=listed)
        self._close(bracket, closing, known)
        self._depth -= 1
        return node

    def _close(self, bracket: Span, closing: str, known: int) -> None:
        while not self._scanner.take(closing):
            if not self._scanner.skip_blanks() or self._is_hopeless():
                if len(self._found) == known:  # a mistake inside can have swallowed the bracket
                    self._report(problems.never_closed(bracket, closing))
                return
            self._leftover()

    def _expression(self) -> Node | None:
        start = self._scanner.position
        field = self._words.literal()
        if field is None:
            self._no_condition(start)
            return None
        if self._scanner.take(":"):
            colon = self._scanner.position
            if self._scanner.skip_blanks() == "{":
                child = self._enclosed(self._scanner.position, "}", self._condition)
                return child and Nested(field, child, Span(start, self._scanner.position))
            return self._values(field, Span(start, colon))
        operator = self._scanner.range_operator()
        if operator is None:
            return self._free_text(field)
        asked = Span(start, self._scanner.position)
        self._scanner.skip_blanks()
        bound = self._words.value()
        if bound is None:
            self._no_value(asked)
            return None
        return Range(field, operator, bound, field.span.to(bound.span))

    def _free_text(self, literal: Literal) -> Node | None:
        """A value without a field; or an operator of another language, which KQL takes for text."""
        raw = self._text[literal.span.start : literal.span.end]
        comparison = _COMPARISON.fullmatch(raw) or (self._scanner.peek() in {"(", '"'} and _MEMBERSHIP.fullmatch(raw))
        if literal.quoted or not comparison:
            return Is(None, literal, literal.span)
        operator, field = comparison["operator"], comparison["field"]
        span = Span(literal.span.start + comparison.start("operator"), literal.span.start + comparison.end("operator"))
        is_text = bool(comparison.groupdict().get("value"))
        self._report(problems.foreign_comparison(span, operator, field, is_text=is_text))
        if is_text:
            return Is(None, literal, literal.span)
        name = Literal((field,), span=Span(literal.span.start, literal.span.start + len(field)))
        return self._values(name, span)

    def _no_condition(self, start: int) -> None:
        """Nothing that begins a condition stands at `start`: say what is missing, and pass what is too much."""
        char = self._scanner.peek()
        if char in {":", "<", ">"}:
            self._report(problems.missing_field(Span(start, start + 1), char))
            self._scanner.position = start + 1
            self._scanner.skip_blanks()
            self._words.value()
        elif char == '"':
            self._words.unquoted_end()
        elif char in _ENDS:
            place = self._operator_span or Span(start, start)
            self._report(problems.missing_condition(place, self._text[place.start : place.end]))
        else:
            self._leftover()

    # Values

    def _values(self, field: Literal, asked: Span) -> Node | None:
        self._scanner.skip_blanks()
        start = self._scanner.position
        if self._scanner.next == "(":
            values = self._list(field, asked)
            return _widened(values, Span(field.span.start, self._scanner.position))
        if negation := self._scanner.negation():
            value = self._words.value()
            if value is None:
                self._no_value(asked)
                return None
            self._report(problems.not_in_value(negation, value.span, self._text[value.span.start : value.span.end]))
            return Not(Is(field, value, field.span.to(value.span)), Span(start, value.span.end))
        value = self._words.value()
        if value is not None:
            return Is(field, value, field.span.to(value.span))
        if self._scanner.next not in '"<>':
            self._scanner.position = asked.end  # an operator that follows needs its blank
        self._no_value(asked)
        return None

    def _no_value(self, asked: Span) -> None:
        start = self._scanner.position
        if self._scanner.next == '"':
            self._words.unquoted_end()
            return
        operator = self._scanner.range_operator()
        if operator is not None:
            self._scanner.skip_blanks()
            self._words.value()
        text = self._text[asked.start : asked.end]
        if operator is not None and text.endswith(":"):
            self._report(problems.misplaced_range(Span(start, start + len(operator)), operator))
        else:
            self._report(problems.missing_value(asked, text))

    def _list(self, field: Literal, asked: Span) -> Node | None:
        opened = self._scanner.position
        return self._enclosed(opened, ")", partial(self._listed, field, asked, opened), listed=True)

    def _listed(self, field: Literal, asked: Span, opened: int) -> Node | None:
        self._scanner.skip_blanks()
        negation = self._negation()
        if self._scanner.next == "(":
            return _negated(negation, self._list(field, asked))
        value = self._words.value(in_list=opened)
        if value is None:
            self._no_value(self._operator_span or asked)
            return None
        if self._scanner.take(":"):  # `Words.value` has said that a list holds no conditions
            return _negated(negation, self._values(value, value.span))
        return _negated(negation, Is(field, value, value.span))

    def _leftover(self) -> None:
        """Pass one thing that cannot stand here."""
        start = self._scanner.position
        char = self._scanner.next
        self._scanner.position += 1
        if char in {")", "}"}:
            self._report(problems.never_opened(Span(start, start + 1), char))
            return
        self._words.literal()
        self._report(problems.unexpected(Span(start, self._scanner.position), self._words.excerpt(start)))

    def _report(self, problem: Diagnostic) -> None:
        self._found.append(problem)


def _negated(negation: Span | None, node: Node | None) -> Node | None:
    return node if node is None or negation is None else Not(node, negation.to(node.span))


def _widened(node: Node | None, span: Span) -> Node | None:
    """A list of several values stands where its field and its brackets do; each value stands for itself."""
    return replace(node, span=span) if isinstance(node, And | Or) else node


def _joined(join: Callable[..., Node], found: list[Node | None]) -> Node | None:
    children = tuple(node for node in found if node is not None)
    if len(children) < 2:
        return children[0] if children else None
    return join(children, span=children[0].span.to(children[-1].span))
