"""The types of columns and expressions, and what each holds while a query runs.

A value is None (null), a scalar of the table below, or a list of two or more scalars (a multivalue). A list of one is
its scalar, an empty list is null.

| type | scalar |
| --- | --- |
| boolean | bool |
| keyword, text, version | str |
| integer, long, unsigned_long | int |
| double | float |
| date | int, epoch milliseconds |
| date_nanos | int, epoch nanoseconds |
| ip | int, the 128-bit number (an IPv4 address as its IPv4-mapped form) |
| geo_point, cartesian_point | (x, y) |
| geo_shape, cartesian_shape | str, well-known text |
| date_period, time_duration | Period, Duration (constants only) |
| _source | the document |
"""

from enum import StrEnum

from rulewright_engine.ir.fields import FieldInfo

__all__ = ["GROUPS", "Type", "common", "group_of", "type_of_field", "widest"]


class Type(StrEnum):
    """The value is the name that Elasticsearch prints."""

    NULL = "null"
    BOOLEAN = "boolean"
    KEYWORD = "keyword"
    TEXT = "text"
    INTEGER = "integer"
    LONG = "long"
    UNSIGNED_LONG = "unsigned_long"
    DOUBLE = "double"
    DATE = "date"
    DATE_NANOS = "date_nanos"
    IP = "ip"
    VERSION = "version"
    GEO_POINT = "geo_point"
    GEO_SHAPE = "geo_shape"
    CARTESIAN_POINT = "cartesian_point"
    CARTESIAN_SHAPE = "cartesian_shape"
    DATE_PERIOD = "date_period"
    TIME_DURATION = "time_duration"
    SOURCE = "_source"
    MAP = "map"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"  # of an expression with a mistake: fits everywhere, so that one mistake is reported once


_NUMERIC = (Type.INTEGER, Type.LONG, Type.UNSIGNED_LONG, Type.DOUBLE)

GROUPS: dict[str, frozenset[Type]] = {
    "any": frozenset(Type) - {Type.DATE_PERIOD, Type.TIME_DURATION, Type.MAP, Type.UNSUPPORTED},
    "string": frozenset({Type.KEYWORD, Type.TEXT}),
    "number": frozenset(_NUMERIC),
    "whole": frozenset({Type.INTEGER, Type.LONG, Type.UNSIGNED_LONG}),
    "instant": frozenset({Type.DATE, Type.DATE_NANOS}),
    "span": frozenset({Type.DATE_PERIOD, Type.TIME_DURATION}),
    "point": frozenset({Type.GEO_POINT, Type.CARTESIAN_POINT}),
    "shape": frozenset({Type.GEO_POINT, Type.GEO_SHAPE, Type.CARTESIAN_POINT, Type.CARTESIAN_SHAPE}),
    "comparable": frozenset(
        {*_NUMERIC, Type.KEYWORD, Type.TEXT, Type.DATE, Type.DATE_NANOS, Type.IP, Type.VERSION, Type.BOOLEAN}
    ),
}
"""Names for several types, as signatures use them."""

_OF_FIELDS = {
    "keyword": Type.KEYWORD,
    "constant_keyword": Type.KEYWORD,
    "wildcard": Type.KEYWORD,
    "flattened": Type.KEYWORD,
    "text": Type.TEXT,
    "match_only_text": Type.TEXT,
    "semantic_text": Type.TEXT,
    "integer": Type.INTEGER,
    "short": Type.INTEGER,
    "byte": Type.INTEGER,
    "long": Type.LONG,
    "unsigned_long": Type.UNSIGNED_LONG,
    "double": Type.DOUBLE,
    "float": Type.DOUBLE,
    "half_float": Type.DOUBLE,
    "scaled_float": Type.DOUBLE,
    "boolean": Type.BOOLEAN,
    "date": Type.DATE,
    "date_nanos": Type.DATE_NANOS,
    "ip": Type.IP,
    "version": Type.VERSION,
    "geo_point": Type.GEO_POINT,
    "geo_shape": Type.GEO_SHAPE,
    "point": Type.CARTESIAN_POINT,
    "shape": Type.CARTESIAN_SHAPE,
}


def type_of_field(field: FieldInfo) -> Type:
    """The column type of a mapped field; objects and what the language cannot read are `unsupported`."""
    return _OF_FIELDS.get(field.elasticsearch_type, Type.UNSUPPORTED)


def group_of(type_: Type) -> str:
    """What a user calls values of the type: `a text`, `a number`; the type's own name where it has no better."""
    if type_ in GROUPS["string"]:
        return "text"
    return "number" if type_ in GROUPS["number"] else str(type_)


def widest(types: tuple[Type, ...]) -> Type:
    """The type that holds every number of `types`; null where all are null."""
    known = [type_ for type_ in types if type_ in _NUMERIC]
    if not known:
        return Type.UNKNOWN if Type.UNKNOWN in types else Type.NULL
    if Type.UNSIGNED_LONG in known and len(set(known)) > 1:
        return Type.DOUBLE if Type.DOUBLE in known else Type.UNSIGNED_LONG
    return max(known, key=_NUMERIC.index)


def common(types: tuple[Type, ...]) -> Type | None:
    """The one type that values of all `types` can share, text becoming keyword; None when there is none."""
    known = {Type.KEYWORD if type_ is Type.TEXT else type_ for type_ in types} - {Type.NULL, Type.UNKNOWN}
    if not known:
        return Type.UNKNOWN if Type.UNKNOWN in types else Type.NULL
    if len(known) == 1:
        return known.pop()
    if known <= GROUPS["number"]:
        return widest(tuple(known))
    return Type.DATE_NANOS if known == GROUPS["instant"] else None
