"""How far values of fields are from others: what makes one change of an event smaller than another."""

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

from rulewright_engine.values.case_folding import fold_case

__all__ = ["Distance", "distance", "total_distance"]

MAX_COMPARED_CHARACTERS = 200
"""Characters of a text that are looked at to say how near it is to another."""

Distance = tuple[bool, int, int, float]
"""Whether the field is lost, how many values change, how many are added or dropped, how different they are."""


def distance(old: tuple[Any, ...], new: tuple[Any, ...]) -> Distance:
    """To lose a field is more than to change a value, and one value is changed before two are.

    >>> distance(("cmd.exe",), ("cmd",)) < distance(("cmd.exe",), ("powershell.exe",)) < distance(("cmd.exe",), ())
    True
    """
    added = [value for value in new if value not in old]
    dropped = [value for value in old if value not in new]
    apart = sum(min((_difference(value, other) for other in dropped), default=0.0) for value in added)
    return bool(old) and not new, max(len(added), len(dropped)), len(added) + len(dropped), apart


def total_distance(fields: Iterable[tuple[tuple[Any, ...], tuple[Any, ...]]]) -> tuple[int, tuple[Distance, ...]]:
    """Of several fields, each with its values before and after: first how many they are, then how far each changes."""
    distances = sorted(distance(before, after) for before, after in fields)
    return len(distances), tuple(distances)


def _difference(one: Any, other: Any) -> float:
    if isinstance(one, str) and isinstance(other, str):
        folded = fold_case(one[:MAX_COMPARED_CHARACTERS]), fold_case(other[:MAX_COMPARED_CHARACTERS])
        return 1 - SequenceMatcher(None, *folded, autojunk=False).ratio()
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) / (abs(one) + abs(other) + 1)
    return 1.0
