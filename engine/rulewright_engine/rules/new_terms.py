"""New terms rules: combinations of values that the history does not hold (semantics B4)."""

from collections.abc import Iterable, Sequence

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Scalar
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.rules.groups import combinations, key_fields
from rulewright_schema.rule import NewTerms

__all__ = ["new_combinations"]


def new_combinations(
    new_terms: NewTerms, events: Sequence[Event], positions: Sequence[int], history: Iterable[Event], fields: FieldTypes
) -> list[tuple[tuple[Scalar, ...], int]]:
    """Each combination that no event of the history has, and the position of the first event that has it.

    `positions` are those of the window in the order of time; `history` are the matching events before it. An event
    without one of the fields has no combination, one with arrays has every choice of their values.
    """
    keys = key_fields(new_terms.fields, fields)
    known = {key for event in history for key in combinations(event, keys)}
    first: dict[tuple[Scalar, ...], int] = {}
    for position in positions:
        for key in combinations(events[position], keys):
            if key not in known:
                first.setdefault(key, position)
    return list(first.items())
