"""Case-insensitive comparison: Unicode simple folding, one character to one character (semantics B1).

Folding keeps the length of a text, so offsets in the folded text are offsets in the text.
"""

from functools import cache

__all__ = ["case_variants", "fold_case"]


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


# The blocks that hold every character with a case; a test compares them with all of Unicode
_CASED_BLOCKS = (
    (0x0041, 0x058F),
    (0x10A0, 0x10FF),
    (0x13A0, 0x13FF),
    (0x1C80, 0x1CBF),
    (0x1D79, 0x1D8E),
    (0x1E00, 0x1FFF),
    (0x2126, 0x2184),
    (0x24B6, 0x24E9),
    (0x2C00, 0x2D2F),
    (0xA640, 0xA7FF),
    (0xAB53, 0xABBF),
    (0xFB05, 0xFB06),
    (0xFF21, 0xFF5A),
    (0x10400, 0x104FB),
    (0x10570, 0x105BC),
    (0x10C80, 0x10CF2),
    (0x118A0, 0x118DF),
    (0x16E40, 0x16E7F),
    (0x1E900, 0x1E943),
)


@cache
def _variants() -> dict[str, str]:
    """Folded character -> all characters that fold to it, itself included; only where there are several."""
    groups: dict[str, str] = {}
    for first, last in _CASED_BLOCKS:
        for char in map(chr, range(first, last + 1)):
            folded = fold_case(char)
            if folded != char:
                groups[folded] = groups.get(folded, folded) + char
    return groups


def case_variants(char: str) -> str:
    """The characters that are equal to `char` but for case, itself included."""
    folded = fold_case(char)
    return _variants().get(folded, folded)
