"""Text to tokens. A mistake in a token is reported and mended, so that parsing goes on behind it.

Source of the lexical rules: semantics B1. The kind of an operator or keyword is its own text.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from rulewright_engine.languages.eql import codes
from rulewright_engine.languages.problems import GiveUp, Problems
from rulewright_schema.diagnostics import Edit, Fix
from rulewright_schema.source import Span

__all__ = [
    "END",
    "KEYWORDS",
    "NAME",
    "NUMBER",
    "STRING",
    "TILDE_NAME",
    "VALUE_STARTS",
    "Token",
    "field_name",
    "number_value",
    "string_value",
    "tokenize",
]

NAME, TILDE_NAME, STRING, NUMBER, END = "name", "function~", "string", "number", "end of the query"

_OPERATORS = ("and", "or", "not", "in", "in~", "like", "like~", "regex", "regex~")
_LITERALS = ("true", "false", "null")
KEYWORDS = frozenset(
    (*_OPERATORS, *_LITERALS, "any", "where", "of", "sequence", "sample", "join", "by", "with", "maxspan", "until")
)
VALUE_STARTS = frozenset({NAME, TILDE_NAME, STRING, NUMBER, *_LITERALS, "?", "(", "not"})
"""Kinds that an expression can begin with."""


class Token(NamedTuple):
    """`text` is what stands in the query from `start` to `end`, whatever `kind` a mistake was mended to."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


_WORD = r"[A-Za-z_@][A-Za-z0-9_@]*"
_QUOTED = r"`(?:[^`]|``)*`"
_BLANK = r"(?:[ \t\r\n]+|//[^\r\n]*)*"
_TOKEN = re.compile(
    rf"""(?:
    (?P<name>(?:{_WORD}|{_QUOTED})(?:\s*\.\s*(?:{_WORD}|{_QUOTED}|[0-9]+))*~?)
  | (?P<raw>\"\"\"[^\r\n]*?\"\"\""{{0,2}})
  | (?P<string>"(?!"")[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*")
  | (?P<comment>/\*)
  | (?P<operator>==|!=|<=|>=|!\[|<(?!>)|\|(?!\|)|\?(?!["'])|[,():>=+*/%\[\]-])
  | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<wrong>&&|\|\||<>|!:|!)
  | (?P<foreign>\??'[^'\\\r\n]*(?:\\[^\r\n][^'\\\r\n]*)*'|\?"[^"\\\r\n]*(?:\\[^\r\n][^"\\\r\n]*)*"|[“”][^“”"\r\n]*[“”])
  | (?P<open>\??["'`][^\r\n]*)
  | (?P<unknown>[^\x00-\x7f]+|.)
    ){_BLANK}
    """,
    re.VERBOSE | re.DOTALL,
)
_LEADING = re.compile(_BLANK)

_WRONG = {"&&": "and", "||": "or", "!": "not", "<>": "!=", "!:": "!="}
"""Operators of other languages, and the kind of token that is meant."""

_SHOUTED = {word.upper(): word for word in (*_OPERATORS, *_LITERALS)}
"""Keywords as other languages spell them; a field of that name needs backticks anyway to be told from them."""

_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\", "'": "'"}
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{2,8})\}|(.))")


def tokenize(text: str, problems: Problems) -> list[Token]:
    """The tokens of `text` in order; the last one has the kind `END`."""
    tokens: list[Token] = []
    position, length = _skip_blanks(text, 0), len(text)
    match = _TOKEN.match
    while position < length:
        found = match(text, position)
        assert found is not None  # Invariant: the last alternative matches any character
        group = found.lastgroup or ""
        start, token_text, position = position, found[group], found.end()
        if group == "name":
            if token_text in _SHOUTED:
                tokens.append(_lowered(token_text, start, problems))
            else:
                tokens.append(Token(_kind_of_name(token_text), token_text, start, start + len(token_text)))
        elif group == "operator":
            tokens.append(Token(token_text, token_text, start, start + len(token_text)))
        elif group in _KINDS:
            tokens.append(Token(_KINDS[group], token_text, start, start + len(token_text)))
        elif group == "comment":
            position = _skip_blanks(text, _comment_end(text, start, problems))
        else:
            tokens.extend(_mended(group, token_text, start, problems))
    tokens.append(Token(END, "", length, length))
    return tokens


_KINDS = {"string": STRING, "raw": STRING, "number": NUMBER}


def _kind_of_name(text: str) -> str:
    if text in KEYWORDS:
        return text
    return TILDE_NAME if text[-1] == "~" else NAME


def _skip_blanks(text: str, position: int) -> int:
    found = _LEADING.match(text, position)
    return found.end() if found else position


def _comment_end(text: str, start: int, problems: Problems) -> int:
    """The end of a comment; a comment inside it must be closed as well, unless that would leave none closed."""
    depth = 0
    first_end = -1
    for mark in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if mark[0] == "/*" else -1
        if mark[0] == "*/" and first_end < 0:
            first_end = mark.end()
        if depth == 0:
            return mark.end()
    if first_end < 0:
        problems.report(codes.NEVER_CLOSED, Span(start, start + 2), "comment is never closed", help="end it with `*/`")
        raise GiveUp
    return first_end


