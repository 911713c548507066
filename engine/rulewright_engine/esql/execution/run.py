"""A query over events, as a user calls it: text in, table out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from rulewright_engine.esql.analysis.analyze import analyze
from rulewright_engine.esql.analysis.plan import Take
from rulewright_engine.esql.execution.execute import CompiledPlan
from rulewright_engine.esql.functions.conversion import nanos_text, point_text
from rulewright_engine.esql.functions.instants import date_text
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.esql.syntax.codes import BECOMES_NULL
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import NOTHING, Outside
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.values.addresses import address_text
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_schema.diagnostics import Diagnostic

__all__ = ["IMPLICIT_LIMIT", "Head", "Table", "cell", "run"]

IMPLICIT_LIMIT = 1_000
"""Rows of a result where the query has no LIMIT, as in Elasticsearch."""


@dataclass(frozen=True, slots=True)
class Head:
    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class Table:
    """A result. Cells are ready for JSON: dates, addresses and points as text, a multivalue as a list."""

    columns: tuple[Head, ...]
    rows: tuple[tuple[Any, ...], ...]
    warnings: tuple[Diagnostic, ...]


def run(
    text: str,
    events: Iterable[Event],
    fields: FieldTypes,
    *,
    now: int = REFERENCE_TIME,
    outside: Outside = NOTHING,
) -> Table | tuple[Diagnostic, ...]:
    """Run `text` over `events`; the columns of FROM are those of `fields`. What is wrong with it where it cannot run.

    `outside` is what it gets beside the events. Spans are offsets into `text`.
    """
    analysis = analyze(text, fields, now=now, shapes=outside.shapes)
    if not analysis.runs:
        return analysis.diagnostics
    plan = analysis.plan()
    compiled = CompiledPlan(plan)
    compiled.outside = outside
    has_limit = any(isinstance(step, Take) for step in plan.steps)
    rows = compiled.rows(events)
    kept = list(rows if has_limit else islice(rows, IMPLICIT_LIMIT + 1))
    warnings = list(dict.fromkeys((*analysis.diagnostics, *compiled.warnings.diagnostics)))
    if not has_limit and len(kept) > IMPLICIT_LIMIT:
        kept.pop()
        warnings.append(_cut())
    cells = tuple(tuple(cell(row[column.slot], column.type) for column in plan.columns) for row in kept)
    return Table(tuple(Head(column.name, column.type) for column in plan.columns), cells, tuple(warnings))


def _cut() -> Diagnostic:
    message = f"the result is cut to {IMPLICIT_LIMIT} rows"
    return BECOMES_NULL.report(message, help="end the query with a `LIMIT` of your own")


_PRINTED: dict[Type, Callable[[Any], Any]] = {
    Type.DATE: date_text,
    Type.DATE_NANOS: nanos_text,
    Type.IP: address_text,
    Type.GEO_POINT: point_text,
    Type.CARTESIAN_POINT: point_text,
}


def cell(value: Any, type_: Type) -> Any:
    """A value as JSON can hold it."""
    printed = _PRINTED.get(type_)
    if printed is None or value is None:
        return value
    return [printed(each) for each in value] if type(value) is list else printed(value)
