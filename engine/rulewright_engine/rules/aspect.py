"""What a rule of a type says beside its query, as values that others show: aspects, facts, features and reasons."""

from collections.abc import Iterable
from dataclasses import dataclass

from rulewright_engine.solver.analysis.relation import Relation, of_numbers, of_sets
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.source import Span

__all__ = ["Aspect", "Fact", "Feature", "changed", "demanded", "number"]


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that two rules of a type say, the old and the new one, and how what they find lies to each other."""

    name: str
    relation: Relation
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its values; `code` says that they are names or patterns."""

    label: str
    values: tuple[str, ...]
    code: bool = False


@dataclass(frozen=True, slots=True)
class Feature:
    """What came with a stack version: its name, the version, and the key that uses it; `span` is within the query."""

    name: str
    since: str
    path: KeyPath
    span: Span | None = None


def changed(name: str, old: str, new: str) -> Aspect:
    """An aspect that is another one, in no known direction."""
    return Aspect(name, Relation.EQUAL if old == new else Relation.CHANGED, old, new)


def number(name: str, old: int, new: int) -> Aspect:
    """An aspect that demands at least so many."""
    return Aspect(name, of_numbers(old, new), str(old), str(new))


def demanded(name: str, old: Iterable[str], new: Iterable[str]) -> Aspect:
    """An aspect that demands all of some fields."""
    return Aspect(name, of_sets(old, new), ", ".join(old) or "none", ", ".join(new) or "none")
