"""What a query's fields are: the types of a catalogue or of a mapping, in the families that evaluation knows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Protocol

from rulewright_engine.ir.expression import FieldType
from rulewright_schema.catalogue import Catalogue, FieldEntry, default_catalogue
from rulewright_schema.similar import nearest_of

__all__ = ["FAMILIES", "CatalogueFields", "FieldInfo", "FieldTypes", "MappingFields", "family_of"]

FAMILIES: dict[str, FieldType] = {
    "keyword": FieldType.KEYWORD,
    "constant_keyword": FieldType.KEYWORD,
    "flattened": FieldType.KEYWORD,
    "wildcard": FieldType.WILDCARD,
    "text": FieldType.TEXT,
    "match_only_text": FieldType.TEXT,
    "long": FieldType.LONG,
    "integer": FieldType.LONG,
    "short": FieldType.LONG,
    "byte": FieldType.LONG,
    "unsigned_long": FieldType.LONG,
    "double": FieldType.DOUBLE,
    "float": FieldType.DOUBLE,
    "half_float": FieldType.DOUBLE,
    "scaled_float": FieldType.DOUBLE,
    "boolean": FieldType.BOOLEAN,
    "date": FieldType.DATE,
    "date_nanos": FieldType.DATE,
    "ip": FieldType.IP,
    "version": FieldType.VERSION,
    "object": FieldType.OBJECT,
    "nested": FieldType.OBJECT,
    "geo_point": FieldType.OBJECT,
    "geo_shape": FieldType.OBJECT,
}


def family_of(elasticsearch_type: str) -> FieldType:
    """The family of an Elasticsearch mapping type; a type that is not listed is treated as keyword."""
    return FAMILIES.get(elasticsearch_type, FieldType.KEYWORD)


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A known field: Elasticsearch's own type name, and the family it evaluates as.

    `array`: whether it holds several values; None where the list that defines it does not say.
    `allowed_values` are the only values that the schema expects, where it says so.
    `inferred`: the type is only what rules use the field as; no schema defines it.
    """

    name: str
    elasticsearch_type: str
    type: FieldType
    array: bool | None = None
    allowed_values: tuple[str, ...] = ()
    inferred: bool = False


class FieldTypes(Protocol):
    """Answers what a field is. None means unmapped: each language says what follows from that."""

    def __hash__(self) -> int: ...  # what is read with the same fields is read once

    def lookup(self, name: str) -> FieldInfo | None: ...

    def nearest(self, name: str) -> str | None:
        """The known name most like `name`, for a "did you mean"; None when nothing is close."""

    def matching(self, pattern: str) -> tuple[str, ...]:
        """The known names that match a glob with `*` (KQL field wildcards), sorted."""
        ...


class CatalogueFields:
    """The fields of a catalogue; without one, of the catalogue that ships with Rulewright."""

    def __init__(self, catalogue: Catalogue | None = None) -> None:
        self.catalogue = catalogue or default_catalogue()
        self._known: dict[str, FieldInfo | None] = {}

    def lookup(self, name: str) -> FieldInfo | None:
        if name not in self._known:
            entry = self.catalogue.lookup(name)
            self._known[name] = None if entry is None else _info_of(entry)
        return self._known[name]

    def nearest(self, name: str) -> str | None:
        return self.catalogue.nearest(name)

    def matching(self, pattern: str) -> tuple[str, ...]:
        return self.catalogue.matching(pattern)


_RULES = "public detection rules"
"""The title of the one list that is no schema."""


def _info_of(entry: FieldEntry) -> FieldInfo:
    array = entry.array or (False if entry.source.startswith("ECS ") else None)  # the other lists are silent about it
    inferred = entry.source == _RULES
    return FieldInfo(entry.name, entry.type, family_of(entry.type), array, entry.allowed_values, inferred)


class MappingFields:
    """The fields of a mapping: full names and Elasticsearch's type names. Below a `flattened` field all are keywords.

    A name that only leads to others is an object.
    """

    def __init__(self, types: Mapping[str, str]) -> None:
        self._types = dict(types)
        parents = (parent for name in types for parent in _parents(name))
        self._objects = {name: "object" for name in parents if name not in self._types}

    def lookup(self, name: str) -> FieldInfo | None:
        found = self._types.get(name) or self._objects.get(name)
        if found is None and any(self._types.get(parent) == "flattened" for parent in _parents(name)):
            found = "keyword"
        return None if found is None else FieldInfo(name, found, family_of(found))

    def nearest(self, name: str) -> str | None:
        return nearest_of(name, self._types)

    def matching(self, pattern: str) -> tuple[str, ...]:
        return tuple(sorted(name for name in self._types if fnmatchcase(name, pattern)))


def _parents(name: str) -> Iterable[str]:
    parent = name.rpartition(".")[0]
    while parent:
        yield parent
        parent = parent.rpartition(".")[0]
