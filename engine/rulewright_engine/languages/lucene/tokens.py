"""The words of a Lucene query string. A text always has tokens: what is none is reported and passed over."""

import re
from dataclasses import dataclass
from enum import StrEnum

from rulewright_engine.ir.limits import MAX_QUERY_PROBLEMS
from rulewright_engine.languages.lucene import problems
from rulewright_engine.languages.problems import Problems
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.source import Span

__all__ = ["BLANK", "Token", "TokenKind", "range_bounds", "term_parts", "tokenize", "unescaped"]


class TokenKind(StrEnum):
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    PLUS = "+"
    MINUS = "-"
    OPEN = "("
    CLOSE = ")"
    COLON = ":"
    TERM = "term"
    PHRASE = "phrase"
    REGEX = "regular expression"
    RANGE = "range"
    FUZZY = "~"
    BOOST = "^"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    text: str
    span: Span


BLANK = " \t\n\r\u3000"
"""What Lucene takes for blanks."""

_START = rf"[^{BLANK}+\-!():^\[\]\"{{}}~*?\\/]|\\.|[*?]"
_NEXT = rf"[^{BLANK}!():^\[\]\"{{}}~*?\\/]|\\.|[*?]"
_LITERAL = rf"[^{BLANK}!():^\[\]\"{{}}~*?\\/]|\\."
_BOUND = r'"(?:[^"\\]|\\.)*+"|[^ \]}"][^ \]}]*+'
_RANGE = rf"[\[{{][{BLANK}]*(?:{_BOUND})[{BLANK}]+TO[{BLANK}]+(?:{_BOUND})[{BLANK}]*[\]}}]"
_BOUNDS = re.compile(rf"[\[{{][{BLANK}]*({_BOUND})[{BLANK}]+TO[{BLANK}]+({_BOUND})[{BLANK}]*[\]}}]", re.DOTALL)
_TOKEN = re.compile(
    rf"""
      (?P<blank>[{BLANK}]+)
    | (?P<bare>[-+!](?=[{BLANK}]))
    | (?P<term>(?:{_START})(?:{_NEXT})*)
    | (?P<phrase>"(?:[^"\\]|\\.)*+")
    | (?P<regex>/(?:[^/\\]|\\.)*+/)
    | (?P<range>{_RANGE})
    | (?P<fuzzy>~(?:{_LITERAL})*)
    | (?P<boost>\^\d+(?:\.\d+)?)
    | (?P<sign>[-+!():])
    """,
    re.VERBOSE | re.DOTALL,
)
_MAX_EXCERPT = 1000
"""Characters of a line that a problem underlines."""
_WORDS = {"AND": TokenKind.AND, "&&": TokenKind.AND, "OR": TokenKind.OR, "||": TokenKind.OR, "NOT": TokenKind.NOT}
_SIGNS = {
    "!": TokenKind.NOT,
    "+": TokenKind.PLUS,
    "-": TokenKind.MINUS,
    "(": TokenKind.OPEN,
    ")": TokenKind.CLOSE,
    ":": TokenKind.COLON,
}
_KINDS = {
    "bare": TokenKind.TERM,
    "term": TokenKind.TERM,
    "phrase": TokenKind.PHRASE,
    "regex": TokenKind.REGEX,
    "range": TokenKind.RANGE,
    "fuzzy": TokenKind.FUZZY,
    "boost": TokenKind.BOOST,
}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_SIMPLE = re.compile(r"\\(.)", re.DOTALL)
_PIECE = re.compile(r"[*?]|(?:[^*?\\]|\\.)+", re.DOTALL)


def tokenize(text: str, found: Problems) -> list[Token]:
    """The tokens, an END last; what could not be read is added to `found`."""
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            end = _report(text, position, found)
            tokens.append(Token(TokenKind.TERM, "*", Span(position, end)))  # stands for what was meant
            position = end
            if len(found) > MAX_QUERY_PROBLEMS:
                break
            continue
        position = match.end()
        if match.lastgroup == "bare":
            found.append(problems.bare_operator(Span(match.start(), match.end()), match.group()))
        if match.lastgroup != "blank":
            tokens.append(token := _token(match))
            if (wrong := _truncated(token)) is not None:
                found.append(problems.truncated_escape(wrong))
    tokens.append(Token(TokenKind.END, "", Span(len(text), len(text))))
    return tokens


def _truncated(token: Token) -> Span | None:
    """A `\\u` without its four digits."""
    if "\\u" not in token.text or token.kind is TokenKind.REGEX:
        return None
    for escape in _ESCAPE.finditer(token.text):
        if escape.group() == "\\u":
            start = token.span.start + escape.start()
            return Span(start, start + 2)
    return None


def _is_pattern(raw: str) -> bool:
    return any(piece in {"*", "?"} for piece in _PIECE.findall(raw))


def unescaped(raw: str) -> str:
    """The text without its escapes."""
    return _ESCAPE.sub(_character, raw) if "\\" in raw else raw


def term_parts(raw: str) -> tuple[str | Wild, ...]:
    """An unquoted term: texts without their escapes, and wildcards."""
    plain = _without_backslashes if _is_pattern(raw.removesuffix("*")) else unescaped
    return tuple(Wild(piece) if piece in {"*", "?"} else plain(piece) for piece in _PIECE.findall(raw))


def _without_backslashes(raw: str) -> str:
    """A piece of a pattern, where a backslash says that what follows is itself: numbers of characters are not known."""
    return _SIMPLE.sub(r"\1", raw)


def range_bounds(raw: str) -> tuple[str, str]:
    """Both ends of a range token as they are written."""
    match = _BOUNDS.fullmatch(raw)
    assert match is not None  # Invariant: a RANGE token is what the pattern describes
    return match[1], match[2]


def _token(match: re.Match[str]) -> Token:
    word, span = match.group(), Span(match.start(), match.end())
    group = match.lastgroup
    kind = _SIGNS[word] if group == "sign" else _KINDS[str(group)]
    return Token(_WORDS.get(word, kind) if group == "term" else kind, word, span)


def _character(escape: re.Match[str]) -> str:
    code, char = escape.groups()
    if not code:
        return str(char)
    return "\ufffd" if 0xD800 <= (number := int(code, 16)) < 0xE000 else chr(number)


def _report(text: str, position: int, found: Problems) -> int:
    """Say what is wrong at `position`; where reading goes on."""
    char, rest = text[position], Span(position, _end_of_line(text, position))
    at = Span(position, position + 1)
    match char:
        case '"':
            found.append(problems.unquoted_end(rest))
            return rest.end
        case "/":
            found.append(problems.lone_slash(at))
        case "[" | "{":
            found.append(problems.bad_range(Span(position, _end_of_range(text, position, rest.end))))
            return _end_of_range(text, position, rest.end)
        case "\\":
            found.append(problems.lone_backslash(at))
        case "^":
            found.append(problems.bad_boost(at))
        case _:
            found.append(problems.unescaped(at, char))
    return at.end


def _end_of_line(text: str, start: int) -> int:
    """The end of the line, or as far as is worth showing."""
    far = min(len(text), start + _MAX_EXCERPT)
    end = text.find("\n", start, far)
    return far if end < 0 else end


def _end_of_range(text: str, start: int, line_end: int) -> int:
    ends = [end + 1 for end in (text.find("]", start, line_end), text.find("}", start, line_end)) if end >= 0]
    return min(ends, default=line_end)
