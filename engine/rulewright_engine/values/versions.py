"""The order of Elasticsearch's `version` type: semantic versions by precedence, anything else after them as text."""

import re

__all__ = ["version_key"]

_IDENTIFIER = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION = re.compile(
    rf"((?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*)(?:-({_IDENTIFIER}(?:\.{_IDENTIFIER})*))?(\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?",
    re.ASCII,
)


def version_key(text: str) -> tuple[object, ...]:
    """A key that orders versions; keys of two texts are equal only if the texts are."""
    found = _VERSION.fullmatch(text) if len(text) < 4000 else None
    if found is None:
        return (1, text)
    main, pre_release, build = found.groups()
    numbers = tuple(map(int, main.split(".")))
    return (0, numbers, pre_release is None, tuple(map(_identifier, (pre_release or "").split("."))), build or "")


def _identifier(text: str) -> tuple[int, int, str]:
    """Numbers come before words."""
    return (0, int(text), "") if text.isdigit() else (1, 0, text)
