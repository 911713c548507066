"""Functions of dates."""

import math
from collections.abc import Callable
from typing import Any

from rulewright_engine.esql.functions import instants
from rulewright_engine.esql.functions.date_patterns import (
    DAYS,
    MONTHS,
    DatePattern,
    PatternError,
    compile_pattern,
    day_of_week,
    day_of_year,
    iso_week,
)
from rulewright_engine.esql.functions.instants import DAY, Civil, civil
from rulewright_engine.esql.functions.registry import BadConstant, Binding, Failure, FunctionKind, declare, scalar
from rulewright_engine.esql.functions.traits import Given, Traits, Wish, the_same
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.esql.syntax.timespans import Duration, Period, TimeAmount
from rulewright_schema.similar import nearest_of

__all__ = ["is_positive"]

_INTEGER = range(-(2**31), 2**31)
_NANOS = 1_000_000


@declare("now", FunctionKind.SCALAR, "-> date")
def now(binding: Binding) -> Callable[[], int]:
    return lambda: binding.now


def is_positive(span: TimeAmount) -> bool:
    """Whether a span can be the width of buckets: longer than nothing, and of one unit."""
    if isinstance(span, Duration):
        return span.milliseconds > 0
    return (span.months > 0 and span.days == 0) or (span.days > 0 and span.months == 0)


