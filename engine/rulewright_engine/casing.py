"""Case-insensitive comparison: Unicode simple folding, one character to one character (semantics B1).

Folding keeps the length of a text, so offsets in the folded text are offsets in the text.
"""

__all__ = ["fold_case"]


class _SimpleFolding(dict[int, int]):
    """`str.translate` table that is filled as characters are met."""

    def __missing__(self, code: int) -> int:
        folded = code
        for form in (chr(code).casefold(), chr(code).lower()):  # full folding first: most characters fold to one
            if len(form) == 1:
                folded = ord(form)
                break
        self[code] = folded
        return folded


_FOLDING = _SimpleFolding()


def fold_case(text: str) -> str:
    """The text with every character folded; two texts are equal but for case when this is equal."""
    return text.lower() if text.isascii() else text.translate(_FOLDING)
