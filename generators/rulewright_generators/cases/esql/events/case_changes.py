"""What a test of a text in one case asks of the text as it was: `TO_LOWER(x) == "nc"` asks `x` to be nc in any case."""

from collections.abc import Callable, Iterator

from rulewright_engine.ir.expression import Constant, Equals, Exists, MatchesGlob, MatchesRegex, Test
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["before_case_changed"]

Fold = Callable[[str], str]

_NEVER = Constant(False)
_CLASSES = frozenset("wWdDsS")
"""Letters behind a backslash that stand for kinds of characters, each with both cases of a letter or none."""


def before_case_changed(test: Test, fold: Fold) -> Test | Constant | None:
    """The test of the text as it was; false where no text can meet it, None where that is not known exactly."""
    match test:
        case Exists():
            return test
        case Equals(str(text)):
            return Equals(text, insensitive=True) if fold(text) == text else _NEVER
        case MatchesGlob(parts):
            texts = [part for part in parts if not isinstance(part, Wild)]
            return MatchesGlob(parts, insensitive=True) if all(fold(text) == text for text in texts) else _NEVER
        case MatchesRegex(pattern):
            pieces = list(_in_both_cases(pattern, fold))
            return None if None in pieces else MatchesRegex("".join(map(str, pieces)), insensitive=True)
        case _:
            return None


def _in_both_cases(pattern: str, fold: Fold) -> Iterator[str | None]:
    """The pieces of a pattern that ignores case, but for classes of characters, which are written in both cases; None
    for one whose meaning is not certain."""
    position = 0
    while position < len(pattern):
        char = pattern[position]
        size = 1
        if char == "\\":
            size = 2
            after = pattern[position + 1 : position + 2]
            yield char + after if after in _CLASSES or not after.isalpha() else None
        elif char == "[":
            size = max(pattern.find("]", position + 2) + 1 - position, 1)
            yield _class_in_both_cases(pattern[position : position + size], fold)
        else:
            yield char if char != '"' and fold(char) == char else None
        position += size


def _class_in_both_cases(text: str, fold: Fold) -> str | None:
    """`[0-9a-f]` as `[0-9a-fA-F]`; None for anything but letters and digits, one by one or as ranges of one kind."""
    if not text.endswith("]"):
        return None
    body = text[1:-1].removeprefix("^")
    lead = text[: len(text) - 1 - len(body)]
    added, rest = "", body
    while rest:
        first, last = (rest[0], rest[2]) if len(rest) > 2 and rest[1] == "-" else (rest[0], rest[0])
        piece, rest = (rest[:3], rest[3:]) if last != first or rest[1:2] == "-" else (rest[:1], rest[1:])
        if not piece.isascii() or first in "\\-[]^":
            return None
        if first.isalpha() and last.isalpha() and fold(piece) == piece:
            added += piece.swapcase()
        elif first.isalpha() or last.isalpha() or not (first == last or (first.isdigit() and last.isdigit())):
            return None
    return f"{lead}{body}{added}]"