@declare(
    "date_trunc",
    FunctionKind.SCALAR,
    "!span, date -> date",
    "!span, date_nanos -> date_nanos",
    traits=Traits(inverse=the_same, rounds_time=True),
)
def date_trunc(binding: Binding) -> Callable[[TimeAmount, int], int]:
    span = binding.constants[0]
    if span is not None and not is_positive(span):
        raise BadConstant(0, "the interval must be longer than nothing and of one unit")
    if binding.types[1] is Type.DATE_NANOS:
        return lambda span, instant: instants.truncate(instant // _NANOS, span) * _NANOS
    return lambda span, instant: instants.truncate(instant, span)


_LENGTHS = {"millisecond": 1, "second": 1_000, "minute": 60_000, "hour": 3_600_000, "day": DAY}


def _elapsed(call: Given, count: int) -> int | None:
    """The milliseconds of so many of the unit; None where it has no fixed length or is not known."""
    length = _LENGTHS.get(call.text(0, "").lower().rstrip("s"))
    return None if length is None else length * count


def _so_far_apart(call: Given, wanted: Any) -> tuple[Wish, ...]:
    """From the one time, if it is constant, to the other."""
    if not isinstance(wanted, int):
        return ()
    milliseconds = wanted * _LENGTHS.get(call.text(0, "second").lower().rstrip("s"), 1_000)
    if call.is_constant(2):
        return (Wish(1, call.constants[2] - milliseconds),)
    return (Wish(2, call.constants[1] + milliseconds),) if call.is_constant(1) else ()


@declare(
    "date_diff",
    FunctionKind.SCALAR,
    "string, instant, instant -> integer",
    traits=Traits(inverse=_so_far_apart, time_as_number=True, elapsed=_elapsed),
)
def date_diff(binding: Binding) -> Callable[[str, int, int], int]:
    unit = binding.constants[0]
    if isinstance(unit, str) and unit.lower() not in instants.DIFFERENCES:
        near = nearest_of(unit, instants.DIFFERENCES)
        known = "`seconds`, `minutes`, `hours`, `days`, `weeks`, `months`, `years` and their short forms"
        raise BadConstant(
            0, f"`{unit}` is no unit of date_diff", help=f"did you mean `{near}`?" if near else f"units are {known}"
        )
    scales = [_NANOS if type_ is Type.DATE_NANOS else 1 for type_ in binding.types[1:]]

    def run(unit: str, start: int, end: int) -> int:
        between = instants.DIFFERENCES.get(unit.lower())
        if between is None:
            raise Failure(f"`{unit}` is no unit of date_diff")
        result = between(start // scales[0], end // scales[1])
        if result not in _INTEGER:
            raise Failure(f"{result} is beyond the range of integer")
        return result

    return run


@declare("date_format", FunctionKind.SCALAR, "instant -> keyword", "string, instant -> keyword")
def date_format(binding: Binding) -> Callable[..., str]:
    scale = _NANOS if binding.types[-1] is Type.DATE_NANOS else 1
    if len(binding.types) == 1:
        return lambda instant: instants.date_text(instant // scale)
    _check_pattern(binding.constants[0])
    return lambda pattern, instant: _pattern(pattern).format(instant // scale)


@declare("date_parse", FunctionKind.SCALAR, "string -> date", "string, string -> date")
def date_parse(binding: Binding) -> Callable[..., int]:
    if len(binding.types) == 1:
        return lambda text: _parsed("strict_date_optional_time", text)
    _check_pattern(binding.constants[0])
    return _parsed


def _parsed(pattern: str, text: str) -> int:
    found = _pattern(pattern).parse(text)
    if found is None:
        raise Failure(f"`{text}` is no date in the format `{pattern}`")
    return found


def _check_pattern(constant: object) -> None:
    if isinstance(constant, str):
        try:
            compile_pattern(constant)
        except PatternError as error:
            raise BadConstant(0, f"`{constant}` is no date format: {error}") from error


def _pattern(text: str) -> DatePattern:
    try:
        return compile_pattern(text)
    except PatternError as error:
        raise Failure(f"`{text}` is no date format: {error}") from error


@scalar("day_name", "date -> keyword", traits=Traits(since="9.2"))
def day_name(instant: int) -> str:
    return DAYS[day_of_week(civil(instant)) - 1]


@scalar("month_name", "date -> keyword", traits=Traits(since="9.2"))
def month_name(instant: int) -> str:
    return MONTHS[civil(instant).month - 1]


_PARTS: dict[str, Callable[[Civil], int]] = {
    "aligned_day_of_week_in_month": lambda at: (at.day - 1) % 7 + 1,
    "aligned_day_of_week_in_year": lambda at: (day_of_year(at) - 1) % 7 + 1,
    "aligned_week_of_month": lambda at: (at.day - 1) // 7 + 1,
    "aligned_week_of_year": lambda at: (day_of_year(at) - 1) // 7 + 1,
    "ampm_of_day": lambda at: at.millisecond // (DAY // 2),
    "clock_hour_of_ampm": lambda at: at.millisecond // 3_600_000 % 12 or 12,
    "clock_hour_of_day": lambda at: at.millisecond // 3_600_000 or 24,
    "day_of_month": lambda at: at.day,
    "day_of_week": day_of_week,
    "day_of_year": day_of_year,
    "epoch_day": lambda at: instants.from_civil(at.year, at.month, at.day) // DAY,
    "era": lambda at: int(at.year > 0),
    "hour_of_ampm": lambda at: at.millisecond // 3_600_000 % 12,
    "hour_of_day": lambda at: at.millisecond // 3_600_000,
    "instant_seconds": lambda at: instants.from_civil(at.year, at.month, at.day, at.millisecond) // 1_000,
    "micro_of_day": lambda at: at.millisecond * 1_000,
    "micro_of_second": lambda at: at.millisecond % 1_000 * 1_000,
    "milli_of_day": lambda at: at.millisecond,
    "milli_of_second": lambda at: at.millisecond % 1_000,
    "minute_of_day": lambda at: at.millisecond // 60_000,
    "minute_of_hour": lambda at: at.millisecond // 60_000 % 60,
    "month_of_year": lambda at: at.month,
    "nano_of_day": lambda at: at.millisecond * 1_000_000,
    "nano_of_second": lambda at: at.millisecond % 1_000 * 1_000_000,
    "offset_seconds": lambda at: 0,
    "proleptic_month": lambda at: at.year * 12 + at.month - 1,
    "second_of_day": lambda at: at.millisecond // 1_000,
    "second_of_minute": lambda at: at.millisecond // 1_000 % 60,
    "week_of_week_based_year": lambda at: iso_week(at)[1],
    "year": lambda at: at.year,
    "year_of_era": lambda at: at.year if at.year > 0 else 1 - at.year,
}


@declare("date_extract", FunctionKind.SCALAR, "string, instant -> long")
def date_extract(binding: Binding) -> Callable[[str, int], int]:
    part = binding.constants[0]
    if isinstance(part, str) and part.lower() not in _PARTS:
        near = nearest_of(part, _PARTS)
        raise BadConstant(
            0,
            f"`{part}` is no part of a date",
            help=f"did you mean `{near}`?" if near else "name one such as `year` or `hour_of_day`",
        )
    scale = _NANOS if binding.types[1] is Type.DATE_NANOS else 1

    def run(part: str, instant: int) -> int:
        extract = _PARTS.get(part.lower())
        if extract is None:
            raise Failure(f"`{part}` is no part of a date")
        return extract(civil(instant // scale))

    return run


_HUMAN: tuple[TimeAmount, ...] = (
    Period(months=12),
    Period(months=1),
    Period(days=7),
    Period(days=1),
    *(Duration(hours * 3_600_000) for hours in (12, 3, 1)),
    *(Duration(minutes * 60_000) for minutes in (30, 10, 5, 1)),
    *(Duration(seconds * 1_000) for seconds in (30, 10, 5, 1)),
    *(Duration(milliseconds) for milliseconds in (100, 50, 10, 1)),
)
"""The widths of buckets that `bucket` chooses from, widest first."""


@declare(
    "bucket bin",
    FunctionKind.GROUPING,
    "date, !span -> date",
    "date_nanos, !span -> date_nanos",
    "date, !integer, !date, !date -> date",
    "number, !number -> double",
    "number, !integer, !number, !number -> double",
    traits=Traits(rounds_time=True),
)
def bucket(binding: Binding) -> Callable[..., int | float]:
    width = binding.constants[1]
    if isinstance(width, Duration | Period):
        if not is_positive(width):
            raise BadConstant(1, "the width of a bucket must be longer than nothing and of one unit")
        scale = _NANOS if binding.types[0] is Type.DATE_NANOS else 1
        return lambda instant, *_: instants.truncate(instant // scale, width) * scale
    if binding.types[0] is Type.DATE:
        return _dates_in(int(width), *binding.constants[2:4])
    if len(binding.types) == 2:
        if width <= 0:
            raise BadConstant(1, "the width of a bucket must be greater than 0")
        return _numbers_of(width)
    return _numbers_in(*binding.constants[1:4])


def _dates_in(count: int, start: int, end: int) -> Callable[..., int]:
    chosen, *narrower = _HUMAN
    for step in narrower:
        if _count_of(step, start, end) > count:
            break
        chosen = step
    return lambda instant, *_: instants.truncate(instant, chosen)


def _count_of(step: TimeAmount, start: int, end: int) -> int:
    first = instants.truncate(start, step)
    if isinstance(step, Period) and step.months:
        months = instants.difference("months", first, end)
        months += instants.add(first, Period(months=months)) < end
        return -(-months // step.months)
    width = step.milliseconds if isinstance(step, Duration) else step.days * DAY
    return -((first - end) // width)


def _numbers_in(count: int, start: float, end: float) -> Callable[..., float]:
    if count <= 0 or end <= start:
        raise BadConstant(2, "the range of the buckets is empty")
    precise = (end - start) / count
    power = 10.0 ** math.ceil(math.log10(precise))
    return _numbers_of(power / 2 if precise < power / 2 else power)


def _numbers_of(width: float) -> Callable[..., float]:
    """Java divides and rounds down, which for doubles is not Python's `//`: 1.0 in steps of 0.1 is 1.0."""
    return lambda value, *_: math.floor(value / width) * float(width)
