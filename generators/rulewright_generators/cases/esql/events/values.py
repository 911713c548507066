"""Ordinary values, and others beside them."""

import re

from rulewright_engine.ir.expression import FieldType, Scalar
from rulewright_engine.values.addresses import address_text, parse_address
from rulewright_generators.cases.events.values import another_word

__all__ = ["COUNTS", "changed", "ordinary"]

COUNTS: dict[FieldType, tuple[Scalar, ...]] = {FieldType.LONG: (1, 2, 3, 4, 5, 10), FieldType.DOUBLE: (1.0, 2.0, 10.0)}
"""What stands in for a number is better small: it may be a number of events."""

_ORDINARY: dict[FieldType, tuple[Scalar, ...]] = {
    FieldType.LONG: (1,),
    FieldType.DOUBLE: (1.0,),
    FieldType.BOOLEAN: (False,),
    FieldType.IP: ("192.0.2.25",),
    FieldType.VERSION: ("1.0.0",),
    FieldType.OBJECT: (),
}


def ordinary(name: str, family: FieldType) -> tuple[Scalar, ...]:
    """A value of a field of which nothing is known but its type; dates are set with the event's time."""
    if family is FieldType.DATE:
        return ()
    return _ORDINARY.get(family, (f"sample-{name.rpartition('.')[2].lower().replace('_', '-')}",))


def changed(value: Scalar, by: int) -> Scalar:
    """Another value of the kind, a different one for each `by`."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + by
        case str():
            return _changed_text(value, by)
        case _:
            return value


def _changed_text(text: str, by: int) -> str:
    """Words of ECS and addresses go on; a name before `@` or a domain, and the end of other texts, gets a number."""
    word = another_word(text, by)
    if word:
        return word
    address = parse_address(text)
    if address is not None:
        return address_text(address + by)
    for end in "@.":
        name, found, rest = text.partition(end)
        if found and _NAME.fullmatch(name) and _DOMAIN.fullmatch(rest):
            return f"{name}-{by + 1}{end}{rest}"
    return f"{text}-{by + 1}"


_NAME = re.compile(r"[A-Za-z0-9-]+")
_DOMAIN = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*")