def _mended(group: str, text: str, start: int, problems: Problems) -> list[Token]:
    """The tokens that were meant by what is no token, after reporting it."""
    span = Span(start, start + len(text))
    if group == "wrong":
        meant = _WRONG[text]
        problems.report(
            codes.FOREIGN_OPERATOR,
            span,
            f"`{text}` is no operator of EQL",
            help=f"write `{meant}`" if text != "!:" else "write `not` in front: `not field : value`",
            fix=Fix((Edit(span, f"{meant} " if text == "!" else meant),), safe=True) if text != "!:" else None,
        )
        return [Token(meant, text, start, span.end)]
    if group == "foreign":
        return [_requoted(text, span, problems)]
    if group == "open":
        return [_unclosed(text, span, problems)]
    problems.report(
        codes.SYNTAX, span, f"unexpected character `{text}`", help="remove it, or put text in double quotes"
    )
    return [] if text.isascii() else [Token(NAME, text, start, span.end)]


def _lowered(word: str, start: int, problems: Problems) -> Token:
    span = Span(start, start + len(word))
    meant = _SHOUTED[word]
    fix = Fix((Edit(span, meant),), safe=True)
    problems.report(
        codes.UPPER_CASE_KEYWORD,
        span,
        f"`{word}` is no keyword",
        help=f"write `{meant}`: keywords are lower case",
        fix=fix,
    )
    return Token(meant, word, start, span.end)


def _requoted(text: str, span: Span, problems: Problems) -> Token:
    inner = text.lstrip("?")[1:-1]
    raw = text.startswith("?")
    inner = inner if raw else re.sub(r'(?<!\\)"', r"\"", inner).replace(r"\'", "'")
    mended = f'"""{inner}"""' if raw else f'"{inner}"'
    problems.report(
        codes.WRONG_QUOTES,
        span,
        "`?` does not start a raw string" if raw else f"`{text[0]}` does not quote text",
        help='quote raw text with `"""`' if raw else 'quote text with `"`',
        fix=Fix((Edit(span, mended),), safe=True),
    )
    return Token(STRING, mended, span.start, span.end)


def _unclosed(text: str, span: Span, problems: Problems) -> Token:
    quote = next(q for q in ('"""', '?"', "?'", '"', "'", "`") if text.startswith(q))
    at = Span(span.start, span.start + len(quote))
    is_name = quote == "`"
    closing = quote.lstrip("?")
    problems.report(
        codes.NEVER_CLOSED,
        at,
        "quoted name is never closed" if is_name else "text is never closed",
        label=f"no `{closing}` follows on this line",
        help=f"end it with `{closing}`",
    )
    return Token(NAME if is_name else STRING, "`?`" if is_name else '""', span.start, span.end)


def string_value(token: Token, problems: Problems) -> str:
    """What a string token stands for."""
    text = token.text
    if text.startswith('"""') and len(text) > 5:
        return text[3:-3]
    if "\\" not in text:
        return text[1:-1]
    return _unescaped(text[1:-1], token.start + 1, problems)


def number_value(token: Token, problems: Problems) -> int | float:
    """A long where it fits, else floating point; source: ExpressionBuilder of Elasticsearch."""
    if token.text.isdigit() and len(token.text) <= 19 and (whole := int(token.text)) < 2**63:
        return whole
    number = float(token.text)
    if number == float("inf"):
        problems.report(codes.SYNTAX, token.span, "number is too large", help="use a number below `1.8e308`")
    return number


@lru_cache(maxsize=4096)
def field_name(text: str) -> tuple[str, str | None]:
    """The name without backticks and blanks, and a part of it that is a keyword and needs backticks, if any."""
    if "`" not in text and "." not in text:
        return text, None
    parts = re.findall(r"`(?:[^`]|``)*`|[^.\s`]+", text)
    keyword = next((part for part in parts if part in KEYWORDS), None)
    return ".".join(part[1:-1].replace("``", "`") if part[0] == "`" else part for part in parts), keyword


def _unescaped(text: str, start: int, problems: Problems) -> str:
    wrong: list[Span] = []

    def value(escape: re.Match[str]) -> str:
        span = Span(start + escape.start(), start + escape.end())
        if escape[1] is not None:
            return _character(escape[1], span, problems)
        if escape[2] == "'":
            problems.report(
                codes.UNDOCUMENTED_ESCAPE,
                span,
                r"`\'` is not a documented escape",
                help="write `'` alone; only `\"` needs a backslash",
                fix=Fix((Edit(span, "'"),), safe=True),
            )
        if escape[2] not in _ESCAPES:
            wrong.append(span)
        return _ESCAPES.get(escape[2], escape[0])

    unescaped = _ESCAPE.sub(value, text)
    if wrong:
        first = text[wrong[0].start - start : wrong[0].end - start]
        problems.report(
            codes.INVALID_ESCAPE,
            wrong[0],
            f"`{first}` is no escape",
            help=r'write `\\` for a backslash, or quote with `"""`, where a backslash stands for itself',
            fix=Fix(tuple(Edit(Span(span.start, span.start + 1), r"\\") for span in wrong), safe=True),
        )
    return unescaped


def _character(digits: str, span: Span, problems: Problems) -> str:
    code = int(digits, 16)
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        problems.report(
            codes.INVALID_ESCAPE,
            span,
            f"`{digits}` is no character of Unicode",
            help="use a code point up to `10FFFF`, no surrogate",
        )
        return "?"
    return chr(code)
