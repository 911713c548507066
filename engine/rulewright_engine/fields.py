"""What a query's fields are: the types of a catalogue or of a mapping, in the families that evaluation knows."""

from dataclasses import dataclass
from typing import Protocol

from rulewright_engine.expression import FieldType

__all__ = ["FAMILIES", "FieldInfo", "FieldTypes", "family_of"]

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
    """A known field: Elasticsearch's own type name, and the family it evaluates as."""

    name: str
    elasticsearch_type: str
    type: FieldType
    array: bool = False


class FieldTypes(Protocol):
    """Answers what a field is. None means unmapped: each language says what follows from that."""

    def lookup(self, name: str) -> FieldInfo | None: ...

    def nearest(self, name: str) -> str | None:
        """The known name most like `name`, for a "did you mean"; None when nothing is close."""

    def matching(self, pattern: str) -> tuple[str, ...]:
        """The known names that match a glob with `*` (KQL field wildcards), sorted."""
