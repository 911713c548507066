"""A query as a detection rule: which rows become alerts, and of which events.

Source: Kibana's rule executor. Every row of the result is an alert. A query that does not aggregate keeps the identity
of its documents: rows with the same `_id`, `_version`, `_index` and expanded values are one alert. One that aggregates
(a STATS, not INLINE STATS) has no documents left, and its rows are alerts by their position in the result.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rulewright_engine.esql.analysis.columns import EventColumns
from rulewright_engine.esql.analysis.plan import Expand, Plan, Row
from rulewright_engine.esql.analysis.query import plan_over
from rulewright_engine.esql.execution.aggregation import origins_of
from rulewright_engine.esql.execution.execute import CompiledPlan
from rulewright_engine.esql.execution.run import cell
from rulewright_engine.esql.syntax.ast import is_aggregating
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import NOTHING, Outside
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.limits import DEFAULT_MAX_SIGNALS

__all__ = ["Alerts", "RowAlert", "rule_alerts", "run_alerts"]

_IDENTITY = ("_id", "_version", "_index")


@dataclass(frozen=True, slots=True)
class RowAlert:
    """`events` are the positions of the events behind it; `columns` the cells of its row that are not null.

    `is_aggregated`: the row has no document of its own.
    """

    events: tuple[int, ...]
    columns: Mapping[str, Any]
    is_aggregated: bool = False


@dataclass(frozen=True, slots=True)
class Alerts:
    alerts: tuple[RowAlert, ...]
    warnings: tuple[Diagnostic, ...]


def rule_alerts(
    text: str,
    events: Iterable[Event],
    fields: FieldTypes,
    *,
    now: int = REFERENCE_TIME,
    outside: Outside = NOTHING,
    max_signals: int = DEFAULT_MAX_SIGNALS,
) -> Alerts | tuple[Diagnostic, ...]:
    """The alerts that a run of the rule raises, in the order of its rows; diagnostics where the query cannot run.

    `events` are those in the rule's time window: Kibana filters them before the query sees them.
    """
    events = list(events)
    plan = plan_over(text, EventColumns.of(fields, events), now, outside.shapes)
    if not isinstance(plan, Plan):
        return plan
    compiled = CompiledPlan(plan)
    compiled.outside = outside
    alerts = run_alerts(compiled, events, max_signals)
    return Alerts(tuple(alerts), compiled.warnings.diagnostics)


def run_alerts(
    compiled: CompiledPlan, events: Iterable[Event], max_signals: int = DEFAULT_MAX_SIGNALS
) -> list[RowAlert]:
    """The alerts of one run of a compiled query."""
    plan = compiled.plan
    aggregates = is_aggregating(plan.query)
    alerts = [_alert(plan, row, aggregates) for row in islice(compiled.rows(events), max_signals)]
    return alerts if aggregates else _distinct(alerts, plan)


def _alert(plan: Plan, row: Row, is_aggregated: bool) -> RowAlert:
    cells = {column.name: cell(row[column.slot], column.type) for column in plan.columns}
    return RowAlert(origins_of(row), {name: value for name, value in cells.items() if value is not None}, is_aggregated)


def _distinct(alerts: list[RowAlert], plan: Plan) -> list[RowAlert]:
    """One alert for each document and expanded value; without `_id` nothing tells documents apart."""
    expanded = {step.target for step in plan.steps if isinstance(step, Expand)}
    names = (*_IDENTITY, *(column.name for column in plan.columns if column.slot in expanded))
    if not any(column.name == "_id" for column in plan.columns):
        return alerts
    found: dict[str, RowAlert] = {}
    for alert in alerts:
        found.setdefault(repr([alert.columns.get(name) for name in names]), alert)
    return list(found.values())
