"""Texts that a fuzzy test takes for its own, those first that are hard to tell apart at a glance."""

from collections.abc import Iterator

from rulewright_engine.ir.expression import MatchesFuzzy
from rulewright_engine.values.patterns import compile_fuzzy

__all__ = ["typos"]

_LOOK_ALIKES = {pair[0]: pair[1] for pair in ("o0", "l1", "il", "0o", "1l", "e3", "a4", "s5")}
"""The best to mistake first."""


def typos(test: MatchesFuzzy) -> Iterator[str]:
    """With one edit, then with more, last without any."""
    holds = compile_fuzzy(test.text, test.edits, test.prefix_length, test.transpositions)
    kept, rest = test.text[: test.prefix_length], test.text[test.prefix_length :]
    edited = [rest]
    for _ in range(test.edits):
        edited = [typo for text in edited[:2] for typo in _edited(text)]
        yield from (kept + typo for typo in edited if holds(kept + typo))
    yield test.text


def _edited(text: str) -> Iterator[str]:
    """One edit each, before a file's extension: a look-alike, a swap, a character twice, and one less."""
    stem, dot, extension = text.rpartition(".")
    if not stem:
        stem, dot, extension = text, "", ""
    if (char := next((char for char in _LOOK_ALIKES if char in stem), "")) != "":
        yield text.replace(char, _LOOK_ALIKES[char], 1)
    middle = len(stem) // 2
    head, pair, tail = stem[: max(middle - 1, 0)], stem[max(middle - 1, 0) : middle + 1], stem[middle + 1 :]
    yield head + pair[::-1] + tail + dot + extension
    yield head + pair[:1] + pair + tail + dot + extension
    yield head + pair[1:] + tail + dot + extension
