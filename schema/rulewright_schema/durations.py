"""Lengths of time as rules write them, in milliseconds."""

import re

__all__ = ["DEFAULT_FROM", "DEFAULT_INTERVAL", "DEFAULT_TO", "duration_ms", "offset_ms"]

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
