"""The mapping of an index for some fields: their types by the catalogue, texts of unknown fields as keywords."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rulewright_engine.ir.fields import FieldInfo, FieldTypes

__all__ = ["field_names", "mapping_of"]

PARAMETERS = {"scaled_float": {"scaling_factor": 1_000}}
"""What a type cannot do without."""

REPLACED = {"alias": "keyword", "constant_keyword": "keyword"}
"""Types that need another field to point to, or an index for each value."""

NO_LEAVES = frozenset({"object", "group"})
TEXTS_AS_KEYWORDS = {"texts": {"match_mapping_type": "string", "mapping": {"type": "keyword", "ignore_above": 1_024}}}


def mapping_of(names: Iterable[str], fields: FieldTypes) -> dict[str, Any]:
    """A mapping that has these fields; of a multi-field, the field that it belongs to as well."""
    properties: dict[str, Any] = {}
    for name in sorted(names):
        info = fields.lookup(name)
        if info is None or info.inferred or info.flattened_in or info.elasticsearch_type in NO_LEAVES:
            continue
        if info.multi_field_of:
            parent = fields.lookup(info.multi_field_of)
            field = _place(properties, info.multi_field_of, parent) if parent else {}
            field.setdefault("fields", {})[name.rpartition(".")[2]] = _leaf(info)
        else:
            _place(properties, name, info)
    return {"dynamic_templates": [TEXTS_AS_KEYWORDS], "properties": properties}


def _place(properties: dict[str, Any], name: str, info: FieldInfo) -> dict[str, Any]:
    """The definition of a field at its place, made if it is not there."""
    parent, _, last = name.rpartition(".")
    level = properties
    walked = ""
    for part in parent.split(".") if parent else ():
        walked = f"{walked}.{part}".lstrip(".")
        step = level.setdefault(part, {"type": "nested"} if walked == info.nested_in else {})
        level = step.setdefault("properties", {})
    field = level.setdefault(last, {})
    if "type" not in field and "properties" not in field:
        field |= _leaf(info)
    return field


def _leaf(info: FieldInfo) -> dict[str, Any]:
    type_ = REPLACED.get(info.elasticsearch_type, info.elasticsearch_type)
    leaf: dict[str, Any] = {"type": type_, **PARAMETERS.get(type_, {})}
    if info.lowercase:
        leaf["normalizer"] = "lowercase"
    if info.ignore_above:
        leaf["ignore_above"] = info.ignore_above
    return leaf


def field_names(document: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    """The names of all fields of a document, and of those that hold them."""
    for key, value in document.items():
        name = f"{prefix}{key}"
        yield name
        for inner in value if isinstance(value, list) else (value,):
            if isinstance(inner, Mapping):
                yield from field_names(inner, f"{name}.")
