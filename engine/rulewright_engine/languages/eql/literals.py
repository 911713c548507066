"""Literals: of which type they are, and whether a field can hold them."""

from typing import NamedTuple

from rulewright_engine.evaluate.functions.numbers import number
from rulewright_engine.evaluate.functions.text import string
from rulewright_engine.ir.expression import FieldType, Literal, Scalar, Value
from rulewright_engine.values.addresses import parse_network
from rulewright_engine.values.dates import parse_date

__all__ = ["KIND_NAMES", "NOTHING", "TEXTUAL", "Typed", "fitted", "is_null", "type_of_literal"]

TEXTUAL = frozenset({FieldType.KEYWORD, FieldType.WILDCARD, FieldType.TEXT, FieldType.VERSION, FieldType.NULL})
"""Types whose values are text to a pattern; null is never matched, but may stand anywhere."""

KIND_NAMES = {
    FieldType.KEYWORD: "text",
    FieldType.WILDCARD: "text",
    FieldType.TEXT: "analysed text",
    FieldType.LONG: "a number",
    FieldType.DOUBLE: "a number",
    FieldType.BOOLEAN: "a boolean",
    FieldType.DATE: "a date",
    FieldType.IP: "an address",
    FieldType.VERSION: "a version",
    FieldType.GEO: "a place",
    FieldType.OBJECT: "an object",
    FieldType.NULL: "null",
}


class Typed(NamedTuple):
    """A value and its type."""

    value: Value
    type: FieldType


NOTHING = Typed(Literal(None), FieldType.NULL)
"""Stands in for what was reported; null fits everywhere, so nothing more is said of it."""


def type_of_literal(value: Scalar) -> FieldType:
    match value:
        case None:
            return FieldType.NULL
        case bool():
            return FieldType.BOOLEAN
        case int():
            return FieldType.LONG
        case float():
            return FieldType.DOUBLE
        case str():
            return FieldType.KEYWORD


def is_null(typed: Typed) -> bool:
    return isinstance(typed.value, Literal) and typed.value.value is None


def fitted(value: Scalar, family: FieldType) -> Scalar:
    """A literal as a field of that family holds it; None when it cannot."""
    if value is None:
        return None
    match family:
        case FieldType.LONG | FieldType.DOUBLE:
            if isinstance(value, bool):
                return None
            found = number(value) if isinstance(value, str) else value
            return int(found) if isinstance(found, float) and found.is_integer() and abs(found) < 2**63 else found
        case FieldType.BOOLEAN:
            return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))
        case FieldType.DATE:
            return parse_date(value) if isinstance(value, str) else None if isinstance(value, bool) else int(value)
        case FieldType.NULL:
            return value
        case FieldType.IP:
            return value if isinstance(value, str) and parse_network(value) is not None else None
        case _:
            return string(value)
