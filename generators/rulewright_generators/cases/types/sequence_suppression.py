"""Which alerts of a sequence rule suppression makes one: those that hold the same values, or that hold none."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import FieldType
from rulewright_engine.ir.fields import FieldTypes
from rulewright_generators.cases.events.documents import Document, patched
from rulewright_generators.cases.events.values import another
from rulewright_schema.rule import AlertSuppression

__all__ = ["suppressed_pairs"]

Pair = tuple[str, list[Document], bool]
"""A sentence, the events of one sequence and behind them those of the next, and whether both are alerts."""

_USUAL = {FieldType.IP: "192.0.2.10", FieldType.LONG: 1, FieldType.DOUBLE: 1.5, FieldType.BOOLEAN: True}


def suppressed_pairs(
    suppression: AlertSuppression, events: Sequence[Document], shared: set[str], fields: FieldTypes
) -> Iterator[Pair]:
    """Two sequences of these events, one behind the other; `shared` are the fields that join the events of each."""
    usual = {name: _usual(name, events, fields) for name in suppression.group_by}
    alike = [patched(event, usual) for event in events]
    yield "Two sequences of one group are one alert.", [*alike, *alike], False
    for name in suppression.group_by:
        other = {name: another(usual[name])}
        yield f"Two sequences with different `{name}` are two alerts.", [*alike, *_each(alike, other)], True
    joins = suppression.missing_fields_strategy == "suppress"
    for name in suppression.group_by if len(events) > 1 else ():
        if name not in shared:
            apart = [*alike[:-1], *_each(alike[-1:], {name: another(usual[name])})]
            said = "one alert" if joins else "two alerts"
            why = f"The events of each sequence disagree in `{name}`, which the two then lack: {said}."
            yield why, [*apart, *apart], not joins


def _each(events: Sequence[Document], values: Mapping[str, Any]) -> list[Document]:
    return [patched(event, values) for event in events]


def _usual(name: str, events: Sequence[Document], fields: FieldTypes) -> Any:
    held = (value for event in events for value in Event(event).raw(name))
    info = fields.lookup(name)
    return next(held, _USUAL.get(info.type, "alice") if info else "alice")
