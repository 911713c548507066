"""The types that a dynamic mapping would give to the fields of some events."""

from collections.abc import Iterable
from typing import Any

from rulewright_engine.evaluate.event import Event
from rulewright_engine.values.addresses import parse_address

__all__ = ["types_of_events"]


def types_of_events(events: Iterable[Event], *, timestamp_field: str = "@timestamp") -> dict[str, str]:
    """What a dynamic mapping would make of the events: field name -> Elasticsearch type.

    Text is keyword, or ip where every value is an address; integers are long, other numbers double. Values of different
    kinds in one field are kept as text. The timestamp field is a date.
    """
    found: dict[str, str] = {}
    for event in events:
        for name in event.names():
            for value in event.raw(name):
                kind = _kind_of(value)
                seen = found.get(name)
                if seen != kind:
                    found[name] = kind if seen is None else _COMBINED.get(frozenset((seen, kind)), "keyword")
    if timestamp_field in found:
        found[timestamp_field] = "date"
    return found


_COMBINED: dict[frozenset[str], str] = {frozenset(("long", "double")): "double"}


def _kind_of(value: Any) -> str:
    match value:
        case bool():
            return "boolean"
        case int():
            return "long"
        case float():
            return "double"
        case str() if parse_address(value) is not None:
            return "ip"
        case _:
            return "keyword"
