"""STATS and INLINE STATS at work: rows to groups, groups to rows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    ORIGIN,
    Aggregate,
    AggregateStep,
    Row,
)
from rulewright_engine.esql.analysis.warnings import Warnings
from rulewright_engine.esql.execution.compile import Compiler
from rulewright_engine.esql.functions.registry import Failure

__all__ = ["combined", "compile_aggregation", "origins_of"]

Gather = Callable[[Row, Any], None]
Stage = Callable[[Iterable[Row]], Iterator[Row]]


@dataclass(slots=True)
class _Group:
    """The origins of a group's rows, and what each aggregate has gathered from them: a list, or keys of a dict."""

    gathered: list[list[Any] | dict[Any, None]]
    origins: list[Any] = field(default_factory=list)


def origins_of(row: Row) -> tuple[int, ...]:
    """The positions of the events that a row came from."""
    origin = row[ORIGIN]
    return origin if isinstance(origin, tuple) else (origin,)


def compile_aggregation(step: AggregateStep, compiler: Compiler, text: str, warnings: Warnings) -> Stage:
    aggregation = _Aggregation(step, compiler, text, warnings)
    return aggregation.join if step.inline else aggregation.collapse


class _Aggregation:
    def __init__(self, step: AggregateStep, compiler: Compiler, text: str, warnings: Warnings) -> None:
        self.step = step
        self.before = [(assign.slot, compiler.compile(assign.expression)) for assign in step.before]
        self.after = [(assign.slot, compiler.compile(assign.expression)) for assign in step.after]
        self.gathers = [_gather(aggregate, compiler) for aggregate in step.aggregates]
        self.key_slots = [old for old, _ in step.keys]
        self.text = text
        self.warnings = warnings

    def collapse(self, rows: Iterable[Row]) -> Iterator[Row]:
        """STATS: a row for each group."""
        for key, group in self._groups(rows).items():
            yield self._row(key, group)

    def join(self, rows: Iterable[Row]) -> Iterator[Row]:
        """INLINE STATS: every row, with the aggregates of its group; of its groups where a key has several values."""
        kept = list(rows)
        results = {key: self._row(key, group) for key, group in self._groups(kept).items()}
        for row in kept:
            keys = self._keys(row)
            for new, old in self.step.copied:
                row[old] = combined([results[key][new] for key in keys])
            yield row

    def _groups(self, rows: Iterable[Row]) -> dict[tuple[Any, ...], _Group]:
        groups: dict[tuple[Any, ...], _Group] = {}
        if not self.key_slots:
            groups[()] = self._new_group()
        gathers = self.gathers
        for row in rows:
            for slot, evaluate in self.before:
                row[slot] = evaluate(row)
            for key in self._keys(row):
                group = groups.get(key)
                if group is None:
                    group = groups[key] = self._new_group()
                group.origins.append(row[ORIGIN])
                for gather, into in zip(gathers, group.gathered, strict=True):
                    gather(row, into)
        return groups

    def _new_group(self) -> _Group:
        return _Group([{} if aggregate.aggregation.distinct else [] for aggregate in self.step.aggregates])

    def _keys(self, row: Row) -> Iterable[tuple[Any, ...]]:
        """The groups of a row: one for each value of a multivalue, all combinations where there are several keys."""
        key = tuple([row[slot] for slot in self.key_slots])
        if list not in map(type, key):
            return (key,)
        choices = [tuple(dict.fromkeys(value)) if type(value) is list else (value,) for value in key]
        return tuple(product(*choices))

    def _row(self, key: tuple[Any, ...], group: _Group) -> Row:
        row: Row = [None] * self.step.segment.width
        row[ORIGIN] = _flat(group.origins)
        for (_, new), value in zip(self.step.keys, key, strict=True):
            row[new] = value
        for aggregate, gathered in zip(self.step.aggregates, group.gathered, strict=True):
            row[aggregate.slot] = self._finish(aggregate, gathered)
        for slot, evaluate in self.after:
            row[slot] = evaluate(row)
        return row

    def _finish(self, aggregate: Aggregate, gathered: list[Any] | dict[Any, None]) -> Any:
        try:
            return aggregate.aggregation.finish(gathered)
        except Failure as failure:
            span = aggregate.span
            self.warnings.add(span, self.text[span.start : span.end], str(failure))
            return None


def _flat(origins: list[Any]) -> tuple[int, ...]:
    if not any(isinstance(origin, tuple) for origin in origins):
        return tuple(origins)
    every = (each for origin in origins for each in (origin if isinstance(origin, tuple) else (origin,)))
    return tuple(dict.fromkeys(every))


def combined(values: list[Any]) -> Any:
    """What several values of a column are together."""
    if len(values) == 1:
        return values[0]
    flat = [each for value in values if value is not None for each in (value if type(value) is list else [value])]
    return None if not flat else flat[0] if len(flat) == 1 else flat


def _gather(aggregate: Aggregate, compiler: Compiler) -> Gather:
    gather = _gather_values(aggregate, compiler)
    if aggregate.where is None:
        return gather
    condition = compiler.condition(aggregate.where)

    def filtered(row: Row, into: Any) -> None:
        if condition(row):
            gather(row, into)

    return filtered


def _gather_values(aggregate: Aggregate, compiler: Compiler) -> Gather:
    if aggregate.aggregation.counts_rows:
        return lambda row, into: into.append(1)
    arguments = [compiler.compile(argument) for argument in aggregate.arguments]
    if len(arguments) > 1:
        return lambda row, into: _gather_tuple([argument(row) for argument in arguments], into)
    (argument,) = arguments
    if aggregate.aggregation.distinct:
        return _gather_distinct(argument)

    def gather(row: Row, into: list[Any]) -> None:
        value = argument(row)
        if value is None:
            return
        if type(value) is list:
            into.extend(value)
        else:
            into.append(value)

    return gather


def _gather_distinct(argument: Callable[[Row], Any]) -> Gather:
    def gather(row: Row, into: dict[Any, None]) -> None:
        value = argument(row)
        if value is None:
            return
        if type(value) is list:
            into.update(dict.fromkeys(value))
        else:
            into[value] = None

    return gather


def _gather_tuple(values: list[Any], into: list[Any]) -> None:
    if None not in values:
        into.extend(product(*(value if type(value) is list else (value,) for value in values)))
