"""The tokens of an analysed text: Elasticsearch's standard analyzer (Unicode word boundaries, then lower case).

Source: Unicode Standard Annex 29, rules WB4 to WB13, as Lucene's StandardTokenizer applies them: a token holds at
least one letter or digit, an ideograph is a token of its own, and 255 characters end a token.
"""

import re
import unicodedata
from enum import StrEnum

__all__ = ["tokens"]

MAX_TOKEN_LENGTH = 255
"""Characters of a token; the standard tokenizer splits longer ones there (`max_token_length`)."""

_ASCII = re.compile(r"_*[A-Za-z0-9](?:[A-Za-z0-9_]|(?<=[A-Za-z])[.:'](?=[A-Za-z])|(?<=[0-9])[.,;'](?=[0-9]))*")


def tokens(text: str) -> tuple[str, ...]:
    """The tokens of `text` in order, lower case."""
    if text.isascii():
        words = _ASCII.findall(text.lower())
    else:
        words = ["".join(_lower(char) for char in word) for word in _words(text)]
    if all(len(word) <= MAX_TOKEN_LENGTH for word in words):
        return tuple(words)
    return tuple(word[i : i + MAX_TOKEN_LENGTH] for word in words for i in range(0, len(word), MAX_TOKEN_LENGTH))


def _lower(char: str) -> str:
    """Lower case of one character by itself, as Java does it: never two characters."""
    lowered = char.lower()
    return lowered if len(lowered) == 1 else lowered[0]


class _CharacterKind(StrEnum):
    """The word-break properties that matter here."""

    LETTER = "letter"
    DIGIT = "digit"
    JOINER = "joiner"  # ExtendNumLet: `_` and its like
    KATAKANA = "katakana"
    IDEOGRAPH = "ideograph"  # a token each: Han, Hiragana
    MARK = "mark"  # Extend, Format: belongs to what stands before it
    OTHER = "other"


_MID_LETTER = frozenset(":·\u0387\u055f\u05f4\u2027\ufe13\ufe55\uff1a")
_MID_NUMBER = frozenset(",;\u037e\u0589\u060c\u060d\u066c\u07f8\u2044\ufe10\ufe14\ufe50\ufe54\uff0c\uff1b")
_MID_BOTH = frozenset(".'\u2018\u2019\u2024\ufe52\uff07\uff0e")
_BRIDGES = {_CharacterKind.LETTER: _MID_LETTER | _MID_BOTH, _CharacterKind.DIGIT: _MID_NUMBER | _MID_BOTH}
_ALPHANUMERIC = frozenset({_CharacterKind.LETTER, _CharacterKind.DIGIT, _CharacterKind.JOINER})
_SYLLABIC = frozenset({_CharacterKind.KATAKANA, _CharacterKind.JOINER})


def _kind(char: str) -> _CharacterKind:
    category = unicodedata.category(char)
    match category:
        case "Nd":
            return _CharacterKind.DIGIT
        case "Pc":
            return _CharacterKind.JOINER
        case "Mn" | "Mc" | "Me" | "Cf":
            return _CharacterKind.MARK
        case "Lo" | "Lm" | "Nl":
            return _kind_of_script(char)
        case _:
            return _CharacterKind.LETTER if category.startswith("L") else _CharacterKind.OTHER


def _kind_of_script(char: str) -> _CharacterKind:
    """Letters without case: scripts that are written without blanks break at each character."""
    name = unicodedata.name(char, "")
    if name.startswith(("CJK ", "HIRAGANA", "IDEOGRAPHIC")):
        return _CharacterKind.IDEOGRAPH
    if name.startswith(("KATAKANA", "HALFWIDTH KATAKANA")):
        return _CharacterKind.KATAKANA
    return _CharacterKind.LETTER


def _words(text: str) -> list[str]:
    kinds = [_kind(char) for char in text]
    words: list[str] = []
    start = 0
    while start < len(text):
        end = _end_of_word(text, kinds, start)
        if any(
            kind not in {_CharacterKind.JOINER, _CharacterKind.MARK, _CharacterKind.OTHER} for kind in kinds[start:end]
        ):
            words.append(text[start:end])
        start = end
    return words


def _end_of_word(text: str, kinds: list[_CharacterKind], start: int) -> int:
    """The end of the word that begins at `start`; one character where none does."""
    last = kinds[start]
    if last in {_CharacterKind.OTHER, _CharacterKind.MARK}:
        return start + 1
    end = _past_marks(kinds, start + 1)
    while end < len(text):
        kind = kinds[end]
        if {last, kind} <= _ALPHANUMERIC or {last, kind} <= _SYLLABIC:
            last, end = kind, _past_marks(kinds, end + 1)
            continue
        beyond = _past_marks(kinds, end + 1)
        if text[end] not in _BRIDGES.get(last, ()) or beyond == len(text) or kinds[beyond] is not last:
            break
        end = _past_marks(kinds, beyond + 1)
    return end


def _past_marks(kinds: list[_CharacterKind], position: int) -> int:
    while position < len(kinds) and kinds[position] is _CharacterKind.MARK:
        position += 1
    return position
