"""Fields of a document by their dotted names: set and taken out, however nesting and dots spell the names.

What a document holds of a field, `Event.raw` tells.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from rulewright_engine.evaluate.event import Event

__all__ = ["put_field", "with_field", "with_fields", "with_fields_of"]


def with_field(document: Mapping[str, Any], name: str, value: Any) -> dict[str, Any]:
    """`with_fields` of one field.

    >>> with_field({"host": {"os.type": "linux"}, "user.name": "root"}, "host.os.type", "macos")
    {'host': {'os.type': 'macos'}, 'user.name': 'root'}
    """
    return with_fields(document, {name: value})


def with_fields(document: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """A copy in which each field of `values` holds its value, and nothing else does; None takes the field out.

    The value stands where the field stood, else nested. In an array of objects no place is better than another, so
    there the field leaves all of them and stands beside the array, under its dotted name.
    """
    unplaced = dict(values)
    copy = _edited(document, {name: name for name in values}, unplaced)
    for name, value in unplaced.items():
        if value is not None:
            put_field(copy, name, value)
    return copy


def with_fields_of(document: Mapping[str, Any], event: Event, names: Iterable[str]) -> dict[str, Any]:
    """A copy that holds of some fields what the event holds, or nothing where it holds nothing."""
    held = {name: event.raw(name) for name in names}
    return with_fields(document, {name: raw[0] if len(raw) == 1 else raw or None for name, raw in held.items()})


def put_field(document: dict[str, Any], name: str, value: Any) -> None:
    """Set a field in a document that is the caller's own; below one that has a value itself, its name stays dotted.

    >>> document = {"host": {}, "user": "root"}
    >>> put_field(document, "host.os.type", "linux"), put_field(document, "user.name", "root")
    (None, None)
    >>> document
    {'host': {'os': {'type': 'linux'}}, 'user': 'root', 'user.name': 'root'}
    """
    dot = name.find(".")
    first = dot
    while dot > 0:
        inner = document.get(name[:dot])
        if isinstance(inner, dict):
            put_field(inner, name[dot + 1 :], value)
            return
        dot = name.find(".", dot + 1)
    if first < 0 or name[:first] in document:
        document[name] = value
    else:
        put_field(document.setdefault(name[:first], {}), name[first + 1 :], value)


def _edited(part: Mapping[str, Any], names: Mapping[str, str], unplaced: dict[str, Any]) -> dict[str, Any]:
    """A copy of one object; `names` are those of the fields to be edited below it, with their full names.

    A field's first place takes its value out of `unplaced`; it leaves the others. An object that it leaves empty stays.
    """
    copy: dict[str, Any] = {}
    for key, item in part.items():
        is_object = isinstance(item, Mapping)
        if key in names and not is_object:
            if unplaced.get(names[key]) is not None:
                copy[key] = unplaced.pop(names[key])
            continue
        start = f"{key}."
        inner = {name[len(start) :]: full for name, full in names.items() if name.startswith(start)}
        if not inner:
            copy[key] = item
        elif is_object:
            copy[key] = _edited(item, inner, unplaced)
        else:
            copy[key] = _edited_items(item, inner)
    return copy


def _edited_items(value: Any, names: Mapping[str, str]) -> Any:
    """The same below an array, where fields are only taken out."""
    if isinstance(value, list | tuple):
        return [_edited_items(item, names) for item in value]
    return _edited(value, names, {}) if isinstance(value, Mapping) else value
