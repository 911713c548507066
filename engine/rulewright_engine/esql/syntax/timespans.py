"""Spans of time: periods of the calendar (days, months) and durations of the clock (milliseconds)."""

import re
from dataclasses import dataclass

__all__ = ["MAX_AMOUNT_DIGITS", "UNITS", "Duration", "Period", "TimeAmount", "make_span", "parse_span"]


@dataclass(frozen=True, slots=True)
class Period:
    """`1 month`, `2 weeks`: how long it is depends on the date that it is added to."""

    months: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Duration:
    """`5 minutes`, in milliseconds."""

    milliseconds: int


TimeAmount = Period | Duration

_DURATIONS = {"millisecond": 1, "second": 1_000, "minute": 60_000, "hour": 3_600_000}
_DAYS = {"day": 1, "week": 7}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_ABBREVIATIONS = {
    "ms": "millisecond",
    "s": "second",
    "sec": "second",
    "m": "minute",
    "min": "minute",
    "h": "hour",
    "d": "day",
    "w": "week",
    "mo": "month",
    "q": "quarter",
    "y": "year",
    "yr": "year",
}

UNITS: dict[str, str] = {
    **{name: name for names in (_DURATIONS, _DAYS, _MONTHS) for name in names},
    **{f"{name}s": name for names in (_DURATIONS, _DAYS, _MONTHS) for name in names},
    **_ABBREVIATIONS,
}
"""How a unit may be written -> the unit. Here `m` is a minute; in `date_diff` it is a month."""


MAX_AMOUNT_DIGITS = 10
"""Digits of an amount of time: what fits in 64 bits as milliseconds of any unit."""

_AMOUNT = re.compile(rf"[+-]?[0-9]{{1,{MAX_AMOUNT_DIGITS}}}")


def make_span(amount: int, unit: str) -> TimeAmount:
    """The span of `amount` times `unit`, a key of UNITS."""
    name = UNITS[unit]
    if name in _DURATIONS:
        return Duration(amount * _DURATIONS[name])
    return Period(months=amount * _MONTHS.get(name, 0), days=amount * _DAYS.get(name, 0))


def parse_span(text: str) -> TimeAmount | None:
    """The span that a text such as `5 minutes` names, or None."""
    amount, _, unit = text.strip().partition(" ")
    unit = unit.strip().lower()
    if unit not in UNITS or not _AMOUNT.fullmatch(amount):
        return None
    return make_span(int(amount), unit)
