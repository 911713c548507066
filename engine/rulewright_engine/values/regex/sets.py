"""Text to sets of characters: escapes such as `\\w` and `\\p{L}`, and what stands in brackets."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from rulewright_engine.values.patterns.characters import (
    CharacterSet,
    complement,
    of,
    union,
)
from rulewright_engine.values.regex.classes import property_set, swap_ascii_case, with_variants
from rulewright_engine.values.regex.dialects import JAVA, ONIGURUMA, Dialect
from rulewright_engine.values.regex.syntax import RegexSyntaxError

__all__ = ["SetParser"]

MAX_PATTERN_DEPTH = 60
"""Levels of groups and classes: well below what recursion may take."""


class SetParser:
    """A text and a place in it; reads what stands for one character."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self.text = text
        self.dialect = dialect
        self.position = 0
        self._flags = dialect.start
        self._depth = 0

    # Escapes

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
        with self._deeper():
            return self._inside_of_class()

    def _inside_of_class(self) -> CharacterSet:
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

    def _cased(self, characters: CharacterSet) -> CharacterSet:
        if not self._flags.ignore_case:
            return characters
        if not self._flags.unicode_case or sum(last - first for first, last in characters) > 0x1000:
            return swap_ascii_case(characters)
        return with_variants(characters)

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

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > MAX_PATTERN_DEPTH:
            raise RegexSyntaxError(f"it nests deeper than {MAX_PATTERN_DEPTH} levels")
        yield
        self._depth -= 1


def _intersection(left: CharacterSet, right: CharacterSet) -> CharacterSet:
    return complement(union((*complement(left), *complement(right))))
