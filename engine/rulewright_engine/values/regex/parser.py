"""Text to syntax: branches, repetition, groups, anchors and references."""

import re
from dataclasses import dataclass, field, replace

from rulewright_engine.values.patterns.characters import ANY, complement, of
from rulewright_engine.values.regex.classes import VERTICAL_SPACE, property_set
from rulewright_engine.values.regex.dialects import (
    JAVA,
    ONIGURUMA,
    Dialect,
    Flags,
)
from rulewright_engine.values.regex.sets import SetParser
from rulewright_engine.values.regex.syntax import (
    Alternation,
    Anchor,
    Assertion,
    Atomic,
    Backreference,
    Characters,
    Group,
    Mode,
    Node,
    RegexSyntaxError,
    Repeat,
    Sequence,
    Where,
)

__all__ = ["Expression", "parse"]

MAX_PATTERN_REPEAT = 1_000
"""Times that a repetition may ask for: each is a copy in the program."""
MAX_PATTERN_LENGTH = 20_000
"""Characters of an expression: reading it and matching take time that grows with it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: group numbers run from 1 to `groups`; a name may stand for several groups."""

    node: Node
    groups: int
    names: dict[str, tuple[int, ...]] = field(default_factory=dict)


def parse(text: str, dialect: Dialect) -> Expression:
    """Parse a whole expression; raises `RegexSyntaxError`."""
    if len(text) > MAX_PATTERN_LENGTH:
        raise RegexSyntaxError(f"it is longer than {MAX_PATTERN_LENGTH} characters")
    parser = _Parser(text, dialect)
    node = parser.alternation()
    if parser.position < len(text):
        raise RegexSyntaxError(f"unmatched `)` at offset {parser.position}")
    parser.check_references()
    return Expression(node, parser.groups, {name: tuple(numbers) for name, numbers in parser.names.items()})


_QUANTIFIER = re.compile(r"[?*+]|\{(\d+)(,?)(\d*)\}")
_GROUP_NAME = re.compile(r"[A-Za-z_@][A-Za-z0-9_.@\[\]-]*(?=[>'])")
_SPECIAL = frozenset("()|[\\.^$?*+{")


