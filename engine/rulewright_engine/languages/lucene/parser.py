"""Text to ast. Every mistake becomes a diagnostic, and parsing goes on as its likely meaning says.

    query  = clause { [ "AND" | "OR" ] clause }
    clause = [ "+" | "-" | "NOT" ] [ name ":" ] ( value | "(" query ")" ) [ "^" boost ]

`AND` makes the clauses on both sides required, `OR` and nothing leave them optional: that is all they do, so
`a OR b AND c` requires b and c and ignores a.

Neighbouring words with nothing between them are one value with blanks, which the field's type takes apart or does not.
"""

from dataclasses import replace

from rulewright_engine.ir.expression import Comparison
from rulewright_engine.ir.limits import MAX_QUERY_DEPTH, MAX_QUERY_LENGTH
from rulewright_engine.languages.lucene import problems
from rulewright_engine.languages.lucene.ast import (
    Boolean,
    Clause,
    Match,
    MatchAll,
    Name,
    Node,
    Occur,
    Phrase,
    Range,
    Regex,
    Term,
    Value,
)
from rulewright_engine.languages.lucene.tokens import (
    BLANK,
    Token,
    TokenKind,
    range_bounds,
    term_parts,
    tokenize,
    unescaped,
)
from rulewright_engine.languages.problems import Problems
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.source import Span

__all__ = ["parse"]

_CONJUNCTIONS = {TokenKind.AND, TokenKind.OR}
_MODIFIERS = {TokenKind.PLUS: Occur.MUST, TokenKind.MINUS: Occur.MUST_NOT, TokenKind.NOT: Occur.MUST_NOT}
_VALUES = {TokenKind.TERM, TokenKind.PHRASE, TokenKind.REGEX, TokenKind.RANGE}
_CLAIMING = {TokenKind.COLON, TokenKind.FUZZY, TokenKind.BOOST, TokenKind.AND, TokenKind.OR}
"""What makes the word before it a clause of its own."""
_BARE = ("+", "-", "!")
_ENDS = {TokenKind.CLOSE, TokenKind.END}
_COMPARISONS = (Comparison.GREATER_EQUAL, Comparison.LESS_EQUAL, Comparison.GREATER, Comparison.LESS)


def parse(text: str, found: Problems, *, all_words: bool = False) -> Node | None:
    """The query, its mistakes added to `found`; None where nothing could be made of it.

    `all_words`: between clauses without an operator stands `AND`.
    """
    if len(text) > MAX_QUERY_LENGTH:
        found.append(problems.too_long(Span(0, len(text)), MAX_QUERY_LENGTH))
        return None
    return _Parser(text, found, all_words).query()


