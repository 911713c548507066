"""Which function each operator of the syntax calls."""

from rulewright_engine.ir import operators
from rulewright_engine.ir.operators import Operator

__all__ = ["ARITHMETIC", "CASTS", "COMPARISONS"]

COMPARISONS = {operator.symbol: operator for operator in operators.COMPARISONS}
ARITHMETIC = {
    "+": (1, Operator.ADD),
    "-": (1, Operator.SUBTRACT),
    "*": (2, Operator.MULTIPLY),
    "/": (2, Operator.DIVIDE),
    "%": (2, Operator.MODULO),
}
"""Symbol -> how tight it binds, and what it is."""

CASTS = {
    "bool": "to_boolean",
    "boolean": "to_boolean",
    "cartesian_point": "to_cartesianpoint",
    "cartesian_shape": "to_cartesianshape",
    "date": "to_datetime",
    "datetime": "to_datetime",
    "date_nanos": "to_date_nanos",
    "date_period": "to_dateperiod",
    "double": "to_double",
    "geo_point": "to_geopoint",
    "geo_shape": "to_geoshape",
    "int": "to_integer",
    "integer": "to_integer",
    "ip": "to_ip",
    "keyword": "to_string",
    "long": "to_long",
    "string": "to_string",
    "text": "to_string",
    "time_duration": "to_timeduration",
    "ul": "to_unsigned_long",
    "unsigned_long": "to_unsigned_long",
    "version": "to_version",
}
"""Type behind `::` -> the function that converts to it."""
