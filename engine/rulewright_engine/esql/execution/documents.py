"""The columns of an event: its fields in the form in which an index gives them back."""

import json
import struct
import sys
from collections.abc import Callable
from typing import Any

from rulewright_engine.esql.analysis.plan import Column
from rulewright_engine.esql.functions.conversion import in_nanos, parse_nanos, parse_point
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.evaluate.event import Event, slot
from rulewright_engine.ir.expression import Field, FieldType
from rulewright_engine.values.addresses import parse_address

__all__ = ["loader"]

Loader = Callable[[Event, int], Any]
"""An event and its position to the value of one column."""


def loader(column: Column) -> Loader:
    """How to read a column that comes from events."""
    if column.field is None:
        return _METADATA[column.name]
    field, type_ = column.field.field(), column.type
    name = field.name
    if type_ in (Type.GEO_POINT, Type.CARTESIAN_POINT):
        return lambda event, _: _points(event.raw(name)) or _corners(event, name)
    if type_ is Type.DATE_NANOS:
        return lambda event, _: _indexed([found for raw in event.raw(name) if (found := _nanos(raw)) is not None])
    if column.field.elasticsearch_type == "flattened":
        return lambda event, _: _json_at(event, name)
    key = slot(field)
    arrange = _arrangement(type_, column.field.elasticsearch_type)
    stands_as_written = type_ in (Type.KEYWORD, Type.VERSION, Type.TEXT) and not field.lowercase
    longest = field.ignore_above or sys.maxsize

    def load(event: Event, position: int) -> Any:
        raw = event.raw(name)
        if not raw:
            return None
        if stands_as_written and len(raw) == 1 and type(raw[0]) is str and len(raw[0]) <= longest:
            return raw[0]
        values = event.typed[key]
        return None if not values else arrange(values)

    return load


def _arrangement(type_: Type, elasticsearch_type: str) -> Callable[[tuple[Any, ...]], Any]:
    """Keywords and addresses come back sorted and each once, numbers, dates and booleans sorted, text as it stood."""
    if type_ is Type.UNSUPPORTED:
        return lambda values: None
    if type_ is Type.TEXT:
        return lambda values: values[0] if len(values) == 1 else list(values)
    if type_ is Type.IP:
        return lambda values: _indexed(sorted({parse_address(value) or 0 for value in values}))
    if type_ in (Type.KEYWORD, Type.VERSION):
        return lambda values: values[0] if len(values) == 1 else _indexed(sorted(set(values)))
    narrow = _NARROWED.get(elasticsearch_type)
    if narrow is not None:
        return lambda values: _indexed(sorted(map(narrow, values)))
    return lambda values: values[0] if len(values) == 1 else sorted(values)


def _json_at(event: Event, path: str) -> Any:
    """The objects at a dotted path as JSON text."""
    found = (each.document[path] for each in event.objects(path))
    return _indexed([json.dumps(each, ensure_ascii=False, separators=(",", ":")) for each in found])


def _indexed(values: list[Any]) -> Any:
    return None if not values else values[0] if len(values) == 1 else values


def _rounded_to(layout: str) -> Callable[[float], float]:
    def narrow(value: float) -> float:
        try:
            return float(struct.unpack(layout, struct.pack(layout, value))[0])
        except OverflowError:
            return value

    return narrow


_NARROWED = {"float": _rounded_to("<f"), "half_float": _rounded_to("<e")}
"""What a field of fewer bits keeps of a number."""


def _nanos(raw: Any) -> int | None:
    return parse_nanos(raw) if isinstance(raw, str) else in_nanos(raw * 1_000_000) if isinstance(raw, int) else None


def _points(raw: list[Any]) -> Any:
    """Points as well-known text, `lat,lon`, or numbers of an array `[lon, lat]`."""
    if len(raw) == 2 and all(isinstance(value, int | float) for value in raw):
        return (float(raw[0]), float(raw[1]))
    points = [point for value in raw if isinstance(value, str) and (point := _point(value)) is not None]
    return _indexed(points)


def _corners(event: Event, name: str) -> Any:
    """Points that are objects of `lat` and `lon`."""
    pairs = zip(event.raw(f"{name}.lon"), event.raw(f"{name}.lat"), strict=False)
    return _indexed([(float(longitude), float(latitude)) for longitude, latitude in pairs])


def _point(text: str) -> tuple[float, float] | None:
    latitude, comma, longitude = text.partition(",")
    if not comma:
        return parse_point(text)
    try:
        return float(longitude), float(latitude)
    except ValueError:
        return None


def _own(name: str, otherwise: Callable[[Event, int], Any]) -> Loader:
    """The document's own key of that name, if it has one."""

    def load(event: Event, position: int) -> Any:
        value = event.document.get(name)
        return otherwise(event, position) if value is None else value

    return load


def _index_of(event: Event, position: int) -> str | None:
    """The data stream's name, as far as the document tells it."""
    parts = [
        event.typed[slot(Field(f"data_stream.{part}", FieldType.KEYWORD))] for part in ("type", "dataset", "namespace")
    ]
    return ".ds-" + "-".join(part[0] for part in parts) if all(parts) else None


_METADATA: dict[str, Loader] = {
    "_id": _own("_id", lambda event, position: str(position)),
    "_ignored": _own("_ignored", lambda event, position: None),
    "_index": _own("_index", _index_of),
    "_index_mode": _own("_index_mode", lambda event, position: "standard"),
    "_score": _own("_score", lambda event, position: 1.0),
    "_size": _own("_size", lambda event, position: None),
    "_source": lambda event, position: event.document,
    "_tier": _own("_tier", lambda event, position: None),
    "_version": _own("_version", lambda event, position: 1),
}
