"""From the data of a rule file to the typed rule."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any

from rulewright_schema.rule import (
    AlertSuppression,
    Cardinality,
    EqlRule,
    EsqlRule,
    MachineLearningRule,
    Metadata,
    NewTerms,
    NewTermsRule,
    QueryRule,
    Rule,
    Tactic,
    Technique,
    Threat,
    ThreatMapping,
    ThreatMatchRule,
    Threshold,
    ThresholdRule,
    Transform,
)

__all__ = ["RULE_CLASSES", "build_rule"]

RULE_CLASSES: Mapping[str, type[Rule]] = {
    "eql": EqlRule,
    "query": QueryRule,
    "esql": EsqlRule,
    "threshold": ThresholdRule,
    "new_terms": NewTermsRule,
    "threat_match": ThreatMatchRule,
    "machine_learning": MachineLearningRule,
}
"""The value of `rule.type` and the class that models it."""


def build_rule(data: Mapping[str, Any]) -> Rule:
    """The rule in `data`, a file's content. Raises KeyError, TypeError, ValueError or AttributeError for a bad shape.

    Keys that the model does not know are left out; they stay in `raw`.
    """
    table = data["rule"]
    rule_class = RULE_CLASSES[table["type"]]
    known = {field.name for field in fields(rule_class)} - BUILT_APART
    values = {name: _convert(name, table[key]) for name in known if (key := name.rstrip("_")) in table}
    return rule_class(
        metadata=_metadata(data.get("metadata", {})),
        transform=_transform(data.get("transform", {})),
        raw=data,
        **values,
    )


BUILT_APART = {"metadata", "transform", "raw"}


def _convert(name: str, value: Any) -> Any:
    convert = CONVERSIONS.get(name)
    if convert is not None:
        return convert(value)
    return tuple(value) if isinstance(value, list) else value


def _metadata(table: Mapping[str, Any]) -> Metadata:
    known = {field.name for field in fields(Metadata)} - {"extra"}
    values: dict[str, Any] = {name: table[name] for name in known if name in table}
    values["integration"] = _texts(table.get("integration", []))
    return Metadata(**values, extra={key: value for key, value in table.items() if key not in known})


def _transform(table: Mapping[str, Any]) -> Transform:
    return Transform(investigate=tuple(table.get("investigate", [])), osquery=tuple(table.get("osquery", [])))


def _texts(value: str | list[str]) -> tuple[str, ...]:
    """Some fields hold one text or a list of them."""
    return (value,) if isinstance(value, str) else tuple(value)


def _threat(entry: Mapping[str, Any]) -> Threat:
    tactic = entry["tactic"]
    return Threat(
        framework=entry["framework"],
        tactic=Tactic(id=tactic["id"], name=tactic["name"], reference=tactic["reference"]),
        technique=_each(_technique)(entry.get("technique", [])),
        framework_version=entry.get("framework_version"),
    )


def _technique(entry: Mapping[str, Any]) -> Technique:
    return Technique(
        id=entry["id"],
        name=entry["name"],
        reference=entry["reference"],
        subtechnique=_each(_technique)(entry.get("subtechnique", [])),
    )


def _alert_suppression(table: Mapping[str, Any]) -> AlertSuppression:
    duration = table.get("duration")
    return AlertSuppression(
        group_by=tuple(table.get("group_by", [])),
        duration=(duration["value"], duration["unit"]) if duration else None,
        missing_fields_strategy=table.get("missing_fields_strategy", "suppress"),
    )


def _threshold(table: Mapping[str, Any]) -> Threshold:
    return Threshold(
        field=_texts(table["field"]),
        value=table["value"],
        cardinality=_each(lambda entry: Cardinality(field=entry["field"], value=entry["value"]))(
            table.get("cardinality", [])
        ),
    )


def _new_terms(table: Mapping[str, Any]) -> NewTerms:
    return NewTerms(fields=tuple(table["value"]), history_window_start=table["history_window_start"][0]["value"])


def _threat_mapping(groups: Iterable[Mapping[str, Any]]) -> tuple[tuple[ThreatMapping, ...], ...]:
    return tuple(_each(_mapping_entry)(group["entries"]) for group in groups)


def _mapping_entry(entry: Mapping[str, Any]) -> ThreatMapping:
    return ThreatMapping(
        field=entry["field"],
        value=entry["value"],
        type=entry.get("type", "mapping"),
        negate=entry.get("negate", False),
    )


def _each(build: Callable[[Mapping[str, Any]], Any]) -> Callable[[Iterable[Mapping[str, Any]]], tuple[Any, ...]]:
    return lambda entries: tuple(build(entry) for entry in entries)


CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {
    "threat": _each(_threat),
    "alert_suppression": _alert_suppression,
    "threshold": _threshold,
    "new_terms": _new_terms,
    "threat_mapping": _threat_mapping,
    "machine_learning_job_id": _texts,
    "investigation_fields": lambda table: tuple(table["field_names"]),
    "risk_score": int,
}
"""How a field of the file becomes one of the model, where it is not taken as it is (a list becomes a tuple)."""
