"""The rows of lookup indices and enrich policies that events are joined with.

What a row should hold stands among the values of its event (`joined_fields`). Its key is what the event
has where it comes to be joined, so the query is run that far, without its conditions: a near miss has its row, too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from rulewright_engine.esql.analysis.plan import Apply, Filter, JoinStep, Reference, Row, Typed
from rulewright_engine.esql.analysis.warnings import Warnings
from rulewright_engine.esql.execution.aggregation import origins_of
from rulewright_engine.esql.execution.compile import Compiler
from rulewright_engine.esql.execution.execute import CompiledPlan
from rulewright_engine.esql.execution.run import cell
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import outside_of
from rulewright_engine.ir.expression import FieldType, Scalar
from rulewright_engine.ir.fields import FieldInfo
from rulewright_engine.ir.operators import Operator
from rulewright_engine.values.dates import format_instant
from rulewright_generators.cases.esql.events.values import ordinary
from rulewright_generators.cases.esql.plan.column_lineage import View
from rulewright_generators.cases.esql.plan.joined_fields import joined_fields
from rulewright_generators.cases.events.documents import Values
from rulewright_generators.cases.events.values import another

__all__ = ["RowBuilder"]

Rows = dict[str, list[dict[str, Any]]]
"""Rows by the name of their table, as a case holds them."""

_STEPS: dict[str, int] = {Operator.GREATER: -1, Operator.LESS: 1, Operator.NOT_EQUALS: 1}
"""How far the right side of a comparison lies from the left where it holds."""


class RowBuilder:
    """Of one view."""

    def __init__(self, view: View) -> None:
        steps = view.plan.steps
        last = max((index for index, step in enumerate(steps) if isinstance(step, JoinStep)), default=0)
        self._plan = CompiledPlan(view.plan)
        self._steps = [step for step in steps[1 : last + 1] if not isinstance(step, Filter)]
        self._compiler = Compiler(view.plan.query.text, Warnings())

    def lookups(self, events: Sequence[Event], wishes: Sequence[Values], answers: Mapping[str, Any]) -> Rows:
        """The rows for events, each with what it wishes."""
        made: Rows = {}
        self._plan.outside = outside_of(answers, {})
        rows = list(self._plan.source()(events))
        for step in self._steps:
            if isinstance(step, JoinStep):
                self._add(step, rows, wishes, made)
                self._plan.outside = outside_of(answers, made)
            rows = list(self._plan.stage(step)(rows))
        return {name: held for name, held in made.items() if held}

    def _add(self, step: JoinStep, rows: Sequence[Row], wishes: Sequence[Values], made: Rows) -> None:
        """One row for each key. Where no event wishes any, one that none of them finds."""
        fields = list(zip(joined_fields(step), (info for _, info in step.table.columns.values()), strict=True))
        found: dict[str, dict[str, Any]] = {}
        unfound: dict[str, Any] = {}
        for row in rows:
            keys = self._keys(step, row)
            wish = next((held for held in (wishes[origin] for origin in origins_of(row)) if held), {})
            held = {info.name: _json(info, wish[column.name]) for column, info in fields if wish.get(column.name)}
            if keys and held:
                found.setdefault(repr(keys), {**held, **keys})
            elif keys and not unfound:
                unfound = {name: another(value) for name, value in keys.items()}
        if not found and unfound:
            usual = {info.name: _json(info, values) for _, info in fields if (values := ordinary(info.name, info.type))}
            found[""] = {**usual, **unfound}
        made.setdefault(step.table.name, []).extend(found.values())

    def _keys(self, step: JoinStep, row: Row) -> dict[str, Scalar]:
        """What a row of the table must hold to be found; nothing, where that is not known."""
        keys = {info.name: self._value(value, row) for value, info in step.keys}
        for conjunct in step.condition.conjuncts() if step.condition else ():
            keys |= self._compared(step, conjunct, row)
        return {} if None in keys.values() else keys

    def _compared(self, step: JoinStep, conjunct: Typed, row: Row) -> dict[str, Scalar | None]:
        match conjunct:
            case Apply(function, (Reference() as left, Reference() as right)):
                own = {column.slot: info.name for column, info in step.table.columns.values()}
                if left.column.slot in own:
                    left, right, function = right, left, function.mirrored
                value = self._value(left, row)
                if right.column.slot in own and value is not None:
                    away = _STEPS.get(function.operator or "", 0)
                    return {own[right.column.slot]: another(value, away) if away else value}
        return {}

    def _value(self, value: Typed, row: Row) -> Scalar | None:
        found = cell(self._compiler.compile(value)(row), value.type)
        return found if isinstance(found, str | int | float | bool) else None


def _json(info: FieldInfo, values: Sequence[Scalar]) -> Any:
    found = [
        format_instant(value) if info.type is FieldType.DATE and isinstance(value, int) else value for value in values
    ]
    return found[0] if len(found) == 1 else found
