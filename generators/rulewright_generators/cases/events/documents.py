"""From decided fields to JSON documents: consistent where the rule allows it, nested, of the right types."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Any

from rulewright_engine.evaluate.document_edits import put_field, with_fields
from rulewright_engine.ir.expression import Field, FieldType, Scalar
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.values.dates import format_instant
from rulewright_generators.cases.events.consistency import lacking, proposals
from rulewright_generators.cases.events.profiles import Profile

__all__ = ["Allowed", "Document", "Values", "complete", "consistent", "document_of", "json_of", "patched", "trimmed"]

Document = dict[str, Any]
Values = dict[str, tuple[Scalar, ...]]
"""Field -> its values; an empty tuple: the event does without it."""

Allowed = Callable[[Values, str, tuple[Scalar, ...]], bool]
"""Whether one field of an event may take other values without changing what the event means to the rule."""


FLATTENED_KEY = "value"
"""The key that holds what a query asks of a whole flattened field."""

CROWD = 10
"""From so many events on, a case is read as a crowd."""

BACKGROUND = (
    "agent.version",
    "data_stream.namespace",
    "data_stream.type",
    "ecs.version",
    "event.created",
    "event.ingested",
    "host.hostname",
    "host.os.family",
    "host.os.name",
    "host.os.platform",
    "host.os.version",
)
"""Fields that every document has, whatever happened."""


def consistent(
    decided: Mapping[str, tuple[Scalar, ...]], fields: Iterable[Field], profile: Profile, may: Allowed
) -> Values:
    """The fields that the query reads, made plausible: what is absent is filled in, what disagrees is changed.

    Only what `may` allows happens.
    """
    values: Values = dict(decided)
    _follow(values, profile, may)
    for field in fields:
        if not values[field.name]:
            ordinary = profile.values(field)[:3]
            values[field.name] = next(((value,) for value in ordinary if may(values, field.name, (value,))), ())
    _follow(values, profile, may)
    return values


def _follow(values: Values, profile: Profile, may: Allowed) -> None:
    for name, proposed in proposals(values, profile.os, set(values), profile.programs):
        if name in values and proposed != values[name] and may(values, name, proposed):
            values[name] = proposed


def complete(read: Mapping[str, tuple[Scalar, ...]], profile: Profile, *, identity: str) -> Values:
    """All fields of a document: those that the query reads as they are, what follows from them, and the profile's."""
    values: Values = dict(read)
    shown = {name: tuple(value) if isinstance(value, list) else (value,) for name, value in profile.document.items()}
    for name, proposed in proposals(values, profile.os, {*values, *shown}, profile.programs):
        if name not in read:
            values[name] = proposed
    fixed = set(values)
    absent = lacking(read)
    values |= {name: held for name, held in shown.items() if name not in fixed and name not in absent}
    for name, proposed in proposals(values, profile.os, set(values), profile.programs):
        if name not in fixed:
            values[name] = proposed
    values.setdefault("event.id", (identity,))
    return values


def document_of(values: Mapping[str, tuple[Scalar, ...]], fields: FieldTypes, nested: Iterable[str] = ()) -> Document:
    """The JSON document; keys in order, arrays where the field is one, dates as ISO 8601.

    Objects at the paths of `nested` stand in an array.
    """
    document: Document = {}
    for name in sorted(values):
        held = values[name]
        if held:
            put_field(document, _place_of(name, fields), json_of(name, held, fields))
    for path in nested:
        _wrap(document, path.split("."))
    return document


def _place_of(name: str, fields: FieldTypes) -> str:
    """Where the values of a field stand: those of the root of a flattened field under some key of it."""
    info = fields.lookup(name)
    is_root = info is not None and info.type is FieldType.FLATTENED
    return f"{name}.{FLATTENED_KEY}" if is_root else name


def patched(document: Mapping[str, Any], values: Mapping[str, Any]) -> Document:
    """The document with other values of some fields, as JSON; None takes a field away."""
    return _pruned(with_fields(document, values))


def trimmed(documents: Sequence[Mapping[str, Any]], asked: Container[str | None]) -> list[Document]:
    """The documents; of a crowd, each without what says nothing of its event, unless the rule asks about it."""
    if len(documents) < CROWD:
        return [dict(document) for document in documents]
    dropped: dict[str, Any] = {name: None for name in BACKGROUND if name not in asked}
    return [patched(document, dropped) for document in documents]


def _pruned(document: Document) -> Document:
    """The document without nulls, and without the objects that then hold nothing."""
    kept = {key: _pruned(item) if isinstance(item, dict) else item for key, item in document.items()}
    return {key: item for key, item in kept.items() if item is not None and item != {}}


def json_of(name: str, held: tuple[Scalar, ...], fields: FieldTypes) -> Any:
    """The values of a field as JSON: an array where the field is one, or where they are several."""
    info = fields.lookup(name)
    values = [_spelled(value, info.type if info else None) for value in held]
    return values if len(values) > 1 or (info and info.array) else values[0]


def _spelled(value: Scalar, family: FieldType | None) -> Any:
    return format_instant(value) if family is FieldType.DATE and isinstance(value, int) else value


def _wrap(document: Document, path: list[str]) -> None:
    *parents, last = path
    here: Any = document
    for part in parents:
        here = here.get(part) if isinstance(here, dict) else None
    if isinstance(here, dict) and isinstance(here.get(last), dict):
        here[last] = [here[last]]
