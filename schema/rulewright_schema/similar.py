"""Words that a user may have meant."""

from collections.abc import Iterable

__all__ = ["nearest_of"]

SIMILAR = 0.75
"""The share of common characters (difflib's ratio) from which a word is worth a "did you mean"."""


def nearest_of(word: str, words: Iterable[str]) -> str | None:
    """The one of `words` that is most like `word`, whatever the case; the first of equals; None when none is close."""
    from difflib import get_close_matches  # imported late: only a mistake needs it

    folded: dict[str, str] = {}
    for candidate in words:
        folded.setdefault(candidate.casefold(), candidate)
    near = get_close_matches(word.casefold(), folded, 1, SIMILAR)
    return folded[near[0]] if near else None