class _Parser:
    __slots__ = ("_all_words", "_depth", "_found", "_position", "_text", "_tokens")

    def __init__(self, text: str, found: Problems, all_words: bool) -> None:
        self._text = text
        self._all_words = all_words
        self._found = found
        self._tokens = tokenize(text, found)
        self._position = 0
        self._depth = 0

    def query(self) -> Node | None:
        if not self._text.strip(BLANK):
            return MatchAll(Span(0, len(self._text)))
        node = self._group(None)
        while self._kind is not TokenKind.END:
            self._found.append(problems.never_opened(self._take().span))
            if self._kind in _CONJUNCTIONS:
                self._take()
            more = self._group(None)
            node = node if more is None else more
        return node

    @property
    def _kind(self) -> TokenKind:
        return self._tokens[self._position].kind

    @property
    def _next_kind(self) -> TokenKind:
        return self._tokens[min(self._position + 1, len(self._tokens) - 1)].kind

    def _take(self) -> Token:
        token = self._tokens[self._position]
        if token.kind is not TokenKind.END:
            self._position += 1
        return token

    def _group(self, name: Name | None) -> Node | None:
        """Clauses up to a closing bracket or the end; `name` is the field that they are about."""
        clauses: list[Clause] = []
        first = self._position
        while self._kind not in _ENDS:
            if self._begins_words:
                clauses.append(Clause(self._occur_of_words, self._words(name)))
                continue
            is_first = self._position == first
            conjunction = self._take() if self._kind in _CONJUNCTIONS else None
            clause = self._clause(name, conjunction, is_first=is_first)
            if clause is None:
                continue
            clauses.append(self._joined(clauses, conjunction, clause))
        if len(clauses) == 1 and clauses[0].occur is not Occur.MUST_NOT:
            return clauses[0].node
        return Boolean(tuple(clauses), self._tokens[first].span.to(self._previous)) if clauses else None

    @property
    def _occur_of_words(self) -> Occur:
        return Occur.MUST if self._all_words else Occur.SHOULD

    @property
    def _begins_words(self) -> bool:
        return self._is_word(self._position) and self._continues_words(self._position + 1)

    def _continues_words(self, position: int) -> bool:
        """Whether a word stands there that belongs to those before it: nothing that follows claims it for itself."""
        if not self._is_word(position):
            return False
        follower = self._tokens[position + 1]
        return follower.kind not in _CLAIMING and follower.text != "*"

    def _is_word(self, position: int) -> bool:
        token = self._tokens[position]
        return token.kind is TokenKind.TERM and token.text not in _BARE and not _has_wildcard(token.text)

    def _words(self, name: Name | None) -> Match:
        taken = [self._take()]
        while self._continues_words(self._position):
            taken.append(self._take())
        span = taken[0].span.to(taken[-1].span)
        words = tuple(Term(term_parts(token.text), None, token.span) for token in taken)
        joined = Token(TokenKind.TERM, " ".join(token.text for token in taken), span)
        value = _comparison(joined) or Term((" ".join(word.text for word in words),), None, span, words)
        return Match(name, value, span)

    def _joined(self, before: list[Clause], conjunction: Token | None, clause: Clause) -> Clause:
        """The clause as its conjunction has it, which is also about the one before."""
        kind = None if conjunction is None else conjunction.kind
        if before and before[-1].occur is not Occur.MUST_NOT:
            if kind is TokenKind.AND:
                before[-1] = replace(before[-1], occur=Occur.MUST)
            elif kind is TokenKind.OR and self._all_words:
                before[-1] = replace(before[-1], occur=Occur.SHOULD)
        if clause.occur is Occur.MUST_NOT:
            return clause
        if kind is TokenKind.AND or (self._all_words and kind is None):
            return replace(clause, occur=Occur.MUST)
        return replace(clause, occur=Occur.SHOULD) if self._all_words else clause

    @property
    def _previous(self) -> Span:
        return self._tokens[max(self._position - 1, 0)].span

    def _clause(self, name: Name | None, conjunction: Token | None, *, is_first: bool) -> Clause | None:
        if conjunction is not None and is_first:
            self._found.append(problems.nothing_before(conjunction.span, conjunction.text))
        before = conjunction
        occur = Occur.SHOULD
        while self._kind in _MODIFIERS:
            if occur is not Occur.SHOULD:
                self._found.append(problems.second_modifier(self._tokens[self._position].span))
            before = self._take()
            occur = _MODIFIERS[before.kind]
        node = self._operand(name, before)
        return None if node is None else Clause(occur, node)

    def _operand(self, name: Name | None, before: Token | None) -> Node | None:
        bare = self._tokens[self._position].text in _BARE
        if self._kind is TokenKind.TERM and self._next_kind is TokenKind.COLON and not bare:
            name = self._name()
            if name is None:
                return None
        if self._kind is TokenKind.OPEN:
            node = self._brackets(name)
        elif self._kind in _VALUES:
            token = self._take()
            if self._kind is TokenKind.BOOST and self._next_kind is TokenKind.FUZZY:
                self._take()
            value = self._value(token)
            node = Match(name, value, token.span if name is None else name.span.to(value.span))
        else:
            self._no_operand(before)
            return None
        if self._kind is TokenKind.BOOST:
            self._take()
        return node

    def _name(self) -> Name | None:
        """A name and its colon; None, and said so, where no value follows."""
        token, colon = self._take(), self._take()
        name = Name(unescaped(token.text), token.span)
        if token.text != "*" and _has_wildcard(token.text):
            self._found.append(problems.wildcard_in_name(token.span, token.text))
            name = Name("*", token.span)
        while self._kind is TokenKind.TERM and self._next_kind is TokenKind.COLON:  # `a:b:c` is meant as `a:b\:c`
            self._take()
            colon = self._take()
            self._found.append(problems.unescaped(colon.span, ":"))
        if self._kind in _VALUES | {TokenKind.OPEN}:
            return name
        span = token.span.to(colon.span)
        self._found.append(problems.missing_operand(span, self._text[span.start : span.end]))
        return None

    def _brackets(self, name: Name | None) -> Node | None:
        opened = self._take()
        if self._depth == MAX_QUERY_DEPTH:
            self._found.append(problems.too_deep(opened.span, MAX_QUERY_DEPTH))
            self._position = len(self._tokens) - 1
            return None
        self._depth += 1
        known = len(self._found)
        node = self._group(name)
        self._depth -= 1
        if self._kind is TokenKind.CLOSE:
            closed = self._take()
            if node is None:
                self._found.append(problems.empty_brackets(opened.span.to(closed.span)))
        elif len(self._found) == known:  # a mistake inside can have swallowed the bracket
            self._found.append(problems.never_closed(opened.span))
        return node

    def _no_operand(self, before: Token | None) -> None:
        if self._kind in _ENDS | _CONJUNCTIONS:
            place = before or self._tokens[self._position]
            self._found.append(problems.missing_operand(place.span, place.text))
            return
        token = self._take()
        self._found.append(problems.unescaped(token.span, token.text[:1]))

    def _value(self, token: Token) -> Value:
        follows = self._take() if self._kind is TokenKind.FUZZY else None
        distance = follows.text[1:] if follows else None
        span = token.span if follows is None else token.span.to(follows.span)
        if follows is not None and token.kind in {TokenKind.REGEX, TokenKind.RANGE}:
            self._found.append(problems.idle_fuzziness(follows.span, follows.text))
        match token.kind:
            case TokenKind.PHRASE:
                if distance and not _is_number(distance):
                    self._found.append(problems.bad_slop(span, distance))
                    distance = None
                return Phrase(unescaped(token.text[1:-1]), distance, span)
            case TokenKind.REGEX:
                return Regex(token.text[1:-1].replace("\\/", "/"), span)
            case TokenKind.RANGE:
                return _range(token)
            case _:
                comparison = _comparison(token) if distance is None else None
                return comparison or Term(term_parts(token.text), distance, span)


def _has_wildcard(text: str) -> bool:
    return any(isinstance(part, Wild) for part in term_parts(text))


def _range(token: Token) -> Range:
    low, high = range_bounds(token.text)
    above = Comparison.GREATER_EQUAL if token.text[0] == "[" else Comparison.GREATER
    below = Comparison.LESS_EQUAL if token.text[-1] == "]" else Comparison.LESS
    return Range(_bound(above, low), _bound(below, high), token.span)


def _bound(operator: Comparison, raw: str) -> tuple[Comparison, str] | None:
    if raw == "*":
        return None
    return operator, unescaped(raw[1:-1] if raw[:1] == '"' else raw)


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def _comparison(token: Token) -> Range | None:
    """A word that begins with a comparison, escaped or not: query_string looks at it without its escapes."""
    if _has_wildcard(token.text):
        return None
    text = unescaped(token.text)
    operator = next((each for each in _COMPARISONS if text.startswith(each)), None)
    if operator is None or len(text) == len(operator):
        return None
    bound = operator, text[len(operator) :]
    if operator in {Comparison.GREATER, Comparison.GREATER_EQUAL}:
        return Range(bound, None, token.span)
    return Range(None, bound, token.span)
