"""Texts that a pattern of GROK or DISSECT takes apart into given values."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from rulewright_engine.esql.functions.capture.captured import DissectPattern, GrokPattern, PartsPattern
from rulewright_engine.values.patterns.characters import CharacterSet, contains
from rulewright_engine.values.regex.dialects import JAVA
from rulewright_engine.values.regex.parser import Expression, parse
from rulewright_engine.values.regex.program import TooCostly
from rulewright_engine.values.regex.search import Regex
from rulewright_engine.values.regex.syntax import (
    Alternation,
    Anchor,
    Assertion,
    Atomic,
    Backreference,
    Characters,
    Group,
    Node,
    Repeat,
    Sequence,
    Where,
    children_of,
)

__all__ = ["beginning_of", "can_capture", "fill", "sample"]

ORDINARY = (
    "sample",
    "www.example.com",
    "https",
    "443",
    "alice",
    "192.0.2.25",
    "123456789012",
    "123456789012345678901234567890123456",
    "2026-01-01T11:55:00.000Z",
    "i-0a1b2c3d4e5f60718",
    "arn:aws:iam::123456789012:role/sample",
    "AKIAIOSFODNN7EXAMPLE",
    "example.com",
)
"""What a part of a text may be that nothing is asked of; the first that fits is taken."""

_PREFERRED = "axe01-. /_"


def fill(pattern: DissectPattern | GrokPattern | PartsPattern, wanted: Mapping[str, str]) -> str:
    """A text from which the pattern takes the wanted values; what it takes otherwise is ordinary."""
    if isinstance(pattern, PartsPattern):
        return pattern.join({name.removeprefix(f"{pattern.prefix}."): text for name, text in wanted.items()})
    if isinstance(pattern, DissectPattern):
        return _fill_dissect(pattern, wanted)
    names = {number: name for name, numbers in pattern.groups.items() for number in numbers}
    return _Filler(names, wanted).text(pattern.node)


def beginning_of(pattern: DissectPattern | GrokPattern | PartsPattern, text: str) -> dict[str, str]:
    """The first parts of a text that DISSECT would take if the rest of its pattern followed."""
    if not isinstance(pattern, DissectPattern) or not text.startswith(pattern.lead):
        return {}
    found: dict[str, str] = {}
    rest = text.removeprefix(pattern.lead)
    for key in pattern.keys:
        value, delimiter, rest = rest.partition(key.delimiter) if key.delimiter else (rest, "", "")
        if not delimiter:
            break
        found[key.name] = value
    return found


def sample(pattern: str) -> str:
    """A text that one of Java's regular expressions matches, more often than not."""
    return _Filler({}, {}).text(parse(pattern, JAVA).node)


def can_capture(pattern: DissectPattern | GrokPattern | PartsPattern, name: str, text: str) -> bool:
    """Whether the part of the pattern that makes the column `name` takes the text."""
    if isinstance(pattern, DissectPattern | PartsPattern):
        return True
    return any(_fits(group, text) for group in _groups(pattern.node) if group.number in pattern.groups.get(name, ()))


def _groups(node: Node) -> Iterator[Group]:
    if isinstance(node, Group):
        yield node
    for child in children_of(node):
        yield from _groups(child)


def _fits(node: Node, text: str) -> bool:
    """Whether a part of an expression matches the whole text."""
    try:
        return _whole(node).search(text) is not None
    except TooCostly:
        return False


@lru_cache(maxsize=256)
def _whole(node: Node) -> Regex:
    return Regex(Expression(Sequence((Anchor(Where.TEXT_START), node, Anchor(Where.TEXT_END))), 0))


def _fill_dissect(pattern: DissectPattern, wanted: Mapping[str, str]) -> str:
    text = pattern.lead
    for index, key in enumerate(pattern.keys):
        is_open_end = key.skipped and (index == 0 or index == len(pattern.keys) - 1)
        value = wanted.get(key.name, "" if is_open_end else "sample")
        text += value + key.delimiter
    return text


class _Filler:
    def __init__(self, names: Mapping[int, str], wanted: Mapping[str, str]) -> None:
        self.names = names
        self.wanted = wanted

    def text(self, node: Node) -> str:
        """A short text of the expression, with the wanted texts in their groups."""
        match node:
            case Characters(characters):
                return _character(characters)
            case Sequence(items):
                return "".join(map(self.text, items))
            case Alternation(branches):
                return self.text(next((each for each in branches if self._holds_wanted(each)), branches[0]))
            case Repeat(child, least):
                return self.text(child) * max(least, 1 if self._holds_wanted(child) else 0)
            case Group(child, number):
                name = self.names.get(number)
                if name is None:
                    return self.text(child)
                return self.wanted[name] if name in self.wanted else self._ordinary(child)
            case Atomic(child):
                return self.text(child)
            case Backreference() | Assertion() | Anchor():
                return ""

    def _holds_wanted(self, node: Node) -> bool:
        match node:
            case Group(child, number):
                return self.names.get(number) in self.wanted or self._holds_wanted(child)
            case Sequence(items):
                return any(map(self._holds_wanted, items))
            case Alternation(branches):
                return any(map(self._holds_wanted, branches))
            case Repeat(child) | Atomic(child):
                return self._holds_wanted(child)
            case _:
                return False

    def _ordinary(self, node: Node) -> str:
        return next((text for text in ORDINARY if _fits(node, text)), None) or self.text(node)


def _character(characters: CharacterSet) -> str:
    preferred = next((char for char in _PREFERRED if contains(characters, ord(char))), None)
    return preferred or (chr(characters[0][0]) if characters else "")
