"""What a query's fields are: the types of a catalogue or of a mapping, in the families that evaluation knows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Protocol

from rulewright_engine.ir.expression import Field, FieldType
from rulewright_schema.catalogue import Catalogue, FieldEntry, default_catalogue
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import NOWHERE, Span

__all__ = ["FAMILIES", "CatalogueFields", "FieldInfo", "FieldTypes", "MappingFields", "family_of"]

FAMILIES: dict[str, FieldType] = {
    "keyword": FieldType.KEYWORD,
    "constant_keyword": FieldType.KEYWORD,
    "flattened": FieldType.FLATTENED,
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
    "geo_point": FieldType.GEO,
    "geo_shape": FieldType.GEO,
}


def family_of(elasticsearch_type: str) -> FieldType:
    """The family of an Elasticsearch mapping type; a type that is not listed is treated as keyword."""
    return FAMILIES.get(elasticsearch_type, FieldType.KEYWORD)


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A known field: Elasticsearch's own type name, and the family it evaluates as.

    `array`: whether it holds several values; None where the list that defines it does not say.
    `allowed_values` are the only values that the schema expects, where it says so.
    `inferred`: the type is only what rules use the field as; no schema defines it. `multi_field_of`: the field whose
    values a multi-field has. `flattened_in`, `nested_in`: the fields of these types that it lies in.
    """

    name: str
    elasticsearch_type: str
    type: FieldType
    array: bool | None = None
    allowed_values: tuple[str, ...] = ()
    inferred: bool = False
    multi_field_of: str = ""
    lowercase: bool = False
    ignore_above: int = 0
    flattened_in: str = ""
    nested_in: str = ""

    def field(self, *, optional: bool = False, span: Span = NOWHERE) -> Field:
        """What a query reads: of a multi-field, the values of the field that it belongs to."""
        return Field(
            self.multi_field_of or self.name,
            self.type,
            optional,
            span,
            alias=self.name if self.multi_field_of else "",
            lowercase=self.lowercase,
            ignore_above=self.ignore_above,
            unsigned=self.elasticsearch_type == "unsigned_long",
        )


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
            self._known[name] = None if entry is None else self._info_of(entry)
        return self._known[name]

    def nearest(self, name: str) -> str | None:
        return self.catalogue.nearest(name)

    def matching(self, pattern: str) -> tuple[str, ...]:
        return self.catalogue.matching(pattern)

    def _info_of(self, entry: FieldEntry) -> FieldInfo:
        is_single = entry.source.startswith("ECS ") or entry.type == _CONSTANT  # the other lists are silent about it
        return FieldInfo(
            entry.name,
            entry.type,
            family_of(entry.type),
            entry.array or (False if is_single else None),
            entry.allowed_values,
            inferred=entry.source == _RULES,
            multi_field_of=entry.multi_field_of or "",
            lowercase=entry.normalizer == _LOWERCASE,
            ignore_above=IGNORE_ABOVE if entry.type == "keyword" else 0,
            flattened_in=self._around(entry.name, "flattened"),
            nested_in=self._around(entry.name, "nested"),
        )

    def _around(self, name: str, type_: str) -> str:
        return next((parent for parent in _parents(name) if self._type_of(parent) == type_), "")

    def _type_of(self, name: str) -> str | None:
        entry = self.catalogue.lookup(name)
        return entry.type if entry else None


_RULES = "public detection rules"
"""The title of the one list that is no schema."""
_CONSTANT = "constant_keyword"
"""The type of fields that have one value in all documents of an index."""
_LOWERCASE = "lowercase"
IGNORE_ABOVE = 1_024
"""Characters from which on ECS, Elastic Defend and Beats keep no value of a keyword (their `ignore_above`)."""


class MappingFields:
    """The fields of a mapping: full names, with the name of Elasticsearch's type, or with the parameters `type`,
    `normalizer` (each is taken for `lowercase`), `ignore_above` and `fields`.

    Below a `flattened` field all are keywords. A usual name of a multi-field below a field with values is one of that;
    `fields` declares any other. A name that only leads to others is an object.
    """

    def __init__(self, types: Mapping[str, str | Mapping[str, Any]]) -> None:
        self._parameters = {name: given for name, given in _spread(types) if not isinstance(given, str)}
        self._types = {name: _type_in(given) for name, given in _spread(types)}
        self._declared = {f"{name}.{last}": name for name, given in types.items() for last in _multi_fields_in(given)}
        parents = (parent for name in types for parent in _parents(name))
        self._objects = {name: "object" for name in parents if name not in self._types}

    def lookup(self, name: str) -> FieldInfo | None:
        found = self._types.get(name) or self._objects.get(name)
        flattened_in = self._around(name, "flattened")
        if found is None and flattened_in:
            found = "keyword"
        if found is None:
            return None
        parameters = self._parameters.get(name, {})
        return FieldInfo(
            name,
            found,
            family_of(found),
            False if found == _CONSTANT else None,
            multi_field_of=self._multi_field_of(name),
            lowercase="normalizer" in parameters,
            ignore_above=parameters.get("ignore_above", 0),
            flattened_in=flattened_in,
            nested_in=self._around(name, "nested"),
        )

    def _multi_field_of(self, name: str) -> str:
        parent, _, last = name.rpartition(".")
        is_usual = last in MULTI_FIELD_NAMES and self._types.get(parent, "object") not in _CONTAINERS
        return parent if is_usual else self._declared.get(name, "")

    def _around(self, name: str, type_: str) -> str:
        return next((parent for parent in _parents(name) if self._types.get(parent) == type_), "")

    def nearest(self, name: str) -> str | None:
        return nearest_of(name, self._types)

    def matching(self, pattern: str) -> tuple[str, ...]:
        return tuple(sorted(name for name in self._types if fnmatchcase(name, pattern)))


MULTI_FIELD_NAMES = frozenset({"caseless", "keyword", "raw", "text", "wildcard"})

_CONTAINERS = frozenset({"object", "nested", "flattened", "alias"})
"""Types of fields below which other fields lie, and no multi-fields."""


def _spread(types: Mapping[str, str | Mapping[str, Any]]) -> Iterator[tuple[str, str | Mapping[str, Any]]]:
    """The fields and their multi-fields."""
    for name, given in types.items():
        yield name, given
        for last, multi_field in _multi_fields_in(given).items():
            yield f"{name}.{last}", multi_field


def _multi_fields_in(given: str | Mapping[str, Any]) -> Mapping[str, Any]:
    return {} if isinstance(given, str) else given.get("fields", {})


def _type_in(given: str | Mapping[str, Any]) -> str:
    return given if isinstance(given, str) else given.get("type", "object")


def _parents(name: str) -> Iterable[str]:
    parent = name.rpartition(".")[0]
    while parent:
        yield parent
        parent = parent.rpartition(".")[0]
