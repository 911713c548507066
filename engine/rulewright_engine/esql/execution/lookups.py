"""LOOKUP JOIN and ENRICH at work: which rows of a table each row agrees with, and what it gets from them."""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from rulewright_engine.esql.analysis.plan import Column, JoinStep, Row
from rulewright_engine.esql.analysis.warnings import SEVERAL_VALUES, Warnings
from rulewright_engine.esql.execution.aggregation import combined
from rulewright_engine.esql.execution.compile import Compiler
from rulewright_engine.esql.execution.documents import loader
from rulewright_engine.esql.functions.types import Type, type_of_field
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import Policy, Shape, Table
from rulewright_engine.ir.fields import FieldInfo, family_of
from rulewright_engine.values.addresses import parse_address, parse_network

__all__ = ["compile_join"]

Stage = Callable[[Iterable[Row]], Iterator[Row]]
Places = Iterable[int]
"""Rows of the table, by their positions."""


def compile_join(
    step: JoinStep, compiler: Compiler, text: str, warnings: Warnings, given: Callable[[str], Table | None]
) -> Stage:
    """`given` is asked for the rows of a table when a run begins; without rows a table is an empty one."""

    def stage(rows: Iterable[Row]) -> Iterator[Row]:
        table = given(step.table.name)
        if table is None:
            warn(f"no rows are given for `{step.table.name}`, so nothing is found in it")
        elif not step.keys and step.condition is None:
            warn("nothing says which column the policy matches: write `ON`, or give its `match_field`")
        run = _Run(step, compiler, table or Table(Shape(), ()), warn)
        return run.gathered(rows) if step.gathers else run.multiplied(rows)

    def warn(reason: str) -> None:
        warnings.add(step.span, text[step.span.start : step.span.end], reason)

    return stage


class _Run:
    def __init__(self, step: JoinStep, compiler: Compiler, table: Table, warn: Callable[[str], None]) -> None:
        columns = step.table.columns.values()
        loaders = [_loader(info, column.type) for column, info in columns]
        self._slots = [column.slot for column, _ in columns]
        self._held = [[load(event, 0) for load in loaders] for event in table.rows]
        self._nulls = [None] * len(loaders)
        self._keys = [compiler.compile(value) for value, _ in step.keys]
        self._condition = None if step.condition is None else compiler.condition(step.condition)
        self._warn = warn
        match_field = table.shape.match_field if step.gathers else ""
        self._fields = [_renamed(info, match_field or info.name) for _, info in step.keys]
        is_range = step.gathers and table.shape.policy is Policy.RANGE and bool(self._keys)
        self._find = self._in_ranges(table) if is_range else self._equal(table, each=step.gathers)

    def multiplied(self, rows: Iterable[Row]) -> Iterator[Row]:
        """LOOKUP JOIN: a row for each row of the table that it agrees with, one of nulls where there is none."""
        for row in rows:
            for held in [self._held[place] for place in self._agreeing(row)] or [self._nulls]:
                yield self._with(row.copy(), held)

    def gathered(self, rows: Iterable[Row]) -> Iterator[Row]:
        """ENRICH: what is found becomes the values of one row. Of several values of its key any may be found."""
        for row in rows:
            value = self._keys[0](row) if self._keys else None
            asked = value if type(value) is list else [value]
            places = sorted({place for each in asked if each is not None for place in self._find((each,))})
            found = zip(*(self._held[place] for place in places), strict=True)
            yield self._with(row, [combined(list(values)) for values in found] if places else self._nulls)

    def _with(self, row: Row, held: Sequence[Any]) -> Row:
        for slot, value in zip(self._slots, held, strict=True):
            row[slot] = value
        return row

    def _agreeing(self, row: Row) -> Places:
        if self._condition is not None:
            holds = self._condition
            return [place for place, held in enumerate(self._held) if holds(self._with(row.copy(), held))]
        asked = tuple(key(row) for key in self._keys)
        if any(type(value) is list for value in asked):
            self._warn(SEVERAL_VALUES)
            return ()
        return () if None in asked else self._find(asked)

    def _equal(self, table: Table, *, each: bool) -> Callable[[tuple[Any, ...]], Places]:
        """Rows whose keys hold the same. With several values a row agrees with `each`; else with nothing."""
        known: dict[tuple[Any, ...], list[int]] = {}
        several: set[tuple[int, Any]] = set()
        loaders = [_loader(info) for info in self._fields]
        for place, event in enumerate(table.rows):
            keys = [load(event, 0) for load in loaders]
            held = [key if type(key) is list else [key] for key in keys]
            if each or all(len(values) == 1 for values in held):
                for found in product(*held):
                    known.setdefault(found, []).append(place)
            else:
                several.update((number, value) for number, values in enumerate(held) for value in values)

        def find(asked: tuple[Any, ...]) -> Places:
            if several and not several.isdisjoint(enumerate(asked)):
                self._warn("a row of the lookup index has more than one value where it takes one")
            return known.get(asked, ())

        return find

    def _in_ranges(self, table: Table) -> Callable[[tuple[Any, ...]], Places]:
        (info,) = self._fields
        ranges = [_ranges(event, info) for event in table.rows]
        return lambda asked: (place for place, holds in enumerate(ranges) if holds(asked[0]))


def _loader(info: FieldInfo, type_: Type | None = None) -> Callable[[Event, int], Any]:
    return loader(Column(info.name, type_ or type_of_field(info), 0, info))


def _renamed(info: FieldInfo, name: str) -> FieldInfo:
    return FieldInfo(name, info.elasticsearch_type, info.type)


_BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "gte": operator.ge,
    "gt": operator.gt,
    "lte": operator.le,
    "lt": operator.lt,
}


def _ranges(event: Event, info: FieldInfo) -> Callable[[Any], bool]:
    """Whether the range of a row holds a value: a network, or an object with bounds. Texts are addresses."""
    networks = [network for each in event.raw(info.name) if isinstance(each, str) and (network := parse_network(each))]
    kind = "ip" if info.elasticsearch_type == "keyword" else info.elasticsearch_type
    loaders = {name: _loader(FieldInfo(f"{info.name}.{name}", kind, family_of(kind))) for name in _BOUNDS}
    bounds = [(_BOUNDS[name], bound) for name, load in loaders.items() if (bound := load(event, 0)) is not None]

    def holds(value: Any) -> bool:
        value = parse_address(value) if isinstance(value, str) else value
        if value is None:
            return False
        if any(value in network for network in networks):
            return True
        return bool(bounds) and all(compare(value, bound) for compare, bound in bounds)

    return holds
