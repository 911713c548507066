"""Globs: literal text with `*` (any run of characters) and `?` (one character).

For matching, a glob is cut at its `*` into segments: the first is anchored at the start, the last at the end, and each
one between is taken at the leftmost place where it fits, which is right because what remains only gets longer. So the
time is bounded by length of text times length of glob. For the solver, a glob is a bit-parallel automaton.
"""

import re
from collections.abc import Callable, Hashable, Sequence
from enum import StrEnum
from functools import lru_cache

from rulewright_engine.values.case_folding import case_variants, fold_case

__all__ = ["GlobAutomaton", "Wild", "compile_folded_glob", "compile_glob", "parse_glob"]


class Wild(StrEnum):
    """The wildcards of a glob. Each language has resolved its own escapes: what is not a `Wild` is literal text.

    A wildcard equals only itself, never the literal text `*`: globs are compared, and are keys of caches.
    """

    ANY = "*"  # any run of characters, also none
    ONE = "?"  # exactly one character

    def __eq__(self, other: object) -> bool:
        return self is other

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.value))


Matcher = Callable[[str], bool]


def parse_glob(text: str) -> tuple[str | Wild, ...]:
    """The parts of a text in which every `*` and `?` is a wildcard and nothing is escaped (EQL)."""
    parts = (part for part in re.split(r"([*?])", text) if part)
    return tuple(Wild(part) if part in ("*", "?") else part for part in parts)


@lru_cache(maxsize=16_384)
def compile_glob(parts: tuple[str | Wild, ...], insensitive: bool = False) -> Matcher:
    """A matcher of whole texts."""
    matcher = compile_folded_glob(parts, insensitive)
    return (lambda text: matcher(fold_case(text))) if insensitive else matcher


@lru_cache(maxsize=16_384)
def compile_folded_glob(parts: tuple[str | Wild, ...], insensitive: bool = False) -> Matcher:
    """A matcher of whole texts that are folded already, where the glob ignores case."""
    if insensitive:
        parts = tuple(part if isinstance(part, Wild) else fold_case(part) for part in parts)
    return _matcher(_segments(parts))


Segment = tuple[str | Wild, ...]


def _segments(parts: Sequence[str | Wild]) -> list[Segment]:
    """What stands between the `*`; n stars make n + 1 segments, which may be empty."""
    segments: list[list[str | Wild]] = [[]]
    for part in parts:
        if part is Wild.ANY:
            segments.append([])
        else:
            segments[-1].append(part)
    return [tuple(segment) for segment in segments]


def _matcher(segments: list[Segment]) -> Matcher:
    if any(part is Wild.ONE for segment in segments for part in segment):
        return _pattern_matcher(segments)
    texts = ["".join(segment) for segment in segments]
    if len(texts) == 1:
        whole = texts[0]
        return lambda text: text == whole
    prefix, *middle, suffix = texts
    return _text_matcher(prefix, [text for text in middle if text], suffix)


def _text_matcher(prefix: str, middle: list[str], suffix: str) -> Matcher:
    if not middle:
        return _ends_matcher(prefix, suffix)
    if not prefix and not suffix and len(middle) == 1:
        part = middle[0]
        return lambda text: part in text
    start, reserved = len(prefix), len(suffix)

    def match(text: str) -> bool:
        end = len(text) - reserved
        if end < start or not text.startswith(prefix) or not text.endswith(suffix):
            return False
        at = start
        for part in middle:
            found = text.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True

    return match


def _ends_matcher(prefix: str, suffix: str) -> Matcher:
    if not suffix:
        return lambda text: text.startswith(prefix)
    if not prefix:
        return lambda text: text.endswith(suffix)
    least = len(prefix) + len(suffix)
    return lambda text: len(text) >= least and text.startswith(prefix) and text.endswith(suffix)


def _pattern_matcher(segments: list[Segment]) -> Matcher:
    """Segments with `?`: each is searched by a regular expression without repetition, so nothing backtracks far."""
    first, *rest = [_pattern(segment) for segment in segments]
    if not rest:
        return lambda text: first.fullmatch(text) is not None
    *middle, last = rest
    reserved = sum(1 if part is Wild.ONE else len(part) for part in segments[-1])

    def match(text: str) -> bool:
        end = len(text) - reserved
        found = first.match(text)
        if found is None or found.end() > end or last.match(text, end) is None:
            return False
        at = found.end()
        for pattern in middle:
            found = pattern.search(text, at, end)
            if found is None:
                return False
            at = found.end()
        return True

    return match


def _pattern(segment: Segment) -> re.Pattern[str]:
    return re.compile("".join("." if part is Wild.ONE else re.escape(part) for part in segment), re.DOTALL)


class GlobAutomaton:
    """The texts that match a glob, as an automaton whose state is an int: see `automaton.Automaton`.

    The glob is a row of n elements, each one character or `?`; bit i of a state says that the first i elements are
    matched. A `*` lets a bit stay where it is.
    """

    __slots__ = ("_end", "_insensitive", "_masks", "_one", "_stars", "_steps", "cuts", "start")

    def __init__(self, parts: Sequence[str | Wild], *, insensitive: bool = False) -> None:
        self._insensitive = insensitive
        self._masks: dict[str, int] = {}  # character -> bits of the elements that take it
        self._one = self._stars = 0
        at = 0
        for part in parts:
            if part is Wild.ANY:
                self._stars |= 1 << at
            elif part is Wild.ONE:
                self._one |= 1 << at
                at += 1
            else:
                for char in fold_case(part) if insensitive else part:
                    self._masks[char] = self._masks.get(char, 0) | 1 << at
                    at += 1
        for char in self._masks:
            self._masks[char] |= self._one
        self._end = 1 << at
        self.start = 1
        known = [v for char in self._masks for v in (case_variants(char) if insensitive else char)]
        self.cuts = frozenset(cut for char in known for cut in (ord(char), ord(char) + 1))
        self._steps = {char: self._masks[fold_case(char)] for char in known} if insensitive else self._masks

    def step(self, state: int, char: str) -> int:
        return (state & self._steps.get(char, self._one)) << 1 | state & self._stars

    def accepts(self, state: int) -> bool:
        return state & self._end != 0

    def is_dead(self, state: int) -> bool:
        return state == 0

    def is_full(self, state: int) -> bool:
        return state & self._end & self._stars != 0

    def remaining(self, state: int) -> int:
        return self._end.bit_length() - state.bit_length()

    def classify(self, char: str) -> Hashable:
        key = fold_case(char) if self._insensitive else char
        return key if key in self._masks else None
