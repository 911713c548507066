"""Threshold rules: groups of events that are at least so many (semantics B4)."""

from collections.abc import Sequence

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Scalar
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.rules.groups import combinations, key_fields
from rulewright_schema.rule import Threshold

__all__ = ["threshold_groups"]

Group = tuple[tuple[Scalar, ...], tuple[int, ...]]


def threshold_groups(
    threshold: Threshold, events: Sequence[Event], positions: Sequence[int], fields: FieldTypes
) -> list[Group]:
    """The groups that reach the threshold: their values, and the positions of their events.

    An event without one of the fields belongs to no group, one with several values to the group of each. Without
    fields all events are one group. Of several cardinalities Kibana reads the first. Groups are in the order of
    their values.
    """
    keys = key_fields(threshold.field, fields)
    groups: dict[tuple[Scalar, ...], list[int]] = {}
    for position in positions:
        for key in combinations(events[position], keys):
            groups.setdefault(key, []).append(position)
    return [
        (key, tuple(members))
        for key, members in sorted(groups.items())
        if _reached(threshold, [events[member] for member in members], fields)
    ]


def _reached(threshold: Threshold, members: Sequence[Event], fields: FieldTypes) -> bool:
    if len(members) < threshold.value:
        return False
    if not threshold.cardinality:
        return True
    first = threshold.cardinality[0]
    (field,) = key_fields((first.field,), fields)
    return len({value for event in members for value in event.values(field)}) >= first.value
