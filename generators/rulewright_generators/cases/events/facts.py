"""The facts of one event while it is made: what its fields hold, and what follows for others of them."""

import re
from collections.abc import Iterator, Mapping, Sequence

from rulewright_engine.ir.expression import Scalar

__all__ = ["DIRECTORIES", "Facts", "Proposal", "basename", "named", "text_of"]

Facts = Mapping[str, Sequence[Scalar]]
"""Field -> its values; an empty tuple: the event does without it."""

Proposal = tuple[str, tuple[Scalar, ...]]

DIRECTORIES = {"windows": "C:\\Windows\\System32\\", "linux": "/usr/bin/", "macos": "/usr/bin/"}
ELSEWHERE = {
    DIRECTORIES["windows"]: ("C:\\Program Files\\Example\\", "C:\\Users\\alice\\Downloads\\"),
    DIRECTORIES["linux"]: ("/opt/example/bin/", "/home/alice/"),
}
"""Directory -> others where files of its kind are, should a rule not allow the first."""


def basename(path: str) -> str:
    """The last part of a path, whichever system it is of."""
    return re.split(r"[\\/]", path)[-1]


def text_of(facts: Facts, name: str) -> str | None:
    values = facts.get(name)
    return values[0] if values and isinstance(values[0], str) else None


def named(facts: Facts, path_field: str, name_field: str, directory: str) -> Iterator[Proposal]:
    """A path and its last part."""
    path, name = text_of(facts, path_field), text_of(facts, name_field)
    if path and basename(path) and basename(path) != name:
        yield name_field, (basename(path),)
        name = text_of(facts, name_field)
    if name and not re.search(r"[\\/]", name) and (not path or basename(path) != name):
        for start in (path[: len(path) - len(basename(path))] if path else directory, *ELSEWHERE.get(directory, ())):
            yield path_field, (start + name,)
            if facts.get(path_field) == (start + name,):
                return
