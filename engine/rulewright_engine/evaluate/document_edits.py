"""A document with fields changed, however nesting and dots spell their names; everything else stays as it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from rulewright_engine.evaluate.event import Event

__all__ = ["with_field", "with_fields_of"]


def with_field(document: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """A copy in which the field `name` holds `value`, and nothing else does; None takes the field out.

    The value stands where the field stood, else nested. In an array of objects no place is better than another, so
    there the field leaves all of them and stands beside the array, under its dotted name.
    """
    copy: dict[str, Any] = _without(document, name)
    if value is not None:
        _put(copy, name, value)
    return copy


def with_fields_of(document: Mapping[str, Any], event: Event, names: Iterable[str]) -> Mapping[str, Any]:
    """A copy that holds of some fields what the event holds, or nothing where it holds nothing."""
    for name in names:
        held = event.raw(name)
        document = with_field(document, name, held[0] if len(held) == 1 else held or None)
    return document


def _without(value: Any, name: str) -> Any:
    """A copy of `value` without the field; an object that it leaves empty stays."""
    if isinstance(value, list | tuple):
        return [_without(item, name) for item in value]
    if not isinstance(value, Mapping):
        return value
    copy: dict[str, Any] = {}
    for key, item in value.items():
        if name.startswith(f"{key}.") and isinstance(item, Mapping | list | tuple):
            copy[key] = _without(item, name[len(key) + 1 :])
        elif key != name or isinstance(item, Mapping):
            copy[key] = item
    return copy


def _put(document: dict[str, Any], name: str, value: Any) -> None:
    """Invariant: `document` is a copy, and no field of it has this name."""
    for key, item in document.items():
        if name.startswith(f"{key}.") and isinstance(item, dict):
            _put(item, name[len(key) + 1 :], value)
            return
    first, _, rest = name.partition(".")
    if not rest or first in document:
        document[name] = value
    else:
        document[first] = {}
        _put(document[first], rest, value)
