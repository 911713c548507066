"""Instants as epoch milliseconds: Elasticsearch's date format, date math and rounding.

The format is `strict_date_optional_time||epoch_millis`. A text that leaves parts out (`2024-05-01`, `now/d`,
`2024-01-01||/M`) stands for a stretch of time; `round_up` picks its last millisecond instead of its first. A month or
day that is left out is the first, so that `2024-05` stands for the first day of May. Ranges
round so that the whole stretch lies on the right side of the operator: see `bound`.
"""

import calendar
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache, partial

__all__ = ["REFERENCE_TIME", "bound", "format_instant", "parse_date", "parse_duration", "parse_zone", "resolve"]

REFERENCE_TIME = 1_767_268_800_000
"""What `now` is where no caller says otherwise: 2026-01-01T12:00:00.000Z. Never the clock."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_UNIT_MILLISECONDS = {
    "ms": 1,
    "s": 1_000,
    "m": 60_000,
    "h": 3_600_000,
    "H": 3_600_000,
    "d": 86_400_000,
    "w": 604_800_000,
}

_INSTANT = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?"
    r"(?:T(?:(?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?)?)?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_EPOCH_MILLISECONDS = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_STEP = re.compile(r"(?P<operator>[+-])(?P<count>\d{0,9})(?P<unit>[yMwdhHms])|/(?:0*1)?(?P<round>[yMwdhHms])", re.ASCII)
_OFFSET = re.compile(r"(?:(?:UTC|GMT|UT)(?=[+-]|$))?(?:([+-])(\d\d?)(?::?(\d\d))?)?", re.ASCII)
_DURATION = re.compile(r"(?P<count>\d{1,12})(?P<unit>ms|[smhdw])", re.ASCII)


def parse_duration(text: str) -> int | None:
    """The milliseconds of `30s`, `5m`, `9h`, `2d`; None when the text is no duration."""
    match = _DURATION.fullmatch(text)
    return int(match["count"]) * _UNIT_MILLISECONDS[match["unit"]] if match else None


def parse_zone(text: str) -> tzinfo | None:
    """A time zone by its offset (`+01:00`, `UTC-5`) or its name (`Europe/Paris`); None where there is none such."""
    if text == "Z":
        return UTC
    offset = _OFFSET.fullmatch(text) if text else None
    if offset is not None:
        if offset[1] is None:
            return UTC
        distance = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(-distance if offset[1] == "-" else distance) if distance <= timedelta(hours=18) else None
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # no such name, or no name of a zone
        return None


@lru_cache(maxsize=65_536)
def parse_date(text: str) -> int | None:
    """The epoch milliseconds of a date text, parts left out being their first; None when it is no date."""
    return _parse(text, round_up=False)


def resolve(text: str, *, now: int, round_up: bool = False, zone: tzinfo = UTC) -> int | None:
    """The instant of a date, or of date math on `now` or on a date (`now-5m/d`, `2024-01-01||+1M`); None if neither.

    `zone` is that of a date without one, and of the days and months that date math rounds to.
    """
    if text.startswith("now"):
        anchor: int | None = now
        steps = text[3:]
    else:
        date, _, steps = text.partition("||")
        anchor = _parse(date, round_up=round_up and not steps, zone=zone)
    if anchor is None:
        return None
    try:
        return _apply(anchor, steps, round_up=round_up, zone=zone)
    except (OverflowError, ValueError):  # a date beyond year 1 to 9999
        return None


def bound(text: str, operator: str, *, now: int, zone: tzinfo = UTC) -> int | None:
    """The bound of a range: `>` and `<=` take the last millisecond of the stretch, `>=` and `<` its first."""
    return resolve(text, now=now, round_up=operator in {">", "<="}, zone=zone)


def format_instant(instant: int) -> str:
    """ISO 8601 in UTC with milliseconds, as Elasticsearch prints a date."""
    moment = _EPOCH + instant * _MILLISECOND
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{instant % 1000:03d}Z" if moment.year > 999 else moment.isoformat()


def _parse(text: str, *, round_up: bool, zone: tzinfo = UTC) -> int | None:
    match = _INSTANT.fullmatch(text)
    if match is None:
        return int(float(text)) if len(text) < 20 and _EPOCH_MILLISECONDS.fullmatch(text) else None
    try:
        start = _start_of(match, zone)
        if not round_up or match["fraction"] is not None:
            return _instant(start)
        named = [unit for group, unit in _PARTS.items() if match[group] is not None]
        return _instant(_ENDS[named[-1] if named else "d"](start)) - 1
    except (OverflowError, ValueError):  # no such day, hour or zone
        return None


_PARTS = {"hour": "h", "minute": "m", "second": "s"}
"""The parts that are rounded up where they are left out; a month or day that is left out is always the first."""


def _start_of(match: re.Match[str], zone: tzinfo) -> datetime:
    fraction = (match["fraction"] or "").ljust(3, "0")[:3]
    return datetime(
        int(match["year"]),
        int(match["month"] or 1),
        int(match["day"] or 1),
        int(match["hour"] or 0),
        int(match["minute"] or 0),
        int(match["second"] or 0),
        int(fraction) * 1000,
        tzinfo=_zone(match["zone"]) if match["zone"] else zone,
    )


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:]) if len(text) > 3 else 0
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def _instant(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _apply(anchor: int, steps: str, *, round_up: bool, zone: tzinfo) -> int | None:
    moment, position = (_EPOCH + anchor * _MILLISECOND).astimezone(zone), 0
    while position < len(steps):
        match = _STEP.match(steps, position)
        if match is None:
            return None
        if match["round"]:
            moment = _STARTS[match["round"]](moment)
            if round_up:
                moment = _ENDS[match["round"]](moment) - _MILLISECOND
        else:
            count = int(match["count"] or 1)
            moment = _shift(moment, count if match["operator"] == "+" else -count, match["unit"])
        position = match.end()
    return _instant(moment)


def _shift(moment: datetime, count: int, unit: str) -> datetime:
    if unit in {"d", "w"}:  # of the calendar: such a day can have 23 hours
        return moment + count * timedelta(milliseconds=_UNIT_MILLISECONDS[unit])
    if unit not in {"y", "M"}:
        later = moment.astimezone(UTC) + count * timedelta(milliseconds=_UNIT_MILLISECONDS[unit])
        return later.astimezone(moment.tzinfo)
    months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    return moment.replace(year=year, month=month + 1, day=min(moment.day, calendar.monthrange(year, month + 1)[1]))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


_STARTS: dict[str, Callable[[datetime], datetime]] = {
    "y": lambda moment: _midnight(moment).replace(month=1, day=1),
    "M": lambda moment: _midnight(moment).replace(day=1),
    "w": lambda moment: _midnight(moment) - timedelta(days=moment.weekday()),
    "d": _midnight,
    "h": lambda moment: moment.replace(minute=0, second=0, microsecond=0),
    "H": lambda moment: moment.replace(minute=0, second=0, microsecond=0),
    "m": lambda moment: moment.replace(second=0, microsecond=0),
    "s": lambda moment: moment.replace(microsecond=0),
}
"""Unit of rounding -> the first millisecond of the stretch that holds a moment."""

_ENDS: dict[str, Callable[[datetime], datetime]] = {unit: partial(_shift, count=1, unit=unit) for unit in _STARTS}
"""Unit -> the first millisecond after the stretch that begins at a moment."""
