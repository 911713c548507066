"""Samples: one event for each stage, all of one key, in any order (semantics B1)."""

from collections.abc import Iterator, Sequence
from typing import Any

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.sequences import JoinKey, stage_keys
from rulewright_engine.ir.expression import (
    Field,
    FieldType,
    Scalar,
    Value,
)
from rulewright_engine.ir.query import Sample, Stage
from rulewright_engine.values.addresses import parse_address

__all__ = ["match_sample"]


def match_sample(query: Sample, events: Sequence[Event]) -> Iterator[tuple[tuple[int, ...], JoinKey]]:
    """The positions of one sample for each key, stage by stage, and the key; in the order of the keys, null first.

    Only the first events of a stage and key are tried, as many as there are stages: one more is never needed, because
    an event can be taken by each of the other stages only once.
    """
    candidates = [_candidates(stage, events, len(query.stages)) for stage in query.stages]
    shared = set(candidates[0]).intersection(*candidates[1:])
    for key in sorted(shared, key=lambda key: _order(query.stages[0].keys, key)):
        chosen = _distinct([positions[key] for positions in candidates])
        if chosen is not None:
            yield chosen, key


def _candidates(stage: Stage, events: Sequence[Event], most: int) -> dict[JoinKey, list[int]]:
    meets, keys_of = compile_condition(stage.condition), stage_keys(stage)
    found: dict[JoinKey, list[int]] = {}
    for position, event in enumerate(events):
        if meets(event):
            for key in keys_of(event):
                positions = found.setdefault(key, [])
                if len(positions) < most:
                    positions.append(position)
    return found


def _distinct(lists: Sequence[Sequence[int]]) -> tuple[int, ...] | None:
    """The first choice of one position from each list without a repeat.

    A position that was taken is given up again when the rest cannot be completed (backtracking); the lists are as short
    as the query has stages.
    """
    chosen: list[int] = []
    indices = [0]
    while indices:
        options = lists[len(indices) - 1]
        index = next((at for at in range(indices[-1], len(options)) if options[at] not in chosen), None)
        if index is None:
            indices.pop()
            if chosen:
                chosen.pop()
            continue
        indices[-1] = index + 1
        chosen.append(options[index])
        if len(chosen) == len(lists):
            return tuple(chosen)
        indices.append(0)
    return None


def _order(keys: Sequence[Value], key: JoinKey) -> tuple[tuple[bool, Any], ...]:
    return tuple((value is not None, _comparable(field, value)) for field, value in zip(keys, key, strict=True))


def _comparable(field: Value, value: Scalar) -> Any:
    if isinstance(field, Field) and field.type is FieldType.IP and isinstance(value, str):
        return parse_address(value) or 0
    return 0 if value is None else value
