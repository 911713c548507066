"""Conversions: `to_*` functions and `::` casts. A multivalue converts value by value; what cannot is left out."""

import math
import re
from collections.abc import Callable
from typing import Any

from rulewright_engine.esql.functions.arithmetic import in_range
from rulewright_engine.esql.functions.instants import date_text
from rulewright_engine.esql.functions.registry import BadConstant, Binding, Failure, FunctionKind, declare
from rulewright_engine.esql.functions.traits import Given, Traits, Wish, the_same
from rulewright_engine.esql.functions.types import GROUPS, Type
from rulewright_engine.esql.syntax.timespans import (
    Duration,
    Period,
    TimeAmount,
    parse_span,
)
from rulewright_engine.evaluate.functions.text import string
from rulewright_engine.values.addresses import address_text, parse_address
from rulewright_engine.values.dates import parse_date

__all__ = ["CONVERSIONS", "nanos_text", "parse_nanos", "parse_point", "point_text"]

_NANOS = 1_000_000
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_FRACTION = re.compile(r"(.*T[0-9:]+)[.,]([0-9]{1,9})(.*)")


def nanos_text(instant: int) -> str:
    milliseconds, rest = divmod(instant, _NANOS)
    text = date_text(milliseconds)
    return text if rest == 0 else f"{text[:-1]}{rest:06d}Z"


def parse_nanos(text: str) -> int | None:
    match = _FRACTION.fullmatch(text)
    if match is None:
        milliseconds = parse_date(text)
        return None if milliseconds is None else in_nanos(milliseconds * _NANOS)
    seconds = parse_date(match[1] + match[3])
    return None if seconds is None else in_nanos(seconds * _NANOS + int(match[2].ljust(9, "0")))


def in_nanos(instant: int) -> int | None:
    """The instant, if `date_nanos` can hold it: from 1970 to 2262."""
    return instant if 0 <= instant < 2**63 else None


_POINT = re.compile(r"POINT\s*\(\s*(\S+)\s+(\S+)\s*\)", re.IGNORECASE)


def parse_point(text: str) -> tuple[float, float] | None:
    """A point of well-known text."""
    match = _POINT.fullmatch(text.strip())
    if match is None or not (_NUMBER.fullmatch(match[1]) and _NUMBER.fullmatch(match[2])):
        return None
    point = float(match[1]), float(match[2])
    return point if all(map(math.isfinite, point)) else None


def point_text(point: tuple[float, float]) -> str:
    return f"POINT ({string(point[0])} {string(point[1])})"


def _rounded(value: float) -> int:
    if not math.isfinite(value):
        raise Failure(f"{value} is no number that can be converted")
    return math.floor(value + 0.5)


def _number_of(text: str) -> int | float:
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped) or len(stripped) > 400:
        raise Failure(f"`{text}` is no number")
    return int(stripped) if stripped.lstrip("+-").isdecimal() else float(stripped)


def _double_of(text: str) -> float:
    """A number that no double holds, which Java takes for infinite, is no value here: JSON has none for it."""
    _number_of(text)
    value = float(text)
    if math.isinf(value):
        raise Failure(f"`{text}` is beyond the range of double")
    return value


def _whole(value: int | float) -> int:
    return value if isinstance(value, int) else _rounded(value)


def _date_of(text: str) -> int:
    found = None if text.lstrip("-").isdecimal() and len(text) != 4 else parse_date(text)
    if found is None:
        raise Failure(f"`{text}` is no date")
    return found


def _nanos_of(text: str) -> int:
    found = parse_nanos(text)
    if found is None:
        raise Failure(f"`{text}` is no date")
    return found


def _address_of(text: str) -> int:
    found = parse_address(text)
    if found is None:
        raise Failure(f"`{text}` is no IP address")
    return found


def _point_of(text: str) -> tuple[float, float]:
    found = parse_point(text)
    if found is None:
        raise Failure(f"`{text}` is no point in well-known text")
    return found


def _same(value: Any) -> Any:
    return value


_Converters = dict[Type, Callable[[Any], Any]]
_OF_TEXT: dict[Type, Callable[[str], Any]] = {
    Type.BOOLEAN: lambda text: text.strip().lower() == "true",
    Type.DATE: _date_of,
    Type.DATE_NANOS: _nanos_of,
    Type.IP: _address_of,
    Type.VERSION: _same,
    Type.DOUBLE: _double_of,
    Type.GEO_POINT: _point_of,
    Type.CARTESIAN_POINT: _point_of,
    Type.GEO_SHAPE: _same,
    Type.CARTESIAN_SHAPE: _same,
    Type.KEYWORD: _same,
}


def _with_text(target: Type, others: _Converters) -> _Converters:
    of_text = _OF_TEXT[target]
    return {Type.KEYWORD: of_text, Type.TEXT: of_text, target: _same, **others}


def _to_whole(target: Type) -> _Converters:
    def of_text(text: str) -> int:
        return int(in_range(_whole(_number_of(text)), target))

    def of_number(value: int | float) -> int:
        return int(in_range(_whole(value), target))

    numbers = dict.fromkeys(
        (Type.INTEGER, Type.LONG, Type.UNSIGNED_LONG, Type.DOUBLE, Type.DATE, Type.DATE_NANOS), of_number
    )
    return {Type.KEYWORD: of_text, Type.TEXT: of_text, Type.BOOLEAN: int, **numbers}


