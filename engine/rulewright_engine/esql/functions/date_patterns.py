"""Java's date patterns (`yyyy-MM-dd HH:mm:ss`), to write instants and to read them. UTC and English only."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rulewright_engine.esql.functions.instants import (
    Civil,
    civil,
    date_text,
    from_civil,
)
from rulewright_engine.values.dates import parse_date

__all__ = ["DAYS", "MONTHS", "DatePattern", "PatternError", "compile_pattern", "day_of_week", "day_of_year", "iso_week"]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DEFAULTS = frozenset({"strict_date_optional_time", "date_optional_time", "iso8601", "strict_date_time", "date_time"})
_NAMED = {
    "basic_date": "yyyyMMdd",
    "date": "yyyy-MM-dd",
    "strict_date": "yyyy-MM-dd",
    "date_hour_minute_second": "yyyy-MM-dd'T'HH:mm:ss",
    "strict_date_hour_minute_second": "yyyy-MM-dd'T'HH:mm:ss",
    "strict_year": "yyyy",
    "year": "yyyy",
    "strict_year_month": "yyyy-MM",
    "year_month": "yyyy-MM",
    "hour_minute_second": "HH:mm:ss",
    "strict_hour_minute_second": "HH:mm:ss",
    "basic_date_time_no_millis": "yyyyMMdd'T'HHmmssXX",
    "date_time_no_millis": "yyyy-MM-dd'T'HH:mm:ssXX",
    "strict_date_time_no_millis": "yyyy-MM-dd'T'HH:mm:ssXX",
}


class PatternError(Exception):
    """The text is no date pattern; the message says why."""


@dataclass(frozen=True, slots=True)
class DatePattern:
    """`parse` gives None for a text that does not fit."""

    format: Callable[[int], str]
    parse: Callable[[str], int | None]


@lru_cache(maxsize=256)
def compile_pattern(text: str) -> DatePattern:
    """Raises `PatternError`."""
    if text in _DEFAULTS:
        return DatePattern(date_text, _parse_default)
    if text in ("epoch_millis", "epoch_second"):
        scale = 1 if text == "epoch_millis" else 1_000
        return DatePattern(lambda instant: str(instant // scale), lambda text: _parse_epoch(text, scale))
    alternatives = [_compile(_NAMED.get(part, part)) for part in text.split("||")]
    return DatePattern(
        alternatives[0].format,
        lambda text: next((found for each in alternatives if (found := each.parse(text)) is not None), None),
    )


def _parse_default(text: str) -> int | None:
    return None if re.fullmatch(r"-?[0-9]+", text) and len(text) != 4 else parse_date(text)


def _parse_epoch(text: str, scale: int) -> int | None:
    return int(text) * scale if re.fullmatch(r"-?[0-9]{1,18}", text) else None


_TOKEN = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")


def _compile(pattern: str) -> DatePattern:
    writers: list[Callable[[Civil], str]] = []
    reader = ""
    letters: list[str] = []
    position = 0
    while position < len(pattern):
        match = _TOKEN.match(pattern, position)
        if match is None:
            raise PatternError("a quote is not closed")
        position = match.end()
        if match[2] is None:
            literal = match[0] if match[1] is None else match[1].replace("''", "'") or "'"
            writers.append(_constant(literal))
            reader += re.escape(literal)
            continue
        letter, width = match[2], len(match[0])
        if letter not in _WRITERS:
            raise PatternError(f"`{match[0]}` stands for no part of a date")
        writers.append(_part(_WRITERS[letter], width))
        adjacent = pattern[position : position + 1].isalpha()
        reader += f"({_reader(letter, width, adjacent)})"
        letters.append(letter)
    regex = re.compile(reader, re.IGNORECASE)
    return DatePattern(
        lambda instant: "".join([write(civil(instant)) for write in writers]),
        lambda text: _read(regex, letters, text),
    )


def _constant(text: str) -> Callable[[Civil], str]:
    return lambda _: text


def _part(write: Callable[[Civil, int], str], width: int) -> Callable[[Civil], str]:
    return lambda at: write(at, width)


def day_of_week(at: Civil) -> int:
    """1 for Monday to 7 for Sunday."""
    return (from_civil(at.year, at.month, at.day) // 86_400_000 + 3) % 7 + 1


def day_of_year(at: Civil) -> int:
    return (from_civil(at.year, at.month, at.day) - from_civil(at.year, 1, 1)) // 86_400_000 + 1


def iso_week(at: Civil) -> tuple[int, int]:
    """Year and number of the week: weeks begin on Monday, the first holds 4 January."""
    thursday = civil(from_civil(at.year, at.month, at.day) + (4 - day_of_week(at)) * 86_400_000)
    return thursday.year, (day_of_year(thursday) - 1) // 7 + 1


def _number(value: int, width: int) -> str:
    return f"{value:0{width}d}"


def _year(year: int, width: int) -> str:
    return f"{year % 100:02d}" if width == 2 else _number(year, width)


def _month(at: Civil, width: int) -> str:
    return _number(at.month, width) if width < 3 else _named(MONTHS[at.month - 1], width)


def _named(name: str, width: int) -> str:
    return name[:3] if width == 3 else name if width == 4 else name[0]


def _weekday(at: Civil, width: int) -> str:
    return _named(DAYS[day_of_week(at) - 1], max(width, 3))


def _hour(at: Civil) -> int:
    return at.millisecond // 3_600_000


def _offset(zero: str) -> Callable[[Civil, int], str]:
    return lambda _, width: zero or ("+00" if width == 1 else "+00:00" if width == 3 else "+0000")


_WRITERS: dict[str, Callable[[Civil, int], str]] = {
    "y": lambda at, width: _year(at.year, width),
    "u": lambda at, width: _year(at.year, width),
    "Y": lambda at, width: _year(iso_week(at)[0], width),
    "w": lambda at, width: _number(iso_week(at)[1], width),
    "M": _month,
    "L": _month,
    "d": lambda at, width: _number(at.day, width),
    "D": lambda at, width: _number(day_of_year(at), width),
    "E": _weekday,
    "e": lambda at, width: _weekday(at, width) if width > 2 else _number(day_of_week(at), width),
    "Q": lambda at, width: _number((at.month + 2) // 3, width),
    "q": lambda at, width: _number((at.month + 2) // 3, width),
    "a": lambda at, width: "AM" if _hour(at) < 12 else "PM",
    "H": lambda at, width: _number(_hour(at), width),
    "k": lambda at, width: _number(_hour(at) or 24, width),
    "K": lambda at, width: _number(_hour(at) % 12, width),
    "h": lambda at, width: _number(_hour(at) % 12 or 12, width),
    "m": lambda at, width: _number(at.millisecond // 60_000 % 60, width),
    "s": lambda at, width: _number(at.millisecond // 1_000 % 60, width),
    "S": lambda at, width: f"{at.millisecond % 1_000:03d}".ljust(width, "0")[:width],
    "A": lambda at, width: _number(at.millisecond, width),
    "n": lambda at, width: _number(at.millisecond % 1_000 * 1_000_000, width),
    "G": lambda at, width: "AD" if at.year > 0 else "BC",
    "X": _offset("Z"),
    "x": _offset(""),
    "Z": lambda _, width: "+0000" if width < 4 else "GMT" if width == 4 else "Z",
    "z": lambda _, width: "Z",
    "V": lambda _, width: "Z",
    "O": lambda _, width: "GMT",
}

_ZONE = r"Z|GMT|UTC|[+-]\d\d(?::?\d\d)?"


def _reader(letter: str, width: int, adjacent: bool) -> str:
    if letter in "ML" and width > 2:
        return "|".join(name[:3] if width == 3 else name for name in MONTHS)
    if (letter in "Ee" and width > 2) or letter == "E":
        return "|".join(name[:3] if width < 4 else name for name in DAYS)
    if letter == "a":
        return "AM|PM"
    if letter == "G":
        return "AD|BC"
    if letter in "XxZzVO":
        return _ZONE
    if letter in "yuY":
        return r"\d{2}" if width == 2 else rf"\d{{{width}}}" if adjacent or width > 1 else r"\d{1,9}"
    return rf"\d{{{width}}}" if width > 1 or adjacent or letter == "S" else r"\d{1,2}" if letter != "D" else r"\d{1,3}"


def _read(regex: re.Pattern[str], letters: list[str], text: str) -> int | None:
    match = regex.fullmatch(text)
    if match is None:
        return None
    parts = dict(zip(letters, match.groups(), strict=True))
    year = _read_year(parts)
    month = _read_month(parts)
    day = int(parts.get("d") or 1)
    hour = _read_hour(parts)
    minute, second = int(parts.get("m") or 0), int(parts.get("s") or 0)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60):
        return None
    fraction = int((parts.get("S") or "0").ljust(3, "0")[:3])
    start = from_civil(year, month, day)
    if "D" in parts:
        start = from_civil(year, 1, 1) + (int(parts["D"]) - 1) * 86_400_000
    elif civil(start).day != day:
        return None
    return start + ((hour * 60 + minute) * 60 + second) * 1_000 + fraction - _read_zone(parts)


def _read_year(parts: dict[str, str]) -> int:
    text = parts.get("y") or parts.get("u") or parts.get("Y") or "1970"
    return 2000 + int(text) if len(text) == 2 else int(text)


def _read_month(parts: dict[str, str]) -> int:
    text = parts.get("M") or parts.get("L") or "1"
    if text.isdecimal():
        return int(text)
    return next(i for i, name in enumerate(MONTHS, 1) if name.lower().startswith(text.lower()))


def _read_hour(parts: dict[str, str]) -> int:
    if "h" in parts or "K" in parts:
        hour = int(parts.get("h") or parts["K"]) % 12
        return hour + 12 if (parts.get("a") or "AM").upper() == "PM" else hour
    return int(parts.get("H") or 0) if "k" not in parts else int(parts["k"]) % 24


def _read_zone(parts: dict[str, str]) -> int:
    text = next((parts[letter] for letter in "XxZzVO" if parts.get(letter)), "Z")
    if text[0] not in "+-":
        return 0
    minutes = int(text[1:3]) * 60 + (int(text[-2:]) if len(text) > 3 else 0)
    return minutes * 60_000 * (-1 if text[0] == "-" else 1)
