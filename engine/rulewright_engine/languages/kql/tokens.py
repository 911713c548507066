"""The words of KQL: literals, keywords and operators, and what a blank, a quote and a backslash mean.

What a character means depends on what is expected there (an unquoted value may hold blanks, an operator needs blanks
on both sides), so a `Scanner` reads one thing at a time at the parser's request.
"""

import re

from rulewright_engine.ir.expression import Comparison
from rulewright_engine.languages.kql.ast import Literal
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.json_text import whole_characters
from rulewright_schema.source import Span

__all__ = ["BLANKS", "Scanner"]

BLANKS = " \t\r\n\xa0"

_TRIMMED = BLANKS + "\v\f\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
"""What JavaScript's `trim` removes: Kibana trims an unquoted literal after its escapes are resolved."""

_BLANK = r"[ \t\r\n\xa0]"
_BLANKS = re.compile(f"{_BLANK}*")
_UNQUOTED = re.compile(
    rf"""(?:
      [^\\():<>"*{{}} \t\r\n\xa0nN]++
    | [nN](?! ot {_BLANK} )                  # `not ` ends a literal wherever it stands
    | \*
    | {_BLANK}++(?! (?:and|or) {_BLANK} )    # so do ` and ` and ` or `
    | \\(?: (?-i:u[0-9A-Fa-f]{{4}}|[trn]) | [\\():<>"*{{}}] | and | or | not )
    )++""",
    re.VERBOSE | re.IGNORECASE,
)
_QUOTED = re.compile(r'"(?:[^"\\]++|\\["\\]|\\)*+"')
_ESCAPE = re.compile(r'\\(?:u(?P<code>[0-9A-Fa-f]{4})|(?P<blank>[trn])|(?P<kept>(?i:and|or|not)|[\\():<>"*{}]))')
_QUOTED_ESCAPE = re.compile(r'\\(?:u(?P<code>[0-9A-Fa-f]{4})|(?P<blank>[trn])|(?P<kept>[\\"]))')
_PIECES = re.compile(r"\*|(?:[^*\\]|\\.)+", re.DOTALL)
_OPERATOR = re.compile(f"{_BLANK}+(and|or){_BLANK}+", re.IGNORECASE)
_NOT = re.compile(f"(not){_BLANK}+", re.IGNORECASE)
_RANGES = (Comparison.LESS_EQUAL, Comparison.GREATER_EQUAL, Comparison.LESS, Comparison.GREATER)
_CONTROL = {"t": "\t", "r": "\r", "n": "\n"}


class Scanner:
    """A text and a position in it; each method reads one thing there, or nothing and stays."""

    __slots__ = ("position", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    @property
    def next(self) -> str:
        """The character at the position; empty at the end."""
        return self.text[self.position : self.position + 1]

    def skip_blanks(self) -> str:
        """Pass blanks; the character after them."""
        self.position = self._after_blanks()
        return self.next

    def peek(self) -> str:
        """The character after the blanks, without passing them."""
        return self.text[(after := self._after_blanks()) : after + 1]

    def is_end(self, position: int) -> bool:
        """Whether only blanks stand from `position` on."""
        match = _BLANKS.match(self.text, position)
        return match is not None and match.end() == len(self.text)

    def take(self, char: str) -> bool:
        """Pass blanks and `char`, if that is what stands there."""
        after = self._after_blanks()
        if not self.text.startswith(char, after):
            return False
        self.position = after + len(char)
        return True

    def operator(self) -> Span | None:
        """`and` or `or`, with blanks on both sides."""
        return self._word(_OPERATOR)

    def negation(self) -> Span | None:
        """`not` and the blanks after it."""
        return self._word(_NOT)

    def range_operator(self) -> Comparison | None:
        return next((operator for operator in _RANGES if self.take(operator)), None)

    def literal(self) -> Literal | None:
        return self._quoted() if self.next == '"' else self._unquoted()

    def _after_blanks(self) -> int:
        match = _BLANKS.match(self.text, self.position)
        return match.end() if match else self.position

    def _word(self, pattern: re.Pattern[str]) -> Span | None:
        match = pattern.match(self.text, self.position)
        if match is None:
            return None
        self.position = match.end()
        return Span(*match.span(1))

    def _quoted(self) -> Literal | None:
        match = _QUOTED.match(self.text, self.position)
        if match is None:
            return None
        self.position = match.end()
        content = match.group()[1:-1]
        text = whole_characters(_QUOTED_ESCAPE.sub(_resolved, content))
        return Literal((text,), quoted=True, span=Span(match.start(), match.end()))

    def _unquoted(self) -> Literal | None:
        match = _UNQUOTED.match(self.text, self.position)
        if match is None:
            return None
        raw = match.group().rstrip(BLANKS)
        self.position = match.start() + len(raw)
        return Literal(unquoted_parts(raw), span=Span(match.start(), self.position))


def unquoted_parts(raw: str) -> tuple[str | Wild, ...]:
    """What an unquoted literal says: its escapes resolved, its wildcards apart, its ends trimmed."""
    if "\\" not in raw and "*" not in raw:
        return (raw.strip(_TRIMMED),)
    parts: list[str | Wild] = []
    for piece in _PIECES.findall(raw):
        parts.append(Wild.ANY if piece == "*" else whole_characters(_ESCAPE.sub(_resolved, piece)))
    return _trimmed(parts)


def _trimmed(parts: list[str | Wild]) -> tuple[str | Wild, ...]:
    if parts and not isinstance(parts[0], Wild):
        parts[0] = parts[0].lstrip(_TRIMMED)
    if parts and not isinstance(parts[-1], Wild):
        parts[-1] = parts[-1].rstrip(_TRIMMED)
    return tuple(part for part in parts if part)


def _resolved(escape: re.Match[str]) -> str:
    code, blank, kept = escape.group("code", "blank", "kept")
    if code:
        return chr(int(code, 16))
    return _CONTROL[blank] if blank else str(kept)
