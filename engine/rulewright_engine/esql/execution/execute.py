"""Steps to stages: functions from rows to rows. A query is compiled once and may run over many sets of events.

Rows flow one at a time; only SORT, STATS and INLINE STATS wait for all of them. A row is changed in place: it belongs
to the stage that holds it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    EVENT,
    ORIGIN,
    AggregateStep,
    Answer,
    AssignStep,
    CaptureStep,
    Column,
    Expand,
    Filter,
    JoinStep,
    Plan,
    ReadEvents,
    ReadRow,
    Row,
    SortKey,
    SortStep,
    Step,
    Take,
)
from rulewright_engine.esql.analysis.warnings import SEVERAL_VALUES, Warnings
from rulewright_engine.esql.execution.aggregation import combined, compile_aggregation
from rulewright_engine.esql.execution.compile import Compiled, Compiler
from rulewright_engine.esql.execution.documents import loader
from rulewright_engine.esql.execution.lookups import compile_join
from rulewright_engine.esql.functions.order import order_key
from rulewright_engine.esql.functions.registry import Failure
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import NOTHING, Table

__all__ = ["CompiledPlan"]

Stage = Callable[[Iterable[Row]], Iterator[Row]]


class CompiledPlan:
    """One plan, compiled. `warnings` and `outside` are of the current run: set them before it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.warnings = Warnings()
        self.outside = NOTHING
        self._text = plan.query.text
        self._compiler = Compiler(self._text, self.warnings)

    def rows(self, events: Iterable[Event]) -> Iterator[Row]:
        """The rows of the result, as they come."""
        read, stages = self._compiled
        rows = read(events)
        for stage in stages:
            rows = stage(rows)
        return iter(rows)

    @cached_property
    def _compiled(self) -> tuple[Callable[[Iterable[Event]], Iterator[Row]], list[Stage]]:
        leading = self._leading_filters()
        stages = [self.stage(step) for step in self.plan.steps[1 + len(leading) :]]
        first = self.plan.steps[0]
        if isinstance(first, ReadRow):
            return lambda _: self._one_row(first), stages
        assert isinstance(first, ReadEvents)
        if first.late:
            stages.append(_shown(_loaders(first.late)))
        return _reader(first, self._phases(first.columns, leading)), stages

    def source(self) -> Callable[[Iterable[Event]], Iterator[Row]]:
        """The first step alone: rows with all of their columns."""
        first = self.plan.steps[0]
        if isinstance(first, ReadRow):
            return lambda _: self._one_row(first)
        assert isinstance(first, ReadEvents)
        return _reader(first, self._phases((*first.columns, *first.late), ()))

    def stage(self, step: Step) -> Stage:
        match step:
            case Filter(condition):
                test = self._compiler.condition(condition)
                return lambda rows: (row for row in rows if test(row))
            case AssignStep(assigns):
                return _assign([(assign.slot, self._compiler.compile(assign.expression)) for assign in assigns])
            case CaptureStep():
                return self._capture(step)
            case Expand(source, target):
                return lambda rows: _expand(rows, source, target)
            case SortStep(keys):
                return _sort([(key, self._compiler.compile(key.expression)) for key in keys])
            case Take(count):
                return lambda rows: islice(rows, count)
            case AggregateStep():
                return compile_aggregation(step, self._compiler, self._text, self.warnings)
            case JoinStep():
                return compile_join(step, self._compiler, self._text, self.warnings, self._rows_of)
            case Answer():
                return self._answer(step)
            case ReadEvents() | ReadRow():
                raise AssertionError("a source is no stage")

    def _rows_of(self, table: str) -> Table | None:
        return self.outside.tables.get(table)

    def _leading_filters(self) -> list[Filter]:
        leading: list[Filter] = []
        for step in self.plan.steps[1:] if isinstance(self.plan.steps[0], ReadEvents) else ():
            if not isinstance(step, Filter):
                break
            leading.append(step)
        return leading

    def _one_row(self, step: ReadRow) -> Iterator[Row]:
        row: Row = [None] * step.segment.width
        row[ORIGIN] = ()
        for assign in step.assigns:
            row[assign.slot] = self._compiler.compile(assign.expression)(row)
        yield row

    def _phases(self, columns: Sequence[Column], filters: Sequence[Filter]) -> list["_Phase"]:
        """Which columns to read before each condition, in order; the rest behind the last."""
        remaining = {column.slot: column for column in columns}
        phases: list[_Phase] = []
        for condition in (part for each in filters for part in each.condition.conjuncts()):
            needed = [remaining.pop(slot) for slot in dict.fromkeys(condition.slots()) if slot in remaining]
            phases.append((_loaders(needed), self._compiler.condition(condition)))
        phases.append((_loaders(list(remaining.values())), None))
        return phases

    def _capture(self, step: CaptureStep) -> Stage:
        evaluate = self._compiler.compile(step.input)
        nothing = (None,) * len(step.slots)
        where = step.span, self._text[step.span.start : step.span.end]

        def extract(text: str) -> tuple[Any, ...]:
            try:
                return step.captured.extract(text) or nothing
            except Failure as failure:
                self.warnings.add(*where, str(failure))
                return nothing

        def several(values: list[str]) -> tuple[Any, ...]:
            if step.captured.single:
                self.warnings.add(*where, SEVERAL_VALUES)
                return nothing
            return tuple(map(combined, map(list, zip(*map(extract, values), strict=True))))

        def stage(rows: Iterable[Row]) -> Iterator[Row]:
            for row in rows:
                value = evaluate(row)
                if value is None:
                    found = nothing
                elif type(value) is list:
                    found = several(value)
                else:
                    found = extract(value)
                for slot, each in zip(step.slots, found, strict=True):
                    row[slot] = each
                yield row

        return stage

    def _answer(self, step: Answer) -> Stage:
        prompt = self._compiler.single(step.prompt)

        def stage(rows: Iterable[Row]) -> Iterator[Row]:
            asked = 0
            for row in rows:
                if prompt(row) is not None:
                    row[step.target.slot] = self._next_answer(asked, step)
                    asked += 1
                yield row

        return stage

    def _next_answer(self, asked: int, step: Answer) -> str | None:
        """The answers of the column in order; the last one for all prompts that follow."""
        given = self.outside.answers.get(step.target.name, ())
        answers = [given] if isinstance(given, str) else list(given)
        if not answers:
            text = self._text[step.span.start : step.span.end]
            self.warnings.add(step.span, text, "there is no answer to its prompt")
            return None
        return answers[min(asked, len(answers) - 1)]


