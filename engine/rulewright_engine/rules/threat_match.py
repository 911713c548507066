"""Threat match rules: events that agree with an indicator (semantics B4).

The mapping is an OR of groups, a group an AND of entries, all of one indicator document.
"""

from collections.abc import Iterable

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    And,
    Condition,
    Constant,
    Field,
    FieldType,
    Leaf,
    Not,
    Or,
    Scalar,
)
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.languages.index_semantics import test_value
from rulewright_engine.rules.groups import key_fields
from rulewright_schema.rule import ThreatMapping, ThreatMatchRule

__all__ = ["threat_condition"]


def threat_condition(rule: ThreatMatchRule, indicators: Iterable[Event], fields: FieldTypes, *, now: int) -> Condition:
    """What an event must meet to agree with one of the indicators."""
    found = list(indicators)
    matches = [
        condition
        for group in rule.threat_mapping
        for indicator in found
        if (condition := _group(group, indicator, fields, now)) is not None
    ]
    return Or(tuple(matches)) if matches else Constant(False)


def _group(group: tuple[ThreatMapping, ...], indicator: Event, fields: FieldTypes, now: int) -> Condition | None:
    """None where the indicator says nothing to the group: a field is missing, or its value is not one.

    A group of one entry over exact values asks for the first of several values.
    """
    entries = [_entry(entry, indicator, fields, now, alone=len(group) == 1) for entry in group]
    present = [entry for entry in entries if entry is not None]
    if len(present) < len(entries):
        return None
    return present[0] if len(present) == 1 else And(tuple(present))


def _entry(entry: ThreatMapping, indicator: Event, fields: FieldTypes, now: int, *, alone: bool) -> Condition | None:
    field, asked = key_fields((entry.field, entry.value), fields)
    values = indicator.values(asked)
    first = next(iter(values), None)
    if first is None or (len(values) > 1 and not (alone and field.type is not FieldType.TEXT)):
        return None
    test = test_value(_text(first), field.type, phrase=False, now=now)
    if test is None or isinstance(test, Constant):
        return None
    leaf = Leaf(Field(field.name, field.type), test, f"{entry.field}:{entry.value}")
    return Not(leaf) if entry.negate else leaf


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
