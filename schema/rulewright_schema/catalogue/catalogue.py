"""All lists of fields, in order of precedence."""

import fnmatch
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property

from rulewright_schema.catalogue.source import FieldEntry, FieldSource
from rulewright_schema.similar import nearest_of

__all__ = ["Catalogue", "default_catalogue"]

PACKAGED = ("ecs", "endpoint", "beats", "rules")
"""Where two lists disagree on a type, the first wins. ECS alone types most rules, so the rest is loaded on demand."""

CONTAINERS = frozenset({"object", "nested"})
"""Types of fields that hold other fields and no value of their own."""


class Catalogue:
    """Answers which fields exist and what type they have. Lists are loaded when a question reaches them."""

    def __init__(self, loaders: tuple[Callable[[], FieldSource], ...]) -> None:
        self._loaders = loaders
        self._sources: list[FieldSource] = []
        self._answers: dict[str, FieldEntry | None] = {}

    def lookup(self, name: str) -> FieldEntry | None:
        """The field `name`, or None when no list defines it. Backticks around parts of a name do not count.

        Names that match a defined pattern are known, and so are names below a `flattened` field or below an object
        that states no fields of its own; those are keywords.
        """
        name = name.replace("`", "")
        if name not in self._answers:
            self._answers[name] = self._exact(name) or self._by_pattern(name) or self._below_open_parent(name)
        return self._answers[name]

    def nearest(self, name: str) -> str | None:
        """The known name most like `name`, or None when nothing is close."""
        name = name.replace("`", "")
        root, _, rest = name.partition(".")
        if root not in self._names_by_root:
            root = nearest_of(root, self._names_by_root) or root
        return nearest_of(f"{root}.{rest}" if rest else root, self._names_by_root.get(root, ()))

    def matching(self, glob: str) -> tuple[str, ...]:
        """The names of fields with values that match `glob`, where `*` spans any characters; sorted."""
        regex = re.compile(fnmatch.translate(glob.replace("`", "")))
        return tuple(sorted(name for names in self._names_by_root.values() for name in names if regex.match(name)))

    def with_fields(self, extra: Mapping[str, str]) -> "Catalogue":
        """This catalogue and a project's own fields, which win: name -> type; `my.custom.*` stands for all below."""
        own = FieldSource.from_fields("the project's own fields", dict(extra))
        return Catalogue((lambda: own, *self._loaders))

    def _exact(self, name: str) -> FieldEntry | None:
        return next((entry for source in self._each() if (entry := source.exact(name))), None)

    def _by_pattern(self, name: str) -> FieldEntry | None:
        return next((entry for source in self._each() if (entry := source.by_pattern(name))), None)

    def _below_open_parent(self, name: str) -> FieldEntry | None:
        parent = name.rpartition(".")[0]
        while parent:
            entry = self._exact(parent) or self._by_pattern(parent)
            if entry is not None:
                is_open = entry.type == "flattened" or (entry.type in CONTAINERS and not self._has_children(parent))
                return FieldEntry(name, "keyword", source=entry.source) if is_open else None
            parent = parent.rpartition(".")[0]
        return None

    def _has_children(self, parent: str) -> bool:
        return any(name.startswith(f"{parent}.") for source in self._each() for name in source.types)

    def _each(self) -> Iterator[FieldSource]:
        for position, load in enumerate(self._loaders):
            if position == len(self._sources):
                self._sources.append(load())
            yield self._sources[position]

    @cached_property
    def _names_by_root(self) -> dict[str, list[str]]:
        """Fields that hold values, by the first part of their name, in order of precedence."""
        roots: dict[str, list[str]] = {}
        for source in self._each():
            for name, field_type in source.types.items():
                if "*" not in name and field_type not in CONTAINERS:
                    roots.setdefault(name.partition(".")[0], []).append(name)
        return roots


@cache
def default_catalogue() -> Catalogue:
    """The fields that ship with Rulewright; shared, and loaded lazily."""
    return Catalogue(tuple(_loader(name) for name in PACKAGED))


def _loader(name: str) -> Callable[[], FieldSource]:
    return lambda: FieldSource.from_package(name)
