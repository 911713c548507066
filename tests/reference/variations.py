"""Small changes of the documents of a case: what nobody had in mind when the case was made."""

import copy
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

__all__ = ["varied"]


def varied(chance: Random, document: Mapping[str, Any], text: str) -> dict[str, Any]:
    """A copy with one or two fields changed, of those that `text` names as far as there are any."""
    changed = copy.deepcopy(dict(document))
    paths = list(paths_of(changed))
    named = [path for path in paths if ".".join(path) in text]
    for path in chance.choices(named or paths, k=chance.randint(1, 2)):
        parent: Any = changed
        for key in path[:-1]:
            parent = parent[key]
        parent[path[-1]] = other(chance, parent[path[-1]])
    return changed


def paths_of(document: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for key, value in document.items():
        if isinstance(value, dict):
            yield from ((key, *path) for path in paths_of(value))
        else:
            yield (key,)


def other(chance: Random, value: Any) -> Any:
    """Nothing, more values, another type, or a value nearby."""
    general = [None, [], [value, "other"], [None, value]]
    match value:
        case str():
            return chance.choice([*general, "", value.swapcase(), value + "x", value[:-1], value[1:]])
        case bool():
            return chance.choice([*general, not value, str(value).lower()])
        case int() | float():
            return chance.choice([*general, value + 1, value - 1, str(value)])
        case _:
            return chance.choice(general)
