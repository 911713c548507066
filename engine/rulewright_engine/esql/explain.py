"""The way of one event through a query: what each command made of its rows, and which one dropped them and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rulewright_engine.dates import REFERENCE_TIME
from rulewright_engine.esql.aggregation import origins_of
from rulewright_engine.esql.alerts import EventColumns
from rulewright_engine.esql.analyze import analyze
from rulewright_engine.esql.compile import Compiler
from rulewright_engine.esql.execute import Answers, Execution
from rulewright_engine.esql.plan import Apply, EventTest, Filter, Plan, Reference, Row, Step, Typed, operands
from rulewright_engine.esql.run import cell
from rulewright_engine.esql.types import Type
from rulewright_engine.esql.warnings import Warnings
from rulewright_engine.event import Event
from rulewright_engine.fields import FieldTypes
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span

__all__ = ["CommandReport", "Journey", "Judgement", "explain"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a condition, or a part of it, is for a row. `values` are the columns that it names."""

    text: str
    value: Any
    values: Mapping[str, Any] = field(default_factory=dict)
    parts: tuple["Judgement", ...] = ()


@dataclass(frozen=True, slots=True)
class CommandReport:
    """One command: how many rows went in and came out, and of those how many stem from the event.

    `row` holds the columns after it, of the first row that stems from the event. `reason` says why a WHERE dropped it.
    """

    text: str
    span: Span
    rows_in: int
    rows_out: int
    own_in: int
    own_out: int
    row: Mapping[str, Any]
    reason: Judgement | None = None

    @property
    def drops(self) -> bool:
        """Whether this is the command that lost the event."""
        return self.own_in > 0 and self.own_out == 0


@dataclass(frozen=True, slots=True)
class Journey:
    position: int
    commands: tuple[CommandReport, ...]
    warnings: tuple[Diagnostic, ...]

    @property
    def dropped_by(self) -> CommandReport | None:
        return next((command for command in self.commands if command.drops), None)


def explain(
    text: str,
    events: Iterable[Event],
    fields: FieldTypes,
    *,
    position: int = 0,
    now: int = REFERENCE_TIME,
    answers: Answers | None = None,
) -> Journey | tuple[Diagnostic, ...]:
    """How the event at `position` fares among all `events`; diagnostics where the query cannot run."""
    events = list(events)
    analysis = analyze(text, EventColumns.of(fields, events), now=now)
    if not analysis.runs:
        return analysis.diagnostics
    plan = analysis.plan()
    execution = Execution(plan)
    execution.answers = answers or {}
    journey = _Walk(plan, execution, position)
    steps = {step.span: step for step in plan.steps}
    for place, (command, scope) in enumerate(zip(plan.query.commands, analysis.scopes, strict=True)):
        columns = {name: (column.slot, column.type) for name in scope.names() if (column := scope.lookup(name))}
        journey.take(command.span, None if place == 0 else steps.get(command.span), events, columns)
    return Journey(position, tuple(journey.reports), execution.warnings.diagnostics)


class _Walk:
    """Runs the steps one by one, holding all rows in between."""

    def __init__(self, plan: Plan, execution: Execution, position: int) -> None:
        self.plan = plan
        self.execution = execution
        self.position = position
        self.rows: list[Row] = []
        self.reports: list[CommandReport] = []
        self._compiler = Compiler(plan.query.text, Warnings())

    def take(self, span: Span, step: Step | None, events: list[Event], columns: dict[str, tuple[int, Type]]) -> None:
        before, own = len(self.rows), self._own()
        reason = None
        if not self.reports:
            before, self.rows = len(events), list(self.execution.source()(events))
            own = self._own()
        elif isinstance(step, Filter) and own:
            reason = self._judge(step.condition, own[0])
        if step is not None:
            self.rows = list(self.execution.stage(step)(self.rows))
        after = self._own()
        row = {name: cell(after[0][slot], type_) for name, (slot, type_) in columns.items()} if after else {}
        shown = {name: value for name, value in row.items() if value is not None}
        text = self.plan.query.text[span.start : span.end]
        lost = reason if own and not after else None
        self.reports.append(CommandReport(text, span, before, len(self.rows), len(own), len(after), shown, lost))

    def _own(self) -> list[Row]:
        return [row for row in self.rows if self.position in origins_of(row)]

    def _judge(self, expression: Typed, row: Row) -> Judgement:
        span = expression.span
        text = self.plan.query.text[span.start : span.end]
        value = cell(self._compiler.compile(expression)(row), expression.type)
        if isinstance(expression, Apply) and expression.function.name in ("and", "or", "not"):
            return Judgement(text, value, parts=tuple(self._judge(part, row) for part in expression.arguments))
        return Judgement(text, value, self._values(expression, row))

    def _values(self, expression: Typed, row: Row) -> dict[str, Any]:
        if isinstance(expression, Reference):
            column = expression.column
            return {column.name: cell(row[column.slot], column.type)}
        if isinstance(expression, EventTest):
            event: Event = row[0]
            return {name: event.raw(name) for name in expression.fields}
        return {name: value for part in operands(expression) for name, value in self._values(part, row).items()}
