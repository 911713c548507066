"""One JSON document, as the index that stores it would see its fields.

Keys may be nested, dotted or mixed; arrays, also of objects, are flattened; nulls and empty arrays hold nothing. Each
value is converted to the type of the field that asks for it, and one that the type cannot hold is left out.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from rulewright_engine.evaluate.functions.text import string
from rulewright_engine.ir.expression import Field, FieldType, Scalar
from rulewright_engine.ir.limits import MAX_EVENT_DEPTH
from rulewright_engine.values.addresses import canonical_address
from rulewright_engine.values.dates import parse_date
from rulewright_schema.errors import LimitExceeded

__all__ = ["Event", "slot"]

Values = tuple[Any, ...]


def slot(field: Field) -> str:
    """The key of a field in `Event.typed`: how its values are kept, and where they are."""
    limit = f"<{field.ignore_above}" if field.ignore_above else ""
    return f"{field.type.value}{'~' * field.lowercase}{'+' * field.unsigned}{limit}:{field.name}"


class Event:
    """A document and the values of its fields; flattened once, when a field is first asked for."""

    __slots__ = ("_flat", "document", "typed")

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.typed = _Typed(self)
        """Values by `slot`, filled as they are asked for: the fast way for compiled conditions."""
        self._flat: dict[str, list[Any]] | None = None

    def values(self, field: Field) -> Values:
        """The values of a field, converted to its type, in the order of the document; empty when it has none.

        Text for keyword, wildcard, text, ip (canonical) and version; int for long and date (epoch milliseconds).
        """
        return self.typed[slot(field)]

    def raw(self, name: str) -> list[Any]:
        """The values of a field as JSON holds them, without nulls."""
        flat = self._flat
        return (self._flattened() if flat is None else flat).get(name, [])  # asked for most often: saves a call

    def below(self, name: str) -> list[Any]:
        """The values at `name` and at all names below it, as JSON holds them."""
        prefix = f"{name}."
        found = self._flattened().items()
        return [value for key, values in found if key == name or key.startswith(prefix) for value in values]

    def names(self) -> tuple[str, ...]:
        """The dotted names of the fields that hold a value, in the order of the document."""
        return tuple(self._flattened())

    def _flattened(self) -> dict[str, list[Any]]:
        if self._flat is None:
            flat: dict[str, list[Any]] = {}
            _collect(flat, "", self.document)
            self._flat = flat
        return self._flat

    def objects(self, path: str) -> Iterator["Event"]:
        """The objects at `path`, each as an event of its own that holds nothing else (names stay absolute)."""
        self._flattened()  # Invariant: what is walked is not too deep
        return (Event({path: part}) for part in _objects(self.document, path))

    def __repr__(self) -> str:
        return f"Event({self.document!r})"


class _Typed(dict[str, Values]):
    """Converts a field's values when its slot is first read."""

    __slots__ = ("_event",)

    def __init__(self, event: Event) -> None:
        self._event = event

    def __missing__(self, key: str) -> Values:
        kind, _, name = key.partition(":")
        convert = _conversion(kind)
        held = self._event.below(name) if kind in _ROOTS else self._event.raw(name)
        values = tuple(value for raw in held if (value := convert(raw)) is not None)
        self[key] = values
        return values


def _collect(flat: dict[str, list[Any]], name: str, value: Any, depth: int = 0) -> None:
    """Add every value at or below `name`; the document itself is named by the empty text."""
    if depth > MAX_EVENT_DEPTH:
        raise LimitExceeded(f"the event nests deeper than {MAX_EVENT_DEPTH} levels; flatten it")
    if type(value) is dict or isinstance(value, Mapping):
        prefix = f"{name}." if name else ""
        for key, item in value.items():
            if type(item) in _PLAIN:
                flat.setdefault(f"{prefix}{key}", []).append(item)
            elif item is not None:
                _collect(flat, f"{prefix}{key}", item, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            if type(item) in _PLAIN:
                flat.setdefault(name, []).append(item)
            elif item is not None:
                _collect(flat, name, item, depth + 1)
    else:
        flat.setdefault(name, []).append(value)


_PLAIN = frozenset({str, int, float, bool})  # what most values are: saves the call


def _objects(value: Any, path: str) -> Iterator[Mapping[str, Any]]:
    """The objects at a dotted path below `value`, however dots and nesting spell it."""
    if isinstance(value, list | tuple):
        for item in value:
            yield from _objects(item, path)
    elif isinstance(value, Mapping):
        if not path:
            yield value
            return
        for key, item in value.items():
            if key == path or path.startswith(f"{key}."):
                yield from _objects(item, path[len(key) + 1 :])


# What a field of each type stores of a JSON value; None: nothing


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else string(value)


def _double(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) != float("inf") and number == number else None


def _long(value: Any) -> int | None:
    """Elasticsearch's `coerce`: text is read as a number, a fraction is cut off."""
    if isinstance(value, int):
        number: int | None = None if isinstance(value, bool) else value
    else:
        number = _long_of_text(value) if isinstance(value, str) else _truncated(value)
    return number if number is not None and -(2**63) <= number < 2**63 else None


def _unsigned(value: Any) -> int | None:
    if isinstance(value, int):
        number: int | None = None if isinstance(value, bool) else value
    else:
        number = _long_of_text(value) if isinstance(value, str) else _truncated(value)
    return number if number is not None and 0 <= number < 2**64 else None


def _long_of_text(text: str) -> int | None:
    digits = text[1:] if text[:1] in ("-", "+") else text
    if digits.isascii() and digits.isdigit() and len(digits) <= 20:
        return int(text)
    return _truncated(text)


def _truncated(value: Any) -> int | None:
    number = _double(value)
    return None if number is None else int(number)


def _boolean(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False, "": False}.get(value) if isinstance(value, str) else None


def _date(value: Any) -> int | None:
    return parse_date(value) if isinstance(value, str) else _long(value)


def _address(value: Any) -> str | None:
    return canonical_address(value) if isinstance(value, str) else None


def _nothing(value: Any) -> None:
    return None


def _place(value: Any) -> str:
    """A point may be written as text, an object of two numbers or an array of them: what it is, only ES|QL asks."""
    return "place"


@cache
def _conversion(kind: str) -> Callable[[Any], Scalar]:
    """The conversion for values of the kind that begins a slot."""
    kind, _, limit = kind.partition("<")
    type_ = kind.rstrip("~+")
    convert = _unsigned if kind.endswith("+") else _CONVERSIONS[type_]
    if type_ not in _TEXTS or (kind == type_ and not limit):
        return convert
    longest, lowers = int(limit or sys.maxsize), kind.endswith("~")

    def kept(value: Any) -> str | None:
        text = value if type(value) is str else string(value)
        if text is None or len(text) > longest:
            return None
        return text.lower() if lowers else text

    return kept


_TEXTS = frozenset({FieldType.KEYWORD, FieldType.WILDCARD, FieldType.TEXT, FieldType.VERSION, FieldType.FLATTENED})

_ROOTS = frozenset({FieldType.FLATTENED, FieldType.GEO})  # what stands below them is part of their value

_CONVERSIONS: dict[str, Callable[[Any], Scalar]] = {
    FieldType.KEYWORD: _text,
    FieldType.WILDCARD: _text,
    FieldType.TEXT: _text,
    FieldType.LONG: _long,
    FieldType.DOUBLE: _double,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
    FieldType.IP: _address,
    FieldType.VERSION: _text,
    FieldType.FLATTENED: _text,
    FieldType.GEO: _place,
    FieldType.OBJECT: _nothing,
    FieldType.NULL: _nothing,
}
