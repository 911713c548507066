"""Java's regular expressions, as REPLACE uses them."""

from functools import lru_cache

from rulewright_engine.values.regex.dialects import JAVA
from rulewright_engine.values.regex.parser import parse
from rulewright_engine.values.regex.program import Captures
from rulewright_engine.values.regex.search import Regex
from rulewright_engine.values.regex.syntax import RegexSyntaxError

__all__ = ["JavaRegex", "compile_java"]


@lru_cache(maxsize=1_024)
def compile_java(pattern: str) -> "JavaRegex":
    """Raises `RegexSyntaxError`."""
    return JavaRegex(pattern)


class JavaRegex:
    def __init__(self, pattern: str) -> None:
        self._regex = Regex(parse(pattern, JAVA))

    def replace_all(self, text: str, replacement: str) -> str:
        """`Matcher.replaceAll`: `$1` and `${name}` stand for groups, `\\` takes the next character as it is.

        Raises `RegexSyntaxError` for a replacement that refers to no group, `TooCostly` for a match too long.
        """
        match = self._regex.search(text)
        if match is None:
            return text
        parts = self._parts(replacement)
        out: list[str] = []
        behind = position = 0
        while match is not None:
            start, end = match[0] or (0, 0)
            out += (
                text[behind:start],
                *(part if isinstance(part, str) else _group(text, match, part) for part in parts),
            )
            behind = end
            position = end if end > start else end + 1
            match = self._regex.search(text, position) if position <= len(text) else None
        return "".join((*out, text[behind:]))

    def _parts(self, replacement: str) -> list[str | int]:
        """Literal texts and numbers of groups."""
        parts: list[str | int] = []
        position = 0
        while position < len(replacement):
            char = replacement[position]
            if char == "\\":
                if position + 1 == len(replacement):
                    raise RegexSyntaxError("the replacement ends in a backslash")
                parts.append(replacement[position + 1])
                position += 2
            elif char == "$":
                number, position = self._reference(replacement, position + 1)
                parts.append(number)
            else:
                parts.append(char)
                position += 1
        return parts

    def _reference(self, replacement: str, position: int) -> tuple[int, int]:
        if replacement[position : position + 1] == "{":
            end = replacement.find("}", position)
            name = replacement[position + 1 : end]
            if end < 0 or name not in self._regex.names:
                raise RegexSyntaxError(f"the replacement refers to a group `{name}` that the pattern lacks")
            return self._regex.names[name][0], end + 1
        if not replacement[position : position + 1].isdecimal():
            raise RegexSyntaxError("the replacement has a `$` without a group behind it")
        number = int(replacement[position])
        if number > self._regex.groups:
            raise RegexSyntaxError(
                f"the replacement refers to group {number}, and the pattern has {self._regex.groups}"
            )
        position += 1
        # Java takes further digits as long as there is such a group
        while replacement[position : position + 1].isdecimal():
            longer = number * 10 + int(replacement[position])
            if longer > self._regex.groups:
                break
            number, position = longer, position + 1
        return number, position


def _group(text: str, match: Captures, number: int) -> str:
    span = match[number]
    return "" if span is None else text[span[0] : span[1]]
