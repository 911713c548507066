"""What a query gets from outside its events: texts for COMPLETION, rows for LOOKUP JOIN and ENRICH."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from rulewright_engine.evaluate.event import Event

__all__ = ["NOTHING", "Outside", "Policy", "Shape", "Table", "outside_of", "wrong_lookups"]


class Policy(StrEnum):
    """How the rows of an enrich policy are found. GEO_MATCH is known by name only."""

    MATCH = "match"
    RANGE = "range"
    GEO_MATCH = "geo_match"


@dataclass(frozen=True, slots=True)
class Shape:
    """What is known of a table before its rows are read: its columns, each with the type that its values suggest."""

    columns: tuple[tuple[str, str], ...] = ()
    policy: Policy = Policy.MATCH
    match_field: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a lookup index, or of the index that an enrich policy reads."""

    shape: Shape
    rows: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Outside:
    """`answers` are texts for COMPLETION, by the column that it fills: one, or one for each prompt. `tables` are rows
    by the name of a lookup index or an enrich policy.
    """

    answers: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)

    @property
    def shapes(self) -> tuple[tuple[str, Shape], ...]:
        return tuple((name, self.tables[name].shape) for name in sorted(self.tables))


NOTHING = Outside()


def outside_of(answers: Mapping[str, Any], lookups: Mapping[str, Any]) -> Outside:
    """What a case gives. Invariant: `wrong_lookups` has nothing to say of `lookups`."""
    return Outside(answers, {name: _table(given) for name, given in lookups.items()}) if lookups else Outside(answers)


def _table(given: Any) -> Table:
    settings: Mapping[str, Any] = given if isinstance(given, dict) else {"rows": given}
    rows = tuple(map(Event, settings["rows"]))
    match_field = settings.get("match_field", "")
    found = _columns(rows)
    around = f"{match_field}."  # the bounds of a range lie below it
    own = [name for name in sorted(found) if name != match_field and not (match_field and name.startswith(around))]
    names = settings.get("enrich_fields", own)
    columns = tuple((name, found.get(name, "keyword")) for name in names)
    return Table(Shape(columns, Policy(settings.get("type", Policy.MATCH)), match_field), rows)


def _columns(rows: Sequence[Event]) -> dict[str, str]:
    values: dict[str, list[Any]] = {}
    for row in rows:
        for name in row.names():
            values.setdefault(name, []).extend(row.raw(name))
    return {name: _type_of(held) for name, held in values.items()}


def _type_of(values: Sequence[Any]) -> str:
    kinds = {type(value) for value in values}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return "long"
    return "double" if kinds and kinds <= {int, float} else "keyword"


_KEYS = ("rows", "match_field", "type", "enrich_fields")


def wrong_lookups(lookups: Any) -> str:
    """What is wrong with the rows that a case gives; empty when nothing."""
    if not isinstance(lookups, dict):
        return "`lookups` is not an object"
    return next((wrong for name, given in lookups.items() if (wrong := _wrong_table(name, given))), "")


def _wrong_table(name: str, given: Any) -> str:
    where = f"`lookups` of `{name}`"
    if not isinstance(given, dict):
        return "" if _is_list_of(given, dict) else f"{where} is neither a list of objects nor an object with `rows`"
    unknown = next((key for key in given if key not in _KEYS), None)
    if unknown is not None:
        return f"{where} has no key `{unknown}`: there are {', '.join(f'`{key}`' for key in _KEYS)}"
    if not _is_list_of(given.get("rows"), dict):
        return f"`rows` in {where} is not a list of objects"
    if not isinstance(given.get("match_field", ""), str):
        return f"`match_field` in {where} is not a text"
    if not _is_list_of(given.get("enrich_fields", []), str):
        return f"`enrich_fields` in {where} is not a list of texts"
    policy = given.get("type", Policy.MATCH)
    if policy == Policy.GEO_MATCH:
        return f"{where} is of type `geo_match`, which is not evaluated"
    return "" if policy in (Policy.MATCH, Policy.RANGE) else f'`type` in {where} is neither "match" nor "range"'


def _is_list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)
