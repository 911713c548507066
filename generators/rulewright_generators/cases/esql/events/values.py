"""Ordinary values: what a field holds of which nothing is known."""

import re

from rulewright_engine.ir.expression import FieldType, Scalar

__all__ = ["COUNTS", "PLACE", "ordinary"]

PLACE = "POINT (4.89 52.37)"
"""What a geo_point holds; the solver knows no places."""

COUNTS: dict[FieldType, tuple[Scalar, ...]] = {FieldType.LONG: (1, 2, 3, 4, 5, 10), FieldType.DOUBLE: (1.0, 2.0, 10.0)}
"""What stands in for a number is better small: it may be a number of events."""

_ORDINARY: dict[FieldType, tuple[Scalar, ...]] = {
    FieldType.LONG: (1,),
    FieldType.DOUBLE: (1.0,),
    FieldType.BOOLEAN: (False,),
    FieldType.IP: ("192.0.2.25",),
    FieldType.VERSION: ("1.0.0",),
    FieldType.GEO: (),
    FieldType.OBJECT: (),
}


def ordinary(name: str, family: FieldType) -> tuple[Scalar, ...]:
    """A value of a field of which nothing is known but its type; dates are set with the event's time."""
    if family is FieldType.DATE:
        return ()
    last = re.split("[. ]", name)[-1].lower().replace("_", "-")
    return _ORDINARY.get(family, (f"sample-{last}",))
