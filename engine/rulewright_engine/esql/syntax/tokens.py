"""Text to tokens.

Two places have rules of their own: after FROM, TS, LOOKUP JOIN and ENRICH a word is an index pattern (`logs-*`,
`cluster:index`), and a number directly behind a letter is never a decimal. Comments are dropped; nested `/* */` count
as one, and one whose inner `/*` lacks its `*/` reaches to the last `*/` of the query, as in Elasticsearch's lexer.
"""

import re
from collections.abc import Collection
from enum import StrEnum
from typing import NamedTuple

from rulewright_engine.esql.syntax import problems
from rulewright_engine.ir.operators import Operator
from rulewright_engine.languages.problems import Problems
from rulewright_schema.source import Span

__all__ = ["Token", "TokenKind", "tokenize"]


class TokenKind(StrEnum):
    NAME = "name"
    QUOTED_NAME = "quoted name"
    STRING = "string"
    INTEGER = "integer"
    DECIMAL = "decimal"
    SOURCE = "index pattern"
    PARAMETER = "parameter"
    SYMBOL = "symbol"
    END = "end of query"


class Token(NamedTuple):
    """`text` is as written; `value` is what a string or a quoted name says. Offsets are half-open.

    `word` is the text in lower case where it may be a keyword, else nothing.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    value: str = ""
    word: str = ""

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


_BLANKS = re.compile(r"[ \t\r\n]*")
_SKIPPED = r"(?P<comment>//[^\r\n]*|/\*)|(?P<end>\Z)"
_STRING = r'(?P<raw>"""[^\r\n]*?"""(?:"{1,2}(?!"))?)|(?P<string>"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*")'
_QUERY = re.compile(
    rf"{_BLANKS.pattern}(?:(?P<name>[A-Za-z_@][A-Za-z0-9_]*)|{_STRING}|{_SKIPPED}"
    r"|(?P<decimal>(?<![A-Za-z0-9_@`])(?:[0-9]+\.[0-9]*(?:[eE][+-]?[0-9]+)?|\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+))"
    r"|(?P<integer>[0-9]+)"
    r"|(?P<quoted_name>`(?:[^`]|``)*`)"
    r"|(?P<parameter>\?\??[A-Za-z0-9_]*)"
    r"|(?P<symbol>==|=~|!=|<=|>=|::|[<>=+\-*/%:;,.|()\[\]{}]))"
)
_SOURCES = re.compile(
    rf"{_BLANKS.pattern}(?:{_STRING}|{_SKIPPED}"
    r"|(?P<symbol>::|[:,|()\[\]=])"
    r"|(?P<source>(?:[^:\"=|,\[\]()/ \t\r\n]|/[^*/])+))"
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r", '"': '"', "\\": "\\"}
_KINDS = {kind.name.lower(): kind for kind in TokenKind}
_BEFORE_COMMANDS = frozenset({"|", ";"})
_SOURCES_UNTIL = {
    "enrich": frozenset({"on", "with"}),
    "from": frozenset({"metadata"}),
    "lookup join": frozenset({"on"}),
    "ts": frozenset({"metadata"}),
}
"""The commands that name indices or the like -> the words behind these. Elsewhere they are names: `max(ts.created)`."""


def tokenize(text: str, found: Problems) -> list[Token]:
    """All tokens, then one of kind END right behind the last. Never raises."""
    tokens: list[Token] = []
    position, starts_command, command = 0, True, ""
    until: frozenset[str] | None = None
    while position < len(text):
        match = (_QUERY if until is None else _SOURCES).match(text, position)
        if match is None:
            token = _unreadable(text, _after_blanks(text, position), found)
            position = token.end
            if token.kind is not TokenKind.END:
                tokens.append(token)
            continue
        kind, position = str(match.lastgroup), match.end()
        if kind == "comment":
            if match[kind] == "/*":
                position = _end_of_comment(text, match.start(kind), found)
        elif kind != "end":
            token = _token(match, kind, found, until or ())
            holds_query = token.text == "(" and (until is not None or (bool(tokens) and tokens[-1].word == Operator.IN))
            tokens.append(token)
            if until is not None:
                until = until if token.text not in "|()" and token.word not in until else None
            elif starts_command or command == "lookup":
                command = f"{command} {token.word}".lstrip()
                until = _SOURCES_UNTIL.get(command)
            if token.text in _BEFORE_COMMANDS or command != "lookup":
                command = ""
            starts_command = token.text in _BEFORE_COMMANDS or holds_query
    end = tokens[-1].end if tokens else 0
    tokens.append(Token(TokenKind.END, "", end, end))
    return tokens


def _after_blanks(text: str, position: int) -> int:
    blanks = _BLANKS.match(text, position)
    return blanks.end() if blanks else position


def _token(match: re.Match[str], kind: str, found: Problems, words: Collection[str]) -> Token:
    """A token; among index patterns, `words` are none."""
    text = match[kind]
    start, end = match.span(kind)
    match kind:
        case "name":
            return Token(TokenKind.NAME, text, start, end, "", text.lower())
        case "symbol":
            return Token(TokenKind.SYMBOL, text, start, end)
        case "string":
            return Token(TokenKind.STRING, text, start, end, _unescape(text, start, found))
        case "raw":
            return Token(TokenKind.STRING, text, start, end, text[3:-3])
        case "quoted_name":
            return Token(TokenKind.QUOTED_NAME, text, start, end, text[1:-1].replace("``", "`"))
        case "source" if text.lower() in words:
            return Token(TokenKind.NAME, text, start, end, "", text.lower())
        case _:
            return Token(_KINDS[kind], text, start, end)


def _unescape(text: str, start: int, found: Problems) -> str:
    """What a `"..."` says; an escape that the language lacks is reported and stands for itself."""
    if "\\" not in text:
        return text[1:-1]

    def replacement(match: re.Match[str]) -> str:
        known = _ESCAPED.get(match[1])
        if known is None:
            found.append(problems.illegal_escape(Span(start + match.start(), start + match.end()), match[0]))
        return match[0] if known is None else known

    return _ESCAPE.sub(replacement, text)[1:-1]


def _end_of_comment(text: str, start: int, found: Problems) -> int:
    depth, last = 0, 0
    for match in re.finditer(r"/\*|\*/", text[start:]):
        if match[0] == "/*":
            depth += 1
            continue
        depth, last = depth - 1, start + match.end()
        if depth == 0:
            break
    if last:
        return last
    found.append(problems.unterminated(Span(start, start + 2), "comment", "*/"))
    return len(text)


def _unreadable(text: str, start: int, found: Problems) -> Token:
    """Report what no token begins with. What was meant as a string or name becomes one, so that reading goes on."""
    char = text[start]
    line_end = start + len(re.split(r"[\r\n]", text[start:], maxsplit=1)[0])
    if char == '"':
        quote = '"""' if text.startswith('"""', start) else '"'
        found.append(problems.unterminated(Span(start, start + len(quote)), "string", quote, one_line=True))
        return Token(TokenKind.STRING, text[start:line_end], start, line_end, text[start + len(quote) : line_end])
    if char == "'":
        closing = text.find("'", start + 1, line_end)
        end = line_end if closing < 0 else closing + 1
        found.append(problems.single_quoted(Span(start, end), text[start:end]))
        return Token(TokenKind.STRING, text[start:end], start, end, text[start:end].strip("'"))
    if char == "`":
        found.append(problems.unterminated(Span(start, start + 1), "name", "`"))
        return Token(TokenKind.QUOTED_NAME, text[start:line_end], start, line_end, text[start + 1 : line_end])
    end = start + 1
    while text[end : end + 1] == char:
        end += 1
    found.append(problems.unreadable(Span(start, end), text[start:end]))
    return Token(TokenKind.END, "", start, end)
