"""Sets of characters: sorted, disjoint, not adjacent, inclusive ranges of code points."""

from collections.abc import Iterable

__all__ = ["ANY", "DIGIT", "SPACE", "WORD", "CharacterSet", "complement", "contains", "of", "union"]

CharacterSet = tuple[tuple[int, int], ...]

_LAST = 0x10FFFF
ANY: CharacterSet = ((0, _LAST),)


def union(ranges: Iterable[tuple[int, int]]) -> CharacterSet:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(merged)


def of(text: str) -> CharacterSet:
    return union((ord(char), ord(char)) for char in text)


def complement(characters: CharacterSet) -> CharacterSet:
    gaps: list[tuple[int, int]] = []
    start = 0
    for first, last in characters:
        if start < first:
            gaps.append((start, first - 1))
        start = last + 1
    if start <= _LAST:
        gaps.append((start, _LAST))
    return tuple(gaps)


def contains(characters: CharacterSet, code: int) -> bool:
    return any(first <= code <= last for first, last in characters)


DIGIT = of("0123456789")
SPACE = of(" \t\n\r")
WORD = union(((ord("0"), ord("9")), (ord("A"), ord("Z")), (ord("_"), ord("_")), (ord("a"), ord("z"))))