class _Parser(SetParser):
    def __init__(self, text: str, dialect: Dialect) -> None:
        super().__init__(text, dialect)
        self.groups = 0
        self.names: dict[str, list[int]] = {}
        self._references: list[int] = []
        # Oniguruma: where a group has a name, those without capture nothing
        self._captures_plain = dialect is JAVA or not re.search(r"\(\?(?:<[A-Za-z_@]|')", text)

    def alternation(self) -> Node:
        with self._deeper():
            branches = [self._sequence()]
            while self._take("|"):
                branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Alternation(tuple(branches))

    def check_references(self) -> None:
        for number in self._references:
            if number > self.groups:
                raise RegexSyntaxError(f"there is no group {number} to refer to")

    def _sequence(self) -> Node:
        items: list[Node] = []
        while self.position < len(self.text) and self.text[self.position] not in "|)":
            if self._flags.extended and self._skip_blank():
                continue
            item = self._atom()
            if item is not None:
                items.append(self._quantified(item))
        return items[0] if len(items) == 1 else Sequence(tuple(items))

    def _skip_blank(self) -> bool:
        if self._peek() == "#":
            end = self.text.find("\n", self.position)
            self.position = len(self.text) if end < 0 else end + 1
            return True
        if self._peek().isspace():
            self.position += 1
            return True
        return False

    def _quantified(self, item: Node) -> Node:
        while True:
            match = _QUANTIFIER.match(self.text, self.position)
            if match is None:
                return item
            if isinstance(item, Anchor | Assertion) and match[0] == "{":
                return item
            least, most = self._bounds(match)
            self.position = match.end()
            mode = Mode.LAZY if self._take("?") else Mode.POSSESSIVE if self._takes_plus(match[0]) else Mode.GREEDY
            item = Repeat(item, least, most, mode)
            if self.dialect is JAVA:
                return item

    def _takes_plus(self, quantifier: str) -> bool:
        """A `+` behind a quantifier makes it possessive; behind `{n,m}` only in Java."""
        return (self.dialect is JAVA or not quantifier.startswith("{")) and self._take("+")

    def _bounds(self, match: re.Match[str]) -> tuple[int, int | None]:
        if match[1] is None:
            return {"?": (0, 1), "*": (0, None), "+": (1, None)}[match[0]]
        least = int(match[1][:9])
        most = least if not match[2] else int(match[3][:9]) if match[3] else None
        if max(least, most or 0) > MAX_PATTERN_REPEAT:
            raise RegexSyntaxError(f"`{match[0]}` repeats more than {MAX_PATTERN_REPEAT} times")
        if most is not None and most < least:
            raise RegexSyntaxError(f"`{match[0]}` has its bounds the wrong way round")
        return least, most

    def _atom(self) -> Node | None:
        start = self.position
        char = self._next()
        match char:
            case "(":
                return self._group()
            case "[":
                return Characters(self._class())
            case ".":
                return Characters(ANY if self._flags.dotall else complement(self.dialect.newlines))
            case "^":
                return self._anchor(self.dialect.line_start if self._flags.multiline else Where.TEXT_START)
            case "$":
                return self._anchor(Where.LINE_END if self._flags.multiline else Where.LAST_LINE_END)
            case "\\":
                return self._escape()
            case "?" | "*" | "+":
                raise RegexSyntaxError(f"`{char}` at offset {start} has nothing to repeat")
            case "{" if self.dialect is JAVA:
                raise RegexSyntaxError(f"`{{` at offset {start} has nothing to repeat; write `\\{{`")
            case _:
                return self._literal(char)

    def _literal(self, char: str) -> Characters:
        return Characters(self._cased(((ord(char), ord(char)),)))

    def _anchor(self, where: Where) -> Anchor:
        return Anchor(where, newlines=self.dialect.newlines)

    def _boundary(self, where: Where) -> Anchor:
        return Anchor(where, word=self.dialect.boundary or property_set("word", ascii_names=False) or ())

    # Groups

    def _group(self) -> Node | None:
        if not self._take("?"):
            return self._capture(None) if self._captures_plain else self._closed(self._flags)
        outer = self._flags
        for opening, ahead, negative in (
            ("=", True, False),
            ("!", True, True),
            ("<=", False, False),
            ("<!", False, True),
        ):
            if self._take(opening):
                return Assertion(self._closed(outer), ahead, negative)
        if self._take("#") and self.dialect is ONIGURUMA:
            self.position = self.text.find(")", self.position) + 1 or len(self.text)
            return None
        if self._take(":"):
            return self._closed(outer)
        if self._take(">"):
            return Atomic(self._closed(outer))
        if self._take("<") or (self.dialect is ONIGURUMA and self._take("'")):
            return self._capture(self._group_name())
        return self._flag_group(outer)

    def _capture(self, name: str | None) -> Node:
        self.groups += 1
        number = self.groups
        if name is not None:
            if name in self.names and self.dialect is JAVA:
                raise RegexSyntaxError(f"two groups are called `{name}`")
            self.names.setdefault(name, []).append(number)
        return Group(self._closed(self._flags), number)

    def _closed(self, outer: Flags) -> Node:
        node = self.alternation()
        if not self._take(")"):
            raise RegexSyntaxError("a group is not closed")
        self._flags = outer
        return node

    def _group_name(self) -> str:
        match = _GROUP_NAME.match(self.text, self.position)
        if match is None or (self.dialect is JAVA and not match[0].isalnum()):
            raise RegexSyntaxError(f"the group at offset {self.position} has no usable name")
        self.position = match.end() + 1
        return match[0]

    def _flag_group(self, outer: Flags) -> Node | None:
        match = re.compile(r"([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])").match(self.text, self.position)
        if match is None:
            raise RegexSyntaxError(f"`(?{self.text[self.position : self.position + 1]}` is not supported")
        self.position = match.end()
        flags = self._with_flags(self._with_flags(outer, match[1], on=True), match[2] or "", on=False)
        self._flags = flags
        if match[3] == ":":
            return self._closed(outer)
        # Invariant: flags without a colon hold to the end of the enclosing group, where `_closed` restores them.
        return self.alternation() if self.dialect is ONIGURUMA else None  # Oniguruma takes the `|` behind them along

    def _with_flags(self, flags: Flags, letters: str, *, on: bool) -> Flags:
        for letter in letters:
            name = self.dialect.flags.get(letter)
            if name is None:
                if letter in ("d", "U") and self.dialect is JAVA:
                    raise RegexSyntaxError(f"the flag `{letter}` is not supported")
                raise RegexSyntaxError(f"unknown flag `{letter}`")
            flags = replace(flags, **{name: on})
        return flags

    # Escapes

    def _escape(self) -> Node | None:
        if self.position >= len(self.text):
            raise RegexSyntaxError("it ends in a backslash")
        char = self._next()
        anchor = self._escaped_anchor(char)
        if anchor is not None:
            return anchor
        if char == "Q" and self.dialect is JAVA:
            return self._quoted()
        if char == "R":
            return self._newline()
        if char == "k" and self._peek() in "<'":
            return self._named_reference()
        if char.isdigit() and char != "0":
            return self._numbered_reference(char)
        return Characters(self._cased(self._escaped_set(char)))

    def _escaped_anchor(self, char: str) -> Anchor | None:
        match char:
            case "A":
                return self._anchor(Where.TEXT_START)
            case "z":
                return self._anchor(Where.TEXT_END)
            case "Z":
                return self._anchor(Where.LAST_LINE_END)
            case "b":
                return self._boundary(Where.WORD_BOUNDARY)
            case "B":
                return self._boundary(Where.NO_WORD_BOUNDARY)
            case _:
                return None

    def _quoted(self) -> Node:
        end = self.text.find("\\E", self.position)
        quoted = self.text[self.position :] if end < 0 else self.text[self.position : end]
        self.position += len(quoted) + (2 if end >= 0 else 0)
        return Sequence(tuple(self._literal(char) for char in quoted))

    @staticmethod
    def _newline() -> Node:
        pair = Sequence((Characters(of("\r")), Characters(of("\n"))))
        return Atomic(Alternation((pair, Characters(VERTICAL_SPACE))))

    def _named_reference(self) -> Node:
        self.position += 1
        name = self._group_name()
        if name not in self.names:
            raise RegexSyntaxError(f"there is no group `{name}` before its use")
        return Backreference(self.names[name][-1], self._flags.ignore_case)

    def _numbered_reference(self, first: str) -> Node:
        number = int(first)
        while self._peek().isdigit() and number * 10 + int(self._peek()) <= self.groups:
            number = number * 10 + int(self._next())
        self._references.append(number)
        return Backreference(number, self._flags.ignore_case)
