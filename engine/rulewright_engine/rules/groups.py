"""The values that events are grouped and told apart by."""

from collections.abc import Iterator, Sequence
from itertools import islice, product

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Field, FieldType, Scalar
from rulewright_engine.ir.fields import FieldTypes
from rulewright_schema.errors import LimitExceeded

__all__ = ["MAX_COMBINATIONS", "choices", "combinations", "key_fields"]

MAX_COMBINATIONS = 10_000
"""Combinations of the values of one event: arrays multiply."""


def key_fields(names: Sequence[str], fields: FieldTypes) -> tuple[Field, ...]:
    """The fields by name; an unknown one is taken for a keyword."""
    infos = (fields.lookup(name) for name in names)
    return tuple(
        Field(name, FieldType.KEYWORD) if info is None else info.field()
        for name, info in zip(names, infos, strict=True)
    )


def combinations(event: Event, keys: Sequence[Field]) -> Iterator[tuple[Scalar, ...]]:
    """Every choice of one value of each field; none where one of them is missing."""
    return choices([event.values(key) for key in keys])


def choices(values: Sequence[Sequence[Scalar]]) -> Iterator[tuple[Scalar, ...]]:
    """Every choice of one value of each."""
    distinct = [list(dict.fromkeys(held)) for held in values]
    found = list(islice(product(*distinct), MAX_COMBINATIONS + 1))
    if len(found) > MAX_COMBINATIONS:
        raise LimitExceeded(f"an event has more than {MAX_COMBINATIONS} combinations of key values; shorten its arrays")
    return iter(found)
