"""The trace of each event through a query: what each command made of its rows, and which one dropped them and why."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from rulewright_engine.esql.analysis.analyze import analyze
from rulewright_engine.esql.analysis.columns import EventColumns
from rulewright_engine.esql.analysis.plan import (
    Apply,
    EventTest,
    Filter,
    Plan,
    Reference,
    Row,
    Step,
    Typed,
)
from rulewright_engine.esql.analysis.scope import Scope
from rulewright_engine.esql.analysis.warnings import Warnings
from rulewright_engine.esql.execution.aggregation import origins_of
from rulewright_engine.esql.execution.compile import Compiler
from rulewright_engine.esql.execution.execute import CompiledPlan
from rulewright_engine.esql.execution.run import cell
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.esql.syntax.tokens import tokenize
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import NOTHING, Outside
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.operators import LOGIC, Operator
from rulewright_engine.languages.problems import Problems
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span

__all__ = ["CommandReport", "ConditionTrace", "RowTrace", "RowTraces", "explain"]


@dataclass(frozen=True, slots=True)
class ConditionTrace:
    """What a condition, or a part of it, is for a row. `text` is one line, `values` are the columns that it names.

    `connective` (AND, OR, NOT) says how it is made of its `parts`; None where it is not.
    """

    text: str
    value: Any
    values: Mapping[str, Any] = field(default_factory=dict)
    connective: Operator | None = None
    parts: tuple["ConditionTrace", ...] = ()


@dataclass(frozen=True, slots=True)
class CommandReport:
    """One command: how many rows went in and came out, and of those how many stem from the event.

    `row` holds the columns after it, of the first row that stems from the event, and `together` the positions of the
    events that are one with it there. `position` is that of the row before the command, counted from 1 (0: nowhere).
    `reason` says why a WHERE dropped it.
    """

    text: str
    span: Span
    rows_in: int
    rows_out: int
    own_in: int
    own_out: int
    row: Mapping[str, Any]
    together: tuple[int, ...] = ()
    position: int = 0
    reason: ConditionTrace | None = None

    @property
    def drops(self) -> bool:
        """Whether this is the command that lost the event."""
        return self.own_in > 0 and self.own_out == 0


@dataclass(frozen=True, slots=True)
class RowTrace:
    """The trace of the event at `position` through all commands."""

    position: int
    commands: tuple[CommandReport, ...]

    @property
    def dropped_by(self) -> CommandReport | None:
        return next((command for command in self.commands if command.drops), None)


@dataclass(frozen=True, slots=True)
class RowTraces:
    """A trace for each event, in their order."""

    each: tuple[RowTrace, ...]
    warnings: tuple[Diagnostic, ...]


def explain(
    text: str,
    events: Iterable[Event],
    fields: FieldTypes,
    *,
    now: int = REFERENCE_TIME,
    outside: Outside = NOTHING,
) -> RowTraces | tuple[Diagnostic, ...]:
    """How each event fares among all of them; diagnostics where the query cannot run."""
    events = list(events)
    analysis = analyze(text, EventColumns.of(fields, events), now=now, shapes=outside.shapes)
    if not analysis.runs:
        return analysis.diagnostics
    plan = analysis.plan()
    compiled = CompiledPlan(plan)
    compiled.outside = outside
    columns = [_columns(scope) for scope in analysis.scopes]  # before the run: to look a column up may widen the rows
    walk = _Walk(plan, compiled, events)
    steps = {step.span: step for step in plan.steps}
    for command, known in zip(plan.query.commands, columns, strict=True):
        walk.take(command.span, steps.get(command.span), known)
    traces = tuple(RowTrace(position, tuple(reports)) for position, reports in enumerate(walk.reports))
    return RowTraces(traces, compiled.warnings.diagnostics)


Columns = Mapping[str, tuple[int, Type]]
"""Name -> slot and type."""


def _columns(scope: Scope) -> Columns:
    return {name: (column.slot, column.type) for name in scope.names() if (column := scope.lookup(name))}


class _Walk:
    """Runs the steps one by one, holding all rows in between; `reports` are by position of the event."""

    def __init__(self, plan: Plan, compiled: CompiledPlan, events: list[Event]) -> None:
        self._plan = plan
        self._tokens = tokenize(plan.query.text, Problems())
        self._starts = [token.start for token in self._tokens]
        self._compiled = compiled
        self._events = events
        self._rows: list[Row] = list(compiled.source()(events))
        self._is_first = True
        self.reports: list[list[CommandReport]] = [[] for _ in events]
        self._compiler = Compiler(plan.query.text, Warnings())

    def take(self, span: Span, step: Step | None, columns: Columns) -> None:
        """One command. The first has run already."""
        count, before = len(self._rows), self._own()
        if self._is_first:
            count, self._is_first = len(self._events), False
        elif step is not None:
            self._rows = list(self._compiled.stage(step)(self._rows))
        after = self._own()
        text = self._written(span)
        for position, reports in enumerate(self.reports):
            old, new = before.get(position, []), after.get(position, [])
            lost = old[0][1] if old and not new and isinstance(step, Filter) else None
            row = {name: cell(new[0][1][slot], type_) for name, (slot, type_) in columns.items()} if new else {}
            reports.append(
                CommandReport(
                    text=text,
                    span=span,
                    rows_in=count,
                    rows_out=len(self._rows),
                    own_in=len(old),
                    own_out=len(new),
                    row={name: value for name, value in row.items() if value is not None},
                    together=origins_of(new[0][1]) if new else (),
                    position=old[0][0] if old else 0,
                    reason=self._judge(step.condition, lost) if lost and isinstance(step, Filter) else None,
                )
            )

    def _own(self) -> dict[int, list[tuple[int, Row]]]:
        """The rows that stem from each event, with their positions."""
        own: dict[int, list[tuple[int, Row]]] = {}
        for index, row in enumerate(self._rows, 1):
            for position in origins_of(row):
                own.setdefault(position, []).append((index, row))
        return own

    def _judge(self, expression: Typed, row: Row) -> ConditionTrace:
        span = expression.span
        text = self._written(span)
        value = cell(self._compiler.compile(expression)(row), expression.type)
        if isinstance(expression, Apply) and (operator := expression.function.operator) in LOGIC:
            parts = tuple(self._judge(part, row) for part in expression.arguments)
            return ConditionTrace(text, value, connective=operator, parts=parts)
        return ConditionTrace(text, value, self._values(expression, row))

    def _written(self, span: Span) -> str:
        """What is written there, on one line and without comments."""
        first, behind = bisect_left(self._starts, span.start), bisect_left(self._starts, span.end)
        inside = [token for token in self._tokens[first:behind] if token.end <= span.end]
        gaps = ("" if token.start == before.end else " " for before, token in pairwise(inside))
        return "".join(token.text + gap for token, gap in zip(inside, (*gaps, ""), strict=True))

    def _values(self, expression: Typed, row: Row) -> dict[str, Any]:
        """What the row holds in the columns, and its event in the fields, that an expression asks about."""
        event: Event = row[0]
        values: dict[str, Any] = {}
        for node in expression.walk():
            match node:
                case Reference(column):
                    values[column.name] = cell(row[column.slot], column.type)
                case EventTest(fields=fields):
                    values |= {name: event.raw(name) for name in fields}
        return values
