"""Which columns there are after each command, in which order, and what became of those that are gone.

A scope is a layer over the scope before it: it answers for the names that its command touches and passes the others
on. So a catalogue of 17,000 fields is never enumerated unless the result needs all of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Protocol

from rulewright_engine.esql.analysis.plan import Column, Segment, TableColumns
from rulewright_engine.esql.functions.types import Type, type_of_field
from rulewright_engine.esql.syntax.ast import Pattern
from rulewright_engine.ir.expression import FieldType
from rulewright_engine.ir.fields import FieldInfo, FieldTypes
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Span

__all__ = [
    "METADATA",
    "Defined",
    "Dropped",
    "EventFields",
    "Joined",
    "Kept",
    "Only",
    "Renamed",
    "Scope",
    "Unmapped",
    "Unreliable",
    "close_tables",
    "is_closed",
    "matches",
    "nearest_name",
    "who_dropped",
]

METADATA = {
    "_id": Type.KEYWORD,
    "_ignored": Type.KEYWORD,
    "_index": Type.KEYWORD,
    "_index_mode": Type.KEYWORD,
    "_score": Type.DOUBLE,
    "_size": Type.INTEGER,
    "_source": Type.SOURCE,
    "_tier": Type.KEYWORD,
    "_version": Type.LONG,
}
"""The columns that METADATA may ask for."""


class Unmapped(StrEnum):
    FAIL = "fail"
    NULLIFY = "nullify"
    LOAD = "load"


class Scope(Protocol):
    """`before` and `command` say where the scope comes from: None at the source."""

    @property
    def before(self) -> "Scope | None": ...

    @property
    def command(self) -> tuple[str, Span]: ...

    def lookup(self, name: str) -> Column | None:
        """The column of that name, or None."""

    def names(self) -> list[str]:
        """The names of all columns, in order."""
        ...


def matches(pattern: Pattern, name: str) -> bool:
    return _compiled(pattern.text).fullmatch(name) is not None if pattern.wild else pattern.text == name


@lru_cache(maxsize=1_024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, re.split(r"\*+", pattern))), re.DOTALL)


@dataclass(frozen=True, slots=True)
class EventFields:
    """FROM: every field of the events, and the metadata that was asked for. Slots are given when first asked for.

    `unmapped` says what any other name is, as the setting of that name: no column, null, or what the document holds.
    """

    fields: FieldTypes
    metadata: tuple[str, ...]
    segment: Segment
    command: tuple[str, Span]
    unmapped: Unmapped = Unmapped.FAIL
    before: None = None
    known: dict[str, Column] = field(default_factory=dict)

    def lookup(self, name: str) -> Column | None:
        known = self.known.get(name)
        if known is not None:
            return known
        if name in self.metadata:
            column = Column(name, METADATA[name], self.segment.new_slot(), metadata=True)
        else:
            info = self.fields.lookup(name)
            if info is None and self.unmapped is Unmapped.FAIL:
                return None
            if info is None and self.unmapped is Unmapped.LOAD:
                info = FieldInfo(name, "keyword", FieldType.KEYWORD)
            type_ = type_of_field(info) if info else Type.NULL
            column = Column(name, type_, self.segment.new_slot(), info)
        self.known[name] = column
        return column

    def names(self) -> list[str]:
        return [*(name for name in self.fields.matching("*") if name not in self.metadata), *self.metadata]


@dataclass(frozen=True, slots=True)
class Only:
    """ROW and STATS: the columns that the command makes, and no others."""

    columns: Mapping[str, Column]
    before: Scope | None
    command: tuple[str, Span]

    def lookup(self, name: str) -> Column | None:
        return self.columns.get(name)

    def names(self) -> list[str]:
        return list(self.columns)


@dataclass(frozen=True, slots=True)
class Defined:
    """EVAL, GROK and others: new columns at the end; one that existed moves there. `in_place` leaves it where it is."""

    columns: Mapping[str, Column]
    before: Scope
    command: tuple[str, Span]
    in_place: bool = False

    def lookup(self, name: str) -> Column | None:
        return self.columns.get(name) or self.before.lookup(name)

    def names(self) -> list[str]:
        if self.in_place:
            return self.before.names()
        return [*(name for name in self.before.names() if name not in self.columns), *self.columns]


@dataclass(frozen=True, slots=True)
class Kept:
    """KEEP: the order is that of the patterns; a name beats a pattern, a pattern beats `*`, later beats earlier."""

    patterns: tuple[Pattern, ...]
    before: Scope
    command: tuple[str, Span]

    def lookup(self, name: str) -> Column | None:
        return self.before.lookup(name) if any(matches(pattern, name) for pattern in self.patterns) else None

    def names(self) -> list[str]:
        available = self.before.names() if any(pattern.wild for pattern in self.patterns) else []
        kept: dict[str, int] = {}
        for pattern in self.patterns:
            rank = (2 if set(pattern.text) == {"*"} else 1) if pattern.wild else 0
            for name in (name for name in available if matches(pattern, name)) if pattern.wild else (pattern.text,):
                if kept.get(name, rank) >= rank:
                    kept.pop(name, None)
                    kept[name] = rank
        return list(kept)


@dataclass(frozen=True, slots=True)
class Dropped:
    """DROP."""

    patterns: tuple[Pattern, ...]
    before: Scope
    command: tuple[str, Span]

    def lookup(self, name: str) -> Column | None:
        return None if any(matches(pattern, name) for pattern in self.patterns) else self.before.lookup(name)

    def names(self) -> list[str]:
        return [name for name in self.before.names() if not any(matches(pattern, name) for pattern in self.patterns)]


@dataclass(frozen=True, slots=True)
class Renamed:
    """RENAME of one column, in place; a column that had the new name is gone."""

    old: str
    new: str
    before: Scope
    command: tuple[str, Span]

    def lookup(self, name: str) -> Column | None:
        if name == self.new:
            return self.before.lookup(self.old)
        return None if name == self.old else self.before.lookup(name)

    def names(self) -> list[str]:
        others = [name for name in self.before.names() if name != self.new]
        return [self.new if name == self.old else name for name in others]


@dataclass(frozen=True, slots=True)
class Joined:
    """LOOKUP JOIN and ENRICH: the columns of a table at the end. What only an open table could define is its column."""

    table: TableColumns
    before: Scope
    command: tuple[str, Span]

    def lookup(self, name: str) -> Column | None:
        known = self.table.columns.get(name)
        found = known[0] if known else self.before.lookup(name)
        may_add = self.table.is_open and name not in METADATA
        return self.table.add(name, name) if found is None and may_add else found

    def names(self) -> list[str]:
        columns = self.table.columns
        return [*(name for name in self.before.names() if name not in columns), *columns]


@dataclass(frozen=True, slots=True)
class Unreliable:
    """Behind a command that could not be read: any name may exist, so none is reported."""

    segment: Segment
    before: Scope | None
    command: tuple[str, Span]

    def lookup(self, name: str) -> Column | None:
        known = self.before.lookup(name) if self.before else None
        return known or Column(name, Type.UNKNOWN, self.segment.new_slot())

    def names(self) -> list[str]:
        return self.before.names() if self.before else []


def close_tables(scope: Scope | None) -> list[TableColumns]:
    """From here on no table takes a name for one of its columns; those that did."""
    closed: list[TableColumns] = []
    while scope is not None:
        if isinstance(scope, Joined) and scope.table.is_open:
            scope.table.is_open = False
            closed.append(scope.table)
        scope = scope.before
    return closed


def is_closed(scope: Scope) -> bool:
    """Whether all columns of the scope are known: what the index of a rule holds beyond its catalogue is not."""
    match scope:
        case Only():
            return True
        case Kept(patterns) if not any(pattern.wild for pattern in patterns):
            return True
        case Kept(before=before) | Defined(before=before) | Dropped(before=before) | Renamed(before=before):
            return is_closed(before)
    return False


def who_dropped(scope: Scope, name: str) -> tuple[str, Span] | None:
    """The command that took the column `name` away, if an earlier scope had it."""
    tables = close_tables(scope)
    try:
        return _who_dropped(scope, name)
    finally:
        for table in tables:
            table.is_open = True


def _who_dropped(scope: Scope, name: str) -> tuple[str, Span] | None:
    current: Scope | None = scope
    while current is not None and current.before is not None:
        if current.before.lookup(name) is not None:
            return current.command
        current = current.before
    return None


def nearest_name(scope: Scope, name: str, fields: FieldTypes) -> str | None:
    """The column most like `name`, for a "did you mean"."""
    defined: list[str] = []
    current: Scope | None = scope
    while current is not None:
        if isinstance(current, EventFields):
            near = fields.nearest(name)
            candidates = [*defined, *current.metadata, *([near] if near else [])]
            return nearest_of(name, [each for each in candidates if scope.lookup(each) is not None])
        if isinstance(current, Only):
            return nearest_of(name, [each for each in (*defined, *current.columns) if scope.lookup(each) is not None])
        if isinstance(current, Defined):
            defined += current.columns
        elif isinstance(current, Joined):
            defined += current.table.columns
        elif isinstance(current, Renamed):
            defined.append(current.new)
        current = current.before
    return None
