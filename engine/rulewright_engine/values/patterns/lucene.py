"""Parser of Lucene's regular expressions with all flags (`RegExp.ALL`).

A pattern matches whole texts; `.` is any character, also a line end. `^` and `$` are ordinary. Operators, loosest
first: `|`, `&` (both), concatenation, `? * + {n} {n,} {n,m}`, `~` (everything but). Atoms: `.`, `[a-z]`, `[^a-z]`,
`\\d \\D \\s \\S \\w \\W` (ASCII), `"text"`, `@` (any text), `#` (nothing), `<n-m>` (a number in a range), `()`, `( )`.

Where an operator cannot stand, its character is an ordinary one, as in Lucene: `*a`, `a||b`, `]`. Where a pattern
ignores case, a range such as `[a-z]` does not, as Elasticsearch documents; `[abc]` does.
"""

from dataclasses import dataclass

from rulewright_engine.values.case_folding import case_variants
from rulewright_engine.values.patterns import characters
from rulewright_engine.values.patterns.characters import CharacterSet
from rulewright_engine.values.patterns.nodes import (
    Alternation,
    Characters,
    Complement,
    Concatenation,
    Intersection,
    Node,
    Repetition,
)

__all__ = ["RegexError", "parse_regex"]


@dataclass(frozen=True, slots=True)
class RegexError:
    """Why a pattern is none, and the offset in it."""

    message: str
    offset: int


MAX_REGEXP_LENGTH = 1_000
"""Characters of an expression: Elasticsearch's own limit (`index.max_regex_length`)."""
MAX_REGEXP_DEPTH = 50
"""Levels of groups: well below what recursion may take."""
MAX_STACKED_REPETITIONS = 4
"""Repetitions in a row, which multiply: `a{9}{9}{9}`."""
MAX_REGEXP_REPEAT = 10_000
"""Times that a repetition may ask for: each is a state."""
MAX_INTERVAL_DIGITS = 9
"""Digits of an end of a numeric interval, `<1-999>`: what fits in 32 bits."""

_CLASSES: dict[str, CharacterSet] = {
    "d": characters.DIGIT,
    "D": characters.complement(characters.DIGIT),
    "s": characters.SPACE,
    "S": characters.complement(characters.SPACE),
    "w": characters.WORD,
    "W": characters.complement(characters.WORD),
}


def parse_regex(pattern: str, *, insensitive: bool = False) -> Node | RegexError:
    """The tree of a pattern, or why it has none. `insensitive`: a character stands for its case variants."""
    if len(pattern) > MAX_REGEXP_LENGTH:
        return RegexError(f"the regular expression is longer than {MAX_REGEXP_LENGTH} characters", MAX_REGEXP_LENGTH)
    try:
        return _Parser(pattern, insensitive).parse()
    except _Failure as failure:
        return failure.error


class _Failure(Exception):
    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.error = RegexError(message, offset)


