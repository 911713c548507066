"""Text to syntax. What a dialect means by its flags, escapes and anchors is in one `Dialect` each."""

import re
from dataclasses import dataclass, field, replace

from rulewright_engine.esql.regex.classes import (
    HEX,
    HORIZONTAL_SPACE,
    JAVA_SPACE,
    VERTICAL_SPACE,
    property_set,
    swap_ascii_case,
    with_variants,
)
from rulewright_engine.esql.regex.syntax import (
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
from rulewright_engine.patterns.characters import ANY, DIGIT, WORD, CharacterSet, complement, of, union

__all__ = ["JAVA", "ONIGURUMA", "Dialect", "Expression", "parse"]

MAXIMUM_DEPTH = 60
MAXIMUM_REPEAT = 1_000
MAXIMUM_LENGTH = 20_000


@dataclass(frozen=True, slots=True)
class Flags:
    ignore_case: bool = False
    unicode_case: bool = False
    multiline: bool = False
    dotall: bool = False
    extended: bool = False


@dataclass(frozen=True, slots=True)
class Dialect:
    """`flags` maps a flag letter to the fields of `Flags` it sets; `escapes` a letter to a set of characters."""

    name: str
    newlines: CharacterSet
    boundary: CharacterSet
    flags: dict[str, str]
    escapes: dict[str, CharacterSet]
    literals: dict[str, str]
    start: Flags
    line_start: Where


_COMMON = {
    "d": DIGIT,
    "D": complement(DIGIT),
    "w": WORD,
    "W": complement(WORD),
    "s": JAVA_SPACE,
    "S": complement(JAVA_SPACE),
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}

JAVA = Dialect(
    name="Java",
    newlines=of("\n\r\x85\u2028\u2029"),
    boundary=WORD,
    flags={"i": "ignore_case", "u": "unicode_case", "m": "multiline", "s": "dotall", "x": "extended"},
    escapes={
        **_COMMON,
        "h": HORIZONTAL_SPACE,
        "H": complement(HORIZONTAL_SPACE),
        "v": VERTICAL_SPACE,
        "V": complement(VERTICAL_SPACE),
    },
    literals=_CONTROLS,
    start=Flags(),
    line_start=Where.LINE_START_IN_TEXT,
)

ONIGURUMA = Dialect(
    name="Oniguruma",
    newlines=of("\n"),
    boundary=(),  # Unicode's word characters, found when first needed
    flags={"i": "ignore_case", "m": "dotall", "x": "extended"},
    escapes={**_COMMON, "h": HEX, "H": complement(HEX)},
    literals={**_CONTROLS, "v": "\v"},
    start=Flags(unicode_case=True, multiline=True),
    line_start=Where.LINE_START,
)


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: group numbers run from 1 to `groups`; a name may stand for several groups."""

    node: Node
    groups: int
    names: dict[str, tuple[int, ...]] = field(default_factory=dict)


def parse(text: str, dialect: Dialect) -> Expression:
    """Parse a whole expression; raises `RegexSyntaxError`."""
    if len(text) > MAXIMUM_LENGTH:
        raise RegexSyntaxError(f"it is longer than {MAXIMUM_LENGTH} characters")
    parser = _Parser(text, dialect)
    node = parser.alternation()
    if parser.position < len(text):
        raise RegexSyntaxError(f"unmatched `)` at offset {parser.position}")
    parser.check_references()
    return Expression(node, parser.groups, {name: tuple(numbers) for name, numbers in parser.names.items()})


_QUANTIFIER = re.compile(r"[?*+]|\{(\d+)(,?)(\d*)\}")
_GROUP_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.@\[\]-]*(?=[>'])")
_SPECIAL = frozenset("()|[\\.^$?*+{")


class _Parser:
    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text = text
        self.dialect = dialect
        self.position = 0
        self.groups = 0
        self.names: dict[str, list[int]] = {}
        self._references: list[int] = []
        self._flags = dialect.start
        self._depth = 0
        # Oniguruma: where a group has a name, those without capture nothing
        self._captures_plain = dialect is JAVA or not re.search(r"\(\?(?:<[A-Za-z_]|')", text)

    def alternation(self) -> Node:
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise RegexSyntaxError(f"it nests deeper than {MAXIMUM_DEPTH} levels")
        branches = [self._sequence()]
        while self._take("|"):
            branches.append(self._sequence())
        self._depth -= 1
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
        if max(least, most or 0) > MAXIMUM_REPEAT:
            raise RegexSyntaxError(f"`{match[0]}` repeats more than {MAXIMUM_REPEAT} times")
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

    def _cased(self, characters: CharacterSet) -> CharacterSet:
        if not self._flags.ignore_case:
            return characters
        if not self._flags.unicode_case or sum(last - first for first, last in characters) > 0x1000:
            return swap_ascii_case(characters)
        return with_variants(characters)

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

    def _escaped_set(self, char: str) -> CharacterSet:
        """The set behind `\\char`, in a class or outside of one."""
        if char in self.dialect.escapes:
            return self.dialect.escapes[char]
        if char in "pP":
            return self._property(negated=char == "P")
        literal = self.dialect.literals.get(char)
        if literal is None:
            literal = self._numeric_escape(char)
        if literal is None and char.isascii() and char.isalpha():
            raise RegexSyntaxError(f"`\\{char}` is no escape")
        literal = char if literal is None else literal
        return ((ord(literal), ord(literal)),)

    def _numeric_escape(self, char: str) -> str | None:
        patterns = {"x": r"\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2})", "u": r"([0-9A-Fa-f]{4})()"}
        if char in patterns:
            match = re.compile(patterns[char]).match(self.text, self.position)
            if match is None or int(match[1] or match[2], 16) > 0x10FFFF:
                raise RegexSyntaxError(f"`\\{char}` needs the number of a character in hexadecimal")
            self.position = match.end()
            return chr(int(match[1] or match[2], 16))
        if char == "0":
            match = re.compile(r"[0-3]?[0-7]{1,2}").match(self.text, self.position)
            self.position = match.end() if match else self.position
            return chr(int(match[0], 8)) if match else "\0"
        if char == "c" and self.position < len(self.text):
            return chr(ord(self._next()) ^ 64)
        return None

    def _property(self, *, negated: bool) -> CharacterSet:
        match = re.compile(r"\{(\^?)([A-Za-z_= ]+)\}|()([A-Z])").match(self.text, self.position)
        if match is None:
            raise RegexSyntaxError("`\\p` needs the name of a class in braces")
        self.position = match.end()
        name = match[2] or match[4]
        found = property_set(name, ascii_names=self.dialect is JAVA)
        if found is None:
            raise RegexSyntaxError(f"`{name}` is no known class of characters")
        return complement(found) if negated != bool(match[1]) else found

    # Classes

    def _class(self) -> CharacterSet:
        """What stands behind `[`, to its `]`: ranges, escapes, nested classes, and `&&` between parts."""
        self._depth += 1
        if self._depth > MAXIMUM_DEPTH:
            raise RegexSyntaxError(f"it nests deeper than {MAXIMUM_DEPTH} levels")
        negated = self._take("^")
        parts: list[CharacterSet] = []
        ranges: list[tuple[int, int]] = []
        is_first = True
        while not (self._peek() == "]" and not (is_first and self._literal_bracket())):
            if self.position >= len(self.text):
                raise RegexSyntaxError("a class of characters is not closed")
            if self.text.startswith("&&", self.position):
                self.position += 2
                parts.append(union(ranges))
                ranges = []
            else:
                ranges.extend(self._class_item())
            is_first = False
        self.position += 1
        self._depth -= 1
        result = self._cased(union(ranges))
        for part in parts:
            result = _intersection(result, self._cased(part))
        return complement(result) if negated else result

    def _literal_bracket(self) -> bool:
        """Whether a `]` right behind `[` or `[^` is an ordinary character: where the class closes later."""
        return self.text.find("]", self.position + 1) > 0

    def _class_item(self) -> CharacterSet:
        if self.text.startswith("[:", self.position) and self.dialect is ONIGURUMA:
            posix = re.compile(r"\[:(\^?)([a-z]+):\]").match(self.text, self.position)
            if posix is not None:
                self.position = posix.end()
                found = property_set(posix[2], ascii_names=False)
                if found is None:
                    raise RegexSyntaxError(f"`{posix[2]}` is no known class of characters")
                return complement(found) if posix[1] else found
        if self._take("["):
            return self._class()
        first = self._class_character()
        is_range = self._peek() == "-" and self._peek(1) not in ("]", "", "[")
        if not is_range or len(first) != 1 or first[0][0] != first[0][1]:
            return first
        self.position += 1
        last = self._class_character()
        if len(last) != 1 or last[0][0] != last[0][1]:
            return union((*first, (ord("-"), ord("-")), *last))
        if last[0][0] < first[0][0]:
            raise RegexSyntaxError(f"the range `{chr(first[0][0])}-{chr(last[0][0])}` runs backwards")
        return ((first[0][0], last[0][0]),)

    def _class_character(self) -> CharacterSet:
        char = self._next()
        if char != "\\":
            return ((ord(char), ord(char)),)
        if self.position >= len(self.text):
            raise RegexSyntaxError("it ends in a backslash")
        escaped = self._next()
        if escaped == "b" and self.dialect is ONIGURUMA:
            return of("\b")
        if escaped == "Q" and self.dialect is JAVA:
            end = self.text.find("\\E", self.position)
            quoted = self.text[self.position : end if end >= 0 else len(self.text)]
            self.position += len(quoted) + 2
            return of(quoted)
        if escaped.isdigit() and escaped != "0":
            raise RegexSyntaxError("a class of characters cannot refer to a group")
        return self._escaped_set(escaped)

    # Characters

    def _peek(self, distance: int = 0) -> str:
        position = self.position + distance
        return self.text[position] if position < len(self.text) else ""

    def _next(self) -> str:
        if self.position >= len(self.text):
            raise RegexSyntaxError("it ends too early")
        self.position += 1
        return self.text[self.position - 1]

    def _take(self, text: str) -> bool:
        if self.text.startswith(text, self.position):
            self.position += len(text)
            return True
        return False


def _intersection(left: CharacterSet, right: CharacterSet) -> CharacterSet:
    return complement(union((*complement(left), *complement(right))))
