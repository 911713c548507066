"""DISSECT: keys between delimiters, matched exactly from the start of a text to its end.

`%{key}` takes what stands up to the next delimiter; `%{}` and `%{?key}` skip it; `%{+key}` appends to the key of the
same name, `%{+key/2}` in that order; `%{key->}` also skips a delimiter that repeats.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from rulewright_engine.esql.functions.capture.captured import (
    Captured,
    DissectKey,
    DissectPattern,
    PatternError,
)
from rulewright_engine.esql.functions.types import Type

__all__ = ["compile_dissect"]

_KEY = re.compile(r"%\{([^}]*)\}")
_MODIFIERS = re.compile(r"(?P<sign>[+?*&]?)(?P<name>.*?)(?:/(?P<order>[0-9]{1,9}))?(?P<padded>->)?", re.DOTALL)


def compile_dissect(pattern: str, separator: str = "") -> Captured:
    """Raises `PatternError`."""
    found = list(_KEY.finditer(pattern))
    if not found:
        raise PatternError("the pattern has no key", help="write keys like `%{name}` between the delimiters")
    ends = [match.start() for match in found[1:]] + [len(pattern)]
    keys = [_key(match[1], pattern[match.end() : end]) for match, end in zip(found, ends, strict=True)]
    lead = pattern[: found[0].start()]
    for key, following in pairwise(keys):
        if not key.delimiter:
            raise PatternError(
                f"nothing separates `%{{{key.name}}}` from `%{{{following.name}}}`", help="put the text between them"
            )
    names = dict.fromkeys(key.name for key in keys if not key.skipped)

    def extract(text: str) -> tuple[str | None, ...] | None:
        values = _match(text, lead, keys)
        return None if values is None else _combined(values, keys, tuple(names), separator)

    return Captured(dict.fromkeys(names, Type.KEYWORD), extract, DissectPattern(lead, tuple(keys)))


def _key(text: str, delimiter: str) -> DissectKey:
    match = _MODIFIERS.fullmatch(text)
    assert match is not None
    if match["sign"] in ("*", "&"):
        raise PatternError("a key that refers to another (`%{*key}`, `%{&key}`) makes no column", help="name the key")
    skipped = match["sign"] == "?" or not match["name"]
    return DissectKey(
        match["name"], skipped, match["sign"] == "+", int(match["order"] or 0), bool(match["padded"]), delimiter
    )


def _match(text: str, lead: str, keys: Sequence[DissectKey]) -> list[str] | None:
    if not text.startswith(lead):
        return None
    position = len(lead)
    values: list[str] = []
    for key in keys:
        end = text.find(key.delimiter, position) if key.delimiter else len(text)
        if end < 0:
            return None
        values.append(text[position:end])
        position = end + len(key.delimiter)
        while key.padded and key.delimiter and text.startswith(key.delimiter, position):
            position += len(key.delimiter)
    return values if position == len(text) else None


def _combined(values: list[str], keys: Sequence[DissectKey], names: tuple[str, ...], separator: str) -> tuple[str, ...]:
    parts: dict[str, list[tuple[int, str]]] = {name: [] for name in names}
    for key, value in zip(keys, values, strict=True):
        if key.skipped:
            continue
        if not key.appends:
            parts[key.name] = [part for part in parts[key.name] if part[0] > 0]
        parts[key.name].append((key.order, value))
    return tuple(separator.join(value for _, value in sorted(parts[name], key=lambda part: part[0])) for name in names)