class _Parser:
    """Recursive descent; follows Lucene's grammar, which looks at one character only."""

    def __init__(self, pattern: str, insensitive: bool) -> None:
        self._text = pattern
        self._insensitive = insensitive
        self._at = 0
        self._nesting = 0

    def parse(self) -> Node:
        if not self._text:
            return Concatenation(())
        node = self._alternation()
        if self._at < len(self._text):
            raise _Failure("`)` closes nothing", self._at)
        return node

    def _peek(self, chars: str) -> bool:
        return self._at < len(self._text) and self._text[self._at] in chars

    def _take(self, char: str) -> bool:
        if self._peek(char):
            self._at += 1
            return True
        return False

    def _next(self) -> str:
        if self._at >= len(self._text):
            raise _Failure("the regular expression ends too early", self._at)
        self._at += 1
        return self._text[self._at - 1]

    def _expect(self, char: str, opened: int) -> None:
        if not self._take(char):
            raise _Failure(f"`{self._text[opened]}` is not closed by `{char}`", opened)

    def _alternation(self) -> Node:
        branches = [self._intersection()]
        while self._take("|"):
            branches.append(self._intersection())
        return branches[0] if len(branches) == 1 else Alternation(tuple(branches))

    def _intersection(self) -> Node:
        branches = [self._concatenation()]
        while self._take("&"):
            branches.append(self._concatenation())
        return branches[0] if len(branches) == 1 else Intersection(tuple(branches))

    def _concatenation(self) -> Node:
        parts = [self._repetition()]
        while self._at < len(self._text) and not self._peek(")|&"):
            parts.append(self._repetition())
        return parts[0] if len(parts) == 1 else Concatenation(tuple(parts))

    def _repetition(self) -> Node:
        node = self._complement()
        stacked = 0
        while self._peek("?*+{"):
            stacked += 1
            if stacked > MAX_STACKED_REPETITIONS:
                raise _Failure(f"more than {MAX_STACKED_REPETITIONS} repetitions stand in a row", self._at)
            node = Repetition(node, *self._bounds())
        return node

    def _bounds(self) -> tuple[int, int | None]:
        opened = self._at
        match self._next():
            case "?":
                return 0, 1
            case "*":
                return 0, None
            case "+":
                return 1, None
        least = self._count()
        most = least
        if least is None:
            raise _Failure("a number is missing after `{`", self._at)
        if self._take(","):
            most = self._count()
        self._expect("}", opened)
        if most is not None and most < least:
            raise _Failure(f"the repetition asks for at least {least} and at most {most}", opened)
        return least, most

    def _count(self) -> int | None:
        start = self._at
        while self._peek("0123456789"):
            self._at += 1
        if start == self._at:
            return None
        if self._at - start > 9 or int(self._text[start : self._at]) > MAX_REGEXP_REPEAT:
            raise _Failure(f"a repetition of more than {MAX_REGEXP_REPEAT} is too large", start)
        return int(self._text[start : self._at])

    def _complement(self) -> Node:
        negations = 0
        while self._take("~"):
            negations += 1
        node = self._class_or_simple()
        return Complement(node) if negations % 2 else node

    def _class_or_simple(self) -> Node:
        opened = self._at
        if not self._take("["):
            return self._simple()
        negated = self._take("^")
        members = self._class_member()
        while self._at < len(self._text) and not self._peek("]"):
            members = characters.union((*members, *self._class_member()))
        self._expect("]", opened)
        return Characters(characters.complement(members) if negated else members)

    def _class_member(self) -> CharacterSet:
        known = self._known_class()
        if known is not None:
            return known
        start = self._at
        if self._take("\\"):  # what is escaped begins no range: `[\\\\-]` is a backslash or a dash
            return self._variants(self._next())
        first = self._next()
        if not self._take("-"):
            return self._variants(first)
        last = self._character()
        if first > last:
            raise _Failure(f"the range `{self._text[start : self._at]}` is backwards", start)
        return ((ord(first), ord(last)),)

    def _simple(self) -> Node:
        opened = self._at
        if self._take("."):
            return Characters(characters.ANY)
        if self._take("#"):
            return Characters(())
        if self._take("@"):
            return Repetition(Characters(characters.ANY), 0, None)
        if self._take('"'):
            return Concatenation(tuple(map(self._literal, self._until('"', opened))))
        if self._take("("):
            return self._group(opened)
        if self._take("<"):
            return self._interval(self._until(">", opened), opened)
        known = self._known_class()
        return Characters(known) if known is not None else self._literal(self._character())

    def _group(self, opened: int) -> Node:
        if self._take(")"):
            return Concatenation(())
        self._nesting += 1
        if self._nesting > MAX_REGEXP_DEPTH:
            raise _Failure(f"the groups nest deeper than {MAX_REGEXP_DEPTH} levels", opened)
        node = self._alternation()
        self._expect(")", opened)
        self._nesting -= 1
        return node

    def _until(self, closing: str, opened: int) -> str:
        end = self._text.find(closing, self._at)
        if end < 0:
            raise _Failure(f"`{self._text[opened]}` is not closed by `{closing}`", opened)
        start, self._at = self._at, end + 1
        return self._text[start:end]

    def _interval(self, text: str, opened: int) -> Node:
        low, dash, high = text.partition("-")
        if not dash:
            raise _Failure(
                f"`<{text}>` is not a range of numbers such as `<1-99>`; write `\\<` for the character", opened
            )
        if not all(end.isascii() and end.isdigit() and len(end) <= MAX_INTERVAL_DIGITS for end in (low, high)):
            raise _Failure(f"the ends of `<{text}>` are not numbers", opened)
        first, last = sorted((int(low), int(high)))
        return _interval(first, last, len(low) if len(low) == len(high) else None)

    def _known_class(self) -> CharacterSet | None:
        """`\\d` and its kin; a backslash before any other letter is an error, as in Lucene."""
        escaped = self._text[self._at + 1 : self._at + 2]
        if not self._peek("\\") or not (escaped.isascii() and escaped.isalpha()):
            return None
        if escaped not in _CLASSES:
            raise _Failure(f"`\\{escaped}` means nothing here", self._at)
        self._at += 2
        return _CLASSES[escaped]

    def _character(self) -> str:
        self._take("\\")
        return self._next()

    def _literal(self, char: str) -> Node:
        return Characters(self._variants(char))

    def _variants(self, char: str) -> CharacterSet:
        return characters.of(case_variants(char) if self._insensitive else char)


def _text(text: str) -> Node:
    return Concatenation(tuple(Characters(characters.of(char)) for char in text))


_ZEROS = Repetition(_text("0"), 0, None)


def _interval(first: int, last: int, digits: int | None) -> Node:
    """The numbers from `first` to `last`, of so many digits; without `digits`, with any number of leading zeros."""
    if digits is not None:
        return _same_length(str(first).zfill(digits), str(last).zfill(digits))
    lengths = range(len(str(first)), len(str(last)) + 1)
    branches = [
        _same_length(str(max(first, 10 ** (n - 1) if n > 1 else 0)), str(min(last, 10**n - 1))) for n in lengths
    ]
    return Concatenation((_ZEROS, Alternation(tuple(branches))))


def _same_length(low: str, high: str) -> Node:
    """The digit texts from `low` to `high`, which are equally long."""
    if not low:
        return Concatenation(())
    if low[0] == high[0]:
        return Concatenation((_text(low[0]), _same_length(low[1:], high[1:])))
    rest = len(low) - 1
    branches = [
        Concatenation((_text(low[0]), _same_length(low[1:], "9" * rest))),
        Concatenation((_text(high[0]), _same_length("0" * rest, high[1:]))),
    ]
    if ord(high[0]) - ord(low[0]) > 1:
        between = Characters(((ord(low[0]) + 1, ord(high[0]) - 1),))
        branches.append(Concatenation((between, *(Characters(characters.DIGIT),) * rest)))
    return Alternation(tuple(branches))
