"""One list of fields and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from rulewright_schema.resources import read_json

__all__ = ["FIELD_TYPES", "FieldEntry", "FieldSource"]

FIELD_TYPES = frozenset(
    {
        "alias",
        "binary",
        "boolean",
        "byte",
        "constant_keyword",
        "date",
        "date_nanos",
        "date_range",
        "double",
        "double_range",
        "flattened",
        "float",
        "float_range",
        "geo_point",
        "geo_shape",
        "half_float",
        "histogram",
        "integer",
        "integer_range",
        "ip",
        "ip_range",
        "keyword",
        "long",
        "long_range",
        "match_only_text",
        "nested",
        "object",
        "scaled_float",
        "short",
        "text",
        "unsigned_long",
        "version",
        "wildcard",
    }
)
"""The types of Elasticsearch that a field may have (https://www.elastic.co/docs/reference/elasticsearch/mapping)."""


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """A known field: `type` is Elasticsearch's name of it, `multi_field_of` the field that a multi-field belongs to,
    `normalizer` what its values pass through.

    `array` means that the field is defined to hold several values. `source` is the title of the list that defines it.
    """

    name: str
    type: str
    array: bool = False
    allowed_values: tuple[str, ...] = ()
    multi_field_of: str | None = None
    normalizer: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class FieldSource:
    """Names to types. A name with `*` stands for every name that it matches; `*` may span several parts."""

    title: str
    types: Mapping[str, str]
    arrays: frozenset[str] = frozenset()
    multi_fields: Mapping[str, str] = field(default_factory=dict)
    normalizers: Mapping[str, str] = field(default_factory=dict)
    allowed_values: Mapping[str, list[str]] = field(default_factory=dict)
    patterns: tuple[str, ...] = ()

    @classmethod
    def from_fields(cls, title: str, fields: Mapping[str, str], **details: Any) -> "FieldSource":
        return cls(title, fields, patterns=tuple(name for name in fields if "*" in name), **details)

    @classmethod
    def from_package(cls, name: str) -> "FieldSource":
        """Load the list `name` from the data files of this package."""
        data = read_json("rulewright_schema.catalogue", "data", f"{name}.json")
        return cls.from_fields(
            data["title"],
            {field_name: field_type for field_type, names in data["types"].items() for field_name in names},
            arrays=frozenset(data["arrays"]),
            multi_fields=data["multi_fields"],
            normalizers=data["normalizers"],
            allowed_values=data["allowed_values"],
        )

    def exact(self, name: str) -> FieldEntry | None:
        field_type = self.types.get(name)
        return None if field_type is None else self._entry(name, field_type, name)

    def by_pattern(self, name: str) -> FieldEntry | None:
        return next((self._entry(name, self.types[key], key) for key in self.patterns if _matches(name, key)), None)

    def _entry(self, name: str, field_type: str, key: str) -> FieldEntry:
        return FieldEntry(
            name,
            field_type,
            array=key in self.arrays,
            allowed_values=tuple(self.allowed_values.get(key, ())),
            multi_field_of=self.multi_fields.get(key),
            normalizer=self.normalizers.get(key),
            source=self.title,
        )


def _matches(name: str, pattern: str) -> bool:
    # The literal head is compared first: it decides nearly always, and spares compiling the pattern.
    return name.startswith(pattern.partition("*")[0]) and fnmatchcase(name, pattern)