_NUMBERS = (Type.INTEGER, Type.LONG, Type.UNSIGNED_LONG, Type.DOUBLE)

_TO_TEXT: _Converters = {
    Type.KEYWORD: _same,
    Type.TEXT: _same,
    Type.VERSION: _same,
    Type.BOOLEAN: string,
    **dict.fromkeys(_NUMBERS, string),
    Type.DATE: date_text,
    Type.DATE_NANOS: nanos_text,
    Type.IP: address_text,
    Type.GEO_POINT: point_text,
    Type.CARTESIAN_POINT: point_text,
    Type.GEO_SHAPE: _same,
    Type.CARTESIAN_SHAPE: _same,
}

CONVERSIONS: dict[Type, _Converters] = {
    Type.BOOLEAN: _with_text(Type.BOOLEAN, dict.fromkeys(_NUMBERS, bool)),
    Type.KEYWORD: _TO_TEXT,
    Type.INTEGER: _to_whole(Type.INTEGER),
    Type.LONG: _to_whole(Type.LONG),
    Type.UNSIGNED_LONG: _to_whole(Type.UNSIGNED_LONG),
    Type.DOUBLE: _with_text(
        Type.DOUBLE,
        {**dict.fromkeys((*_NUMBERS, Type.DATE), float), Type.BOOLEAN: float},
    ),
    Type.DATE: _with_text(
        Type.DATE,
        {
            **dict.fromkeys(_NUMBERS, lambda value: in_range(_whole(value), Type.LONG)),
            Type.DATE_NANOS: lambda instant: instant // _NANOS,
        },
    ),
    Type.DATE_NANOS: _with_text(
        Type.DATE_NANOS,
        {
            **dict.fromkeys(_NUMBERS, lambda value: in_nanos(_whole(value))),
            Type.DATE: lambda instant: in_nanos(instant * _NANOS),
        },
    ),
    Type.IP: _with_text(Type.IP, {}),
    Type.VERSION: _with_text(Type.VERSION, {}),
    Type.GEO_POINT: _with_text(Type.GEO_POINT, {}),
    Type.CARTESIAN_POINT: _with_text(Type.CARTESIAN_POINT, {}),
    Type.GEO_SHAPE: _with_text(Type.GEO_SHAPE, {Type.GEO_POINT: point_text}),
    Type.CARTESIAN_SHAPE: _with_text(Type.CARTESIAN_SHAPE, {Type.CARTESIAN_POINT: point_text}),
}
"""Target type -> type of the argument -> conversion of one value; what is missing cannot be converted."""

_NAMES = {
    Type.BOOLEAN: "to_boolean to_bool",
    Type.KEYWORD: "to_string to_str",
    Type.INTEGER: "to_integer to_int",
    Type.LONG: "to_long",
    Type.UNSIGNED_LONG: "to_unsigned_long to_ul to_ulong",
    Type.DOUBLE: "to_double to_dbl",
    Type.DATE: "to_datetime to_dt",
    Type.DATE_NANOS: "to_date_nanos to_datenanos",
    Type.IP: "to_ip",
    Type.VERSION: "to_version to_ver",
    Type.GEO_POINT: "to_geopoint",
    Type.CARTESIAN_POINT: "to_cartesianpoint",
    Type.GEO_SHAPE: "to_geoshape",
    Type.CARTESIAN_SHAPE: "to_cartesianshape",
}


def _as_text_or_itself(call: Given, wanted: Any) -> tuple[Wish, ...]:
    return (Wish(0, string(wanted) if call.types[0] in GROUPS["string"] else wanted),)


_READ = Traits(inverse=_as_text_or_itself, reads_text=True)
_TRAITS = {
    Type.BOOLEAN: Traits(reads_text=True),
    Type.KEYWORD: Traits(inverse=the_same, keeps=GROUPS["string"], writes_text=True),
    Type.INTEGER: _READ,
    Type.LONG: Traits(inverse=_as_text_or_itself, reads_text=True, time_as_number=True),
    Type.DOUBLE: _READ,
    Type.DATE: Traits(inverse=the_same),
    Type.IP: Traits(inverse=the_same, keeps=frozenset({Type.IP}), reads_text=True, takes_options=True),
    Type.VERSION: Traits(inverse=the_same, reads_text=True),
    Type.GEO_POINT: Traits(inverse=the_same),
}


def _declare_conversion(names: str, target: Type) -> None:
    converters = CONVERSIONS[target]

    @declare(
        names, FunctionKind.ELEMENTWISE, f"{'|'.join(converters)} -> {target}", traits=_TRAITS.get(target, Traits())
    )
    def bind(binding: Binding) -> Callable[[Any], Any]:
        return converters.get(binding.types[0], _same)


for _target, _names in _NAMES.items():
    _declare_conversion(_names, _target)


def _span_conversion(name: str, kind: type[TimeAmount], target: Type, what: str) -> None:
    @declare(name, FunctionKind.SCALAR, f"!string|{target} -> {target}")
    def bind(binding: Binding) -> Callable[[Any], Any]:
        constant = binding.constants[0]
        if not isinstance(constant, str):
            return _same
        span = parse_span(constant)
        if not isinstance(span, kind):
            raise BadConstant(0, f"`{constant}` is no {what}")
        return lambda _: span


_span_conversion("to_dateperiod", Period, Type.DATE_PERIOD, "period such as `1 day` or `3 months`")
_span_conversion("to_timeduration", Duration, Type.TIME_DURATION, "duration such as `5 minutes`")
