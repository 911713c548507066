"""Arithmetic with instants (epoch milliseconds) in UTC, for every year that a 64-bit number can name.

Truncation counts from 0001-01-01T00:00Z, a Monday, not from 1970: buckets of a length that does not divide a day begin
where Elasticsearch begins them.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rulewright_engine.esql.syntax.timespans import Duration, Period, TimeAmount

__all__ = ["DAY", "DIFFERENCES", "Civil", "add", "civil", "date_text", "difference", "from_civil", "negate", "truncate"]

DAY = 86_400_000
_YEAR_ONE = -719_162 * DAY


@dataclass(frozen=True, slots=True)
class Civil:
    """A date and time of day by the proleptic Gregorian calendar; `millisecond` is that of the day."""

    year: int
    month: int
    day: int
    millisecond: int


def civil(instant: int) -> Civil:
    days, millisecond = divmod(instant, DAY)
    year, month, day = _date(days)
    return Civil(year, month, day, millisecond)


def from_civil(year: int, month: int, day: int, millisecond: int = 0) -> int:
    return _days(year, month, day) * DAY + millisecond


def _date(days: int) -> tuple[int, int, int]:
    """Days since 1970 to year, month, day: years are counted from March so that leap days come last."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def _days(year: int, month: int, day: int) -> int:
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def add(instant: int, amount: TimeAmount) -> int:
    """The day of the month is cut to the length of the month that is reached."""
    if isinstance(amount, Duration):
        return instant + amount.milliseconds
    if amount.months:
        at = civil(instant)
        year, month = divmod(at.year * 12 + at.month - 1 + amount.months, 12)
        instant = from_civil(year, month + 1, min(at.day, _month_length(year, month + 1)), at.millisecond)
    return instant + amount.days * DAY


def negate(amount: TimeAmount) -> TimeAmount:
    if isinstance(amount, Duration):
        return Duration(-amount.milliseconds)
    return Period(-amount.months, -amount.days)


def truncate(instant: int, step: TimeAmount) -> int:
    """The start of the step that holds `instant`; a step is either months or days or a duration, and positive."""
    if isinstance(step, Period) and step.months:
        at = civil(instant)
        months = (at.year - 1) * 12 + at.month - 1
        year, month = divmod(months // step.months * step.months, 12)
        return from_civil(year + 1, month + 1, 1)
    width = step.milliseconds if isinstance(step, Duration) else step.days * DAY
    return _YEAR_ONE + (instant - _YEAR_ONE) // width * width


def _months_between(start: int, end: int) -> int:
    """Whole months from `start` to `end`, truncated towards zero."""
    first, last = civil(start), civil(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    behind_first, behind_last = (first.day, first.millisecond), (last.day, last.millisecond)
    if months > 0 and behind_last < behind_first:
        return months - 1
    return months + 1 if months < 0 and behind_last > behind_first else months


def _per(milliseconds: int) -> Callable[[int, int], int]:
    def between(start: int, end: int) -> int:
        return _towards_zero(end - start, milliseconds)

    return between


def _towards_zero(value: int, divisor: int) -> int:
    return value // divisor if value >= 0 else -(-value // divisor)


def _months(count: int) -> Callable[[int, int], int]:
    def between(start: int, end: int) -> int:
        return _towards_zero(_months_between(start, end), count)

    return between


_UNITS: dict[str, Callable[[int, int], int]] = {
    "year years yy yyyy": _months(12),
    "quarter quarters qq q": _months(3),
    "month months mm m": _months(1),
    "dayofyear dy y": _per(DAY),
    "day days dd d": _per(DAY),
    "week weeks wk ww": _per(7 * DAY),
    "weekday weekdays dw": _per(DAY),
    "hour hours hh": _per(3_600_000),
    "minute minutes mi n": _per(60_000),
    "second seconds ss s": _per(1_000),
    "millisecond milliseconds ms": _per(1),
    "microsecond microseconds mcs": lambda start, end: (end - start) * 1_000,
    "nanosecond nanoseconds ns": lambda start, end: (end - start) * 1_000_000,
}

DIFFERENCES: dict[str, Callable[[int, int], int]] = {
    name: between for names, between in _UNITS.items() for name in names.split()
}
"""The units of `date_diff`, in lower case. Here `m` is a month; in a time span it is a minute."""


def difference(unit: str, start: int, end: int) -> int:
    """Whole units from `start` to `end`, negative backwards; `unit` is a key of DIFFERENCES."""
    return DIFFERENCES[unit](start, end)


def date_text(instant: int) -> str:
    """ISO 8601 in UTC with milliseconds; years beyond 9999 with a sign."""
    at = civil(instant)
    second, millisecond = divmod(at.millisecond, 1_000)
    year = f"{at.year:04d}" if 0 <= at.year <= 9999 else f"{at.year:+05d}"
    return (
        f"{year}-{at.month:02d}-{at.day:02d}T{second // 3_600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        f".{millisecond:03d}Z"
    )
