"""Lengths of time in milliseconds: from what rules write, to what rules write, and in words."""

import re

from rulewright_schema.wording import counted

__all__ = ["DEFAULT_FROM", "DEFAULT_INTERVAL", "DEFAULT_TO", "duration_ms", "duration_text", "offset_ms", "time_words"]

DEFAULT_FROM = "now-6m"
DEFAULT_TO = "now"
DEFAULT_INTERVAL = "5m"
"""What Kibana takes where a rule says nothing."""

SECOND = 1000
DAY = 24 * 60 * 60 * SECOND
# Months and years count as 30 and 365 days: enough to compare a window with an interval.
UNITS = {
    "s": SECOND,
    "m": 60 * SECOND,
    "h": 60 * 60 * SECOND,
    "H": 60 * 60 * SECOND,
    "d": DAY,
    "w": 7 * DAY,
    "M": 30 * DAY,
    "y": 365 * DAY,
}
DURATION = re.compile(r"(\d+)([smhHdwMy])")
OFFSET = re.compile(r"now((?:[+-]\d+[smhHdwMy])*)(?:/[smhHdwMy])?")
STEP = re.compile(r"([+-])(\d+)([smhHdwMy])")
WORDS = {"day": DAY, "hour": UNITS["h"], "minute": UNITS["m"], "second": SECOND, "millisecond": 1}
MAX_TIME_COUNT = 1000
"""From this number on, a length is told in several units: nobody sees that 7,205 minutes are five days."""


def duration_ms(text: str) -> int | None:
    """`5m` as milliseconds; None when it is not written like that."""
    match = DURATION.fullmatch(text)
    return int(match[1]) * UNITS[match[2]] if match else None


def offset_ms(text: str) -> int | None:
    """How far `now-6m` lies from now: -360000; rounding (`/d`) is left out. None when it is not date math."""
    match = OFFSET.fullmatch(text)
    if match is None:
        return None
    steps = STEP.findall(match[1])
    return sum((1 if sign == "+" else -1) * int(count) * UNITS[unit] for sign, count, unit in steps)


def duration_text(milliseconds: int) -> str:
    """A length as a rule writes it, in the largest unit that divides it.

    >>> duration_text(300_000), duration_text(5_400_000)
    ('5m', '90m')
    """
    for unit in ("d", "h", "m", "s"):
        if milliseconds and milliseconds % UNITS[unit] == 0:
            return f"{milliseconds // UNITS[unit]}{unit}"
    return f"{milliseconds}ms"


def time_words(milliseconds: int) -> str:
    """A length in words: in the largest unit that divides it, else in several.

    >>> time_words(300_000), time_words(90_000), time_words(432_300_001)
    ('5 minutes', '90 seconds', '5 days 5 minutes 1 millisecond')
    """
    unit, size = next((unit, size) for unit, size in WORDS.items() if milliseconds % size == 0)
    count = milliseconds // size
    if count < MAX_TIME_COUNT or unit == "day":
        return counted(count, unit if count else "second")
    parts, rest = [], milliseconds
    for name, length in WORDS.items():
        number, rest = divmod(rest, length)
        parts += [counted(number, name)] if number else []
    return " ".join(parts)