_Phase = tuple[list[tuple[int, Callable[[Event, int], Any]]], Callable[[Row], bool] | None]


def _loaders(columns: Sequence[Column]) -> list[tuple[int, Callable[[Event, int], Any]]]:
    return [(column.slot, loader(column)) for column in columns]


def _reader(step: ReadEvents, phases: list[_Phase]) -> Callable[[Iterable[Event]], Iterator[Row]]:
    width = step.segment.width
    *conditions, (rest, _) = phases

    def read(events: Iterable[Event]) -> Iterator[Row]:
        for position, event in enumerate(events):
            row: Row = [None] * width
            row[EVENT], row[ORIGIN] = event, position
            for loaders, condition in conditions:
                for slot, load in loaders:
                    row[slot] = load(event, position)
                if condition is not None and not condition(row):
                    break
            else:
                for slot, load in rest:
                    row[slot] = load(event, position)
                yield row

    return read


def _shown(loaders: list[tuple[int, Callable[[Event, int], Any]]]) -> Stage:
    """Read what only the result shows. Behind STATS no such column is left, so each row has its event."""

    def stage(rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            event, position = row[EVENT], row[ORIGIN]
            for slot, load in loaders:
                row[slot] = load(event, position)
            yield row

    return stage


def _assign(assigns: list[tuple[int, Compiled]]) -> Stage:
    def stage(rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            for slot, evaluate in assigns:
                row[slot] = evaluate(row)
            yield row

    return stage


def _expand(rows: Iterable[Row], source: int, target: int) -> Iterator[Row]:
    for row in rows:
        value = row[source]
        if type(value) is not list:
            row[target] = value
            yield row
            continue
        for each in value:
            copy = row.copy()
            copy[target] = each
            yield copy


def _sort(keys: list[tuple[SortKey, Compiled]]) -> Stage:
    """By the last key first: sorting is stable."""

    def stage(rows: Iterable[Row]) -> Iterator[Row]:
        ordered = list(rows)
        for key, evaluate in reversed(keys):
            ordered.sort(key=_sort_key(key, evaluate), reverse=key.descending)
        return iter(ordered)

    return stage


def _sort_key(key: SortKey, evaluate: Compiled) -> Callable[[Row], tuple[Any, ...]]:
    """A multivalue counts by its least value upwards, by its greatest downwards."""
    own = order_key(key.expression.type)
    choose = max if key.descending else min
    null_rank = int(key.nulls_first == key.descending)

    def rank(row: Row) -> tuple[Any, ...]:
        value = evaluate(row)
        if value is None:
            return (null_rank,)
        if type(value) is list:
            value = choose(value, key=own)
        return (1 - null_rank, value if own is None else own(value))

    return rank
