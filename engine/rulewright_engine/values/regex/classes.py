"""The sets of characters that names and escapes stand for."""

import string
import unicodedata
from collections.abc import Callable
from functools import cache

from rulewright_engine.values.case_folding import case_variants
from rulewright_engine.values.patterns.characters import (
    ANY,
    DIGIT,
    WORD,
    CharacterSet,
    of,
    union,
)

__all__ = [
    "HEX",
    "HORIZONTAL_SPACE",
    "JAVA_SPACE",
    "VERTICAL_SPACE",
    "property_set",
    "swap_ascii_case",
    "unicode_set",
    "with_variants",
]

HEX = of("0123456789abcdefABCDEF")
JAVA_SPACE = of(" \t\n\x0b\f\r")
HORIZONTAL_SPACE = union((*of(" \t\xa0\u1680\u180e\u202f\u205f\u3000"), (0x2000, 0x200A)))
VERTICAL_SPACE = of("\n\x0b\f\r\x85\u2028\u2029")

_ASCII_NAMES: dict[str, CharacterSet] = {
    "lower": of(string.ascii_lowercase),
    "upper": of(string.ascii_uppercase),
    "ascii": ((0, 0x7F),),
    "alpha": of(string.ascii_letters),
    "digit": DIGIT,
    "alnum": of(string.ascii_letters + string.digits),
    "punct": of(string.punctuation),
    "graph": ((0x21, 0x7E),),
    "print": ((0x20, 0x7E),),
    "blank": of(" \t"),
    "cntrl": ((0, 0x1F), (0x7F, 0x7F)),
    "xdigit": HEX,
    "space": JAVA_SPACE,
    "word": WORD,
}

_UNICODE_TESTS: dict[str, Callable[[str], bool]] = {
    "alphabetic": lambda char: char.isalpha() or unicodedata.category(char) == "Nl",
    "alpha": lambda char: char.isalpha() or unicodedata.category(char) in ("Nl", "Mn", "Mc"),
    "alnum": lambda char: char.isalpha() or unicodedata.category(char) in ("Nl", "Mn", "Mc", "Nd"),
    "digit": lambda char: unicodedata.category(char) == "Nd",
    "letter": str.isalpha,
    "lower": str.islower,
    "lowercase": str.islower,
    "upper": str.isupper,
    "uppercase": str.isupper,
    "titlecase": lambda char: unicodedata.category(char) == "Lt",
    "punct": lambda char: unicodedata.category(char)[0] == "P",
    "punctuation": lambda char: unicodedata.category(char)[0] == "P",
    "space": lambda char: char.isspace() and not "\x1c" <= char <= "\x1f",
    "white_space": lambda char: char.isspace() and not "\x1c" <= char <= "\x1f",
    "ideographic": lambda char: unicodedata.name(char, "").startswith("CJK UNIFIED"),
    "word": lambda char: char.isalnum() or unicodedata.category(char) in ("Pc", "Mn", "Mc", "Me", "Nl"),
}

_SCRIPTS = {
    "latin": "LATIN ",
    "greek": "GREEK ",
    "cyrillic": "CYRILLIC ",
    "hebrew": "HEBREW ",
    "arabic": "ARABIC ",
    "han": "CJK ",
    "hiragana": "HIRAGANA ",
    "katakana": "KATAKANA ",
    "hangul": "HANGUL ",
    "thai": "THAI ",
}

_SCANNED = 0x20000
"""Planes that hold assigned letters of current scripts; what lies beyond belongs to no class here."""


@cache
def unicode_set(name: str) -> CharacterSet | None:
    """The characters of a Unicode class, general category or script by its name in lower case, or None."""
    test = _UNICODE_TESTS.get(name)
    if test is None and name in _SCRIPTS:
        prefix = _SCRIPTS[name]
        return _scan(lambda char: char.isalpha() and unicodedata.name(char, "").startswith(prefix))
    if test is None and 1 <= len(name) <= 2 and name[0] in "lmnpsz":
        category = name.capitalize()
        return _scan(lambda char: unicodedata.category(char).startswith(category))
    return None if test is None else _scan(test)


def _scan(test: Callable[[str], bool]) -> CharacterSet:
    return union((code, code) for code in range(_SCANNED) if test(chr(code)))


def property_set(name: str, *, ascii_names: bool) -> CharacterSet | None:
    """`\\p{name}` or `[:name:]`; `ascii_names` keeps the POSIX names to ASCII, as Java does."""
    key = name.lower()
    if key in ("any", "all"):
        return ANY
    if ascii_names and key in _ASCII_NAMES:
        return _ASCII_NAMES[key]
    for prefix in ("is", "in", "java", "script=", "sc=", "general_category=", "gc="):
        if key.startswith(prefix) and len(key) > len(prefix):
            return unicode_set(key.removeprefix(prefix))
    return unicode_set(key) or _ASCII_NAMES.get(key)


def swap_ascii_case(characters: CharacterSet) -> CharacterSet:
    """The set with both cases of each ASCII letter in it."""
    added = []
    for first, last in characters:
        for low, high, shift in ((0x41, 0x5A, 32), (0x61, 0x7A, -32)):
            if max(first, low) <= min(last, high):
                added.append((max(first, low) + shift, min(last, high) + shift))
    return union((*characters, *added)) if added else characters


def with_variants(characters: CharacterSet) -> CharacterSet:
    """The set with every case variant of its members, by Unicode's simple folding."""
    added = (ord(v) for first, last in characters for code in range(first, last + 1) for v in case_variants(chr(code)))
    return union((*characters, *((code, code) for code in added)))
