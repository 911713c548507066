"""Which events agree with which indicators: the mapping of a threat_match rule, as Kibana asks for it.

The mapping is an OR of groups, a group an AND of entries, all of one indicator document. Kibana reads the values of
one side and searches the other for them: those of the indicators, or those of the events where these are fewer. The
values that it reads must be single ones; of a lone entry over exact values it reads the first.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import And, Condition, Constant, Exists, Field, FieldType, Leaf, Not, Scalar, Test
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.languages.index_semantics import test_value
from rulewright_engine.rules.groups import key_fields
from rulewright_schema.rule import ThreatMapping

__all__ = ["Agreement", "Entries", "Mapped", "Side", "asked_from", "side_of"]

Entries = tuple[ThreatMapping, ...]
Mapped = tuple[Entries, ...]

_EXACT = frozenset({FieldType.KEYWORD, FieldType.WILDCARD, FieldType.IP})
"""Fields that Kibana searches for a whole list of values at once."""


class Side(Enum):
    """The documents whose values are read."""

    INDICATORS = "indicators"
    EVENTS = "events"


@dataclass(frozen=True, slots=True)
class Agreement:
    """An indicator that agrees with an event, by its place among the indicators, and the group in which it does."""

    indicator: int
    group: Entries


def side_of(mapping: Mapped, events: Iterable[Event], indicators: Iterable[Event], fields: FieldTypes) -> Side:
    """The side that a run asks from; documents without the fields of any group do not count."""
    fewer = _count(mapping, events, fields, Side.EVENTS) < _count(mapping, indicators, fields, Side.INDICATORS)
    return Side.EVENTS if fewer else Side.INDICATORS


def asked_from(
    side: Side, mapping: Mapped, indicators: Sequence[Event], fields: FieldTypes, *, now: int
) -> Callable[[Event], Iterator[Agreement]]:
    """What finds the indicators that an event agrees with, where the values of `side` are read."""
    if side is Side.INDICATORS:
        asks = [
            (Agreement(place, group), compile_condition(condition))
            for group in mapping
            for place, indicator in enumerate(indicators)
            if (condition := _asked(group, indicator, fields, now, side)) is not None
        ]
        return lambda event: (agreement for agreement, meets in asks if meets(event))

    def of_event(event: Event) -> Iterator[Agreement]:
        for group in mapping:
            condition = _asked(group, event, fields, now, side)
            if condition is not None:
                meets = compile_condition(condition)
                yield from (Agreement(place, group) for place, each in enumerate(indicators) if meets(each))

    return of_event


def _count(mapping: Mapped, documents: Iterable[Event], fields: FieldTypes, side: Side) -> int:
    demanded = [key_fields([_names(e, side)[0] for e in group if not e.negate], fields) for group in mapping]
    return sum(any(all(document.values(key) for key in keys) for keys in demanded) for document in documents)


def _names(entry: ThreatMapping, side: Side) -> tuple[str, str]:
    """The field of the documents that are read, and that of those which are searched."""
    return (entry.field, entry.value) if side is Side.EVENTS else (entry.value, entry.field)


def _asked(group: Entries, document: Event, fields: FieldTypes, now: int, side: Side) -> Condition | None:
    """What a document of the other side must meet; None where this one says nothing to the group.

    That is so where one of its fields is missing or has several values, unless the entry is negated.
    """
    pairs = [key_fields(_names(entry, side), fields) for entry in group]
    is_list = len(group) == 1 and all(field.type in _EXACT for field in pairs[0])
    asked: list[Condition] = []
    for entry, (read, searched) in zip(group, pairs, strict=True):
        values = document.values(read)[: 1 if is_list else None]
        test = _test(values[0], searched, now) if len(values) == 1 else None
        if entry.negate:
            asked += _negated(entry, searched, test, is_missing=not values)
        elif test is None:
            return None
        else:
            asked.append(_leaf(entry, searched, test))
    return And(tuple(asked))


def _negated(entry: ThreatMapping, searched: Field, test: Test | None, *, is_missing: bool) -> Iterator[Condition]:
    """A missing value asks for any value on the other side; several values ask for nothing."""
    if is_missing:
        yield _leaf(entry, searched, Exists())
    elif test is not None:
        yield Not(_leaf(entry, searched, test))


def _leaf(entry: ThreatMapping, searched: Field, test: Test) -> Leaf:
    return Leaf(searched, test, f"{entry.field}:{entry.value}")


def _test(value: Scalar, searched: Field, now: int) -> Test | None:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    test = test_value(text, searched.type, phrase=False, now=now)
    return None if isinstance(test, Constant) else test
