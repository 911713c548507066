"""How many events of which kinds, so that aggregates get the values that conditions behind STATS ask for.

A **demand** is what one aggregate needs: so many events that meet a condition, or so many distinct values among them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rulewright_engine.esql.analysis.plan import (
    Aggregate,
    Apply,
    Constant,
    Reference,
    Typed,
)
from rulewright_engine.esql.functions.traits import Choice, Measure
from rulewright_engine.ir.expression import (
    Condition,
    Equals,
    Exists,
    Field,
)
from rulewright_generators.cases.esql.events.lowering import (
    FALSE,
    TRUE,
    Lowering,
    all_of,
)
from rulewright_generators.cases.esql.events.variables import UninterpretedVariable
from rulewright_generators.cases.esql.plan.column_lineage import Aggregated, View

__all__ = ["Demand", "demands_of"]

MAX_ESQL_CASE_EVENTS = 2_000
"""Events of one case; what needs more is left to a person."""


@dataclass(frozen=True, slots=True)
class Demand:
    """`count` events that meet `condition`; among them as many distinct values of `varies` where that is given.

    `everyone`: the condition is one of all events, not of those alone. `forbids`: no event may meet the condition.
    `target` is the number that the aggregate should come to.
    """

    aggregate: Aggregate
    segment: int
    condition: Condition
    count: int = 1
    varies: Typed | None = None
    everyone: bool = False
    forbids: bool = False
    target: float | None = None


def demands_of(lowering: Lowering, targets: Mapping[str, tuple[Any, ...]], condition: Condition) -> Iterator[Demand]:
    """What the chosen values of uninterpreted variables for aggregates demand, under which `condition` holds.

    An uninterpreted variable without a value matters only where the condition asks whether it has one.
    """
    tested = [leaf.value for leaf in condition.leaves() if leaf.test == Exists()]
    asked = {value.name for value in tested if isinstance(value, Field)}
    for name, values in targets.items():
        uninterpreted = lowering.variables.get(name)
        if uninterpreted is None or (not values and name not in asked):
            continue
        for aggregate, segment in _aggregates_in(uninterpreted.value, uninterpreted.segment, lowering.view):
            target = values[0] if values and _is_aggregate(uninterpreted, lowering.view) else None
            yield from _demand(lowering, aggregate, segment, target, is_absent=not values)


def _is_aggregate(uninterpreted: UninterpretedVariable, view: View) -> bool:
    value = uninterpreted.value
    return isinstance(value, Reference) and isinstance(_origin(view, uninterpreted.segment, value), Aggregated)


def _origin(view: View, segment: int, reference: Reference) -> Any:
    return view.segments[segment].origins.get(reference.column.slot)


def _aggregates_in(value: Typed, segment: int, view: View) -> Iterator[tuple[Aggregate, int]]:
    """The aggregates that an expression is made of, with the segment of the rows that they gather."""
    for node in view.walk(value, segment):
        origin = _origin(view, segment, node) if isinstance(node, Reference) else None
        if isinstance(origin, Aggregated):
            inlined = any(origin.aggregate in step.aggregates for step in view.segments[segment].inlined)
            yield origin.aggregate, segment if inlined else segment - 1


def _demand(
    lowering: Lowering, aggregate: Aggregate, segment: int, target: Any, *, is_absent: bool
) -> Iterator[Demand]:
    where = TRUE if aggregate.where is None else lowering.true(aggregate.where, segment)
    argument = aggregate.arguments[0] if aggregate.arguments else None
    there = where if argument is None else all_of([where, lowering.exists(argument, segment)])
    number = target if isinstance(target, int | float) and not isinstance(target, bool) else None
    if is_absent or (number == 0 and aggregate.measure is not None):
        yield Demand(aggregate, segment, _counted(lowering, aggregate, segment) or there, forbids=True)
        return
    match aggregate.measure:
        case Measure.COUNT:
            yield Demand(aggregate, segment, there, min(int(number or 1), MAX_ESQL_CASE_EVENTS))
        case Measure.DISTINCT:
            yield Demand(aggregate, segment, there, min(int(number or 1), MAX_ESQL_CASE_EVENTS), varies=argument)
        case Measure.SUM if segment > 0:
            yield Demand(aggregate, segment, TRUE, target=number)
        case Measure.SUM:
            counted = _counted(lowering, aggregate, segment)
            if counted is not None:
                yield Demand(aggregate, segment, counted, min(int(number or 1), MAX_ESQL_CASE_EVENTS))
            elif argument is not None and number is not None:
                value = int(number) if float(number).is_integer() else number
                yield Demand(aggregate, segment, _equal(lowering, argument, value, segment), everyone=True)
        case _ if argument is not None and target is not None:
            condition = all_of([where, _equal(lowering, argument, target, segment)])
            everyone = where == TRUE and not _chooses(argument, segment, lowering)
            yield Demand(aggregate, segment, condition, everyone=everyone)
        case _:
            yield Demand(aggregate, segment, there)


def _equal(lowering: Lowering, argument: Typed, value: Any, segment: int) -> Condition:
    condition = lowering.meets(argument, Equals(value), "", segment)
    return lowering.exists(argument, segment) if condition == FALSE else condition


def _chooses(argument: Typed, segment: int, lowering: Lowering) -> bool:
    """Whether an argument is there for some events only: a CASE."""
    defined = lowering.view.definition(argument, segment)
    return isinstance(defined, Apply) and defined.function.traits.choice is Choice.BY_CONDITION


def _counted(lowering: Lowering, aggregate: Aggregate, segment: int) -> Condition | None:
    """Of `sum(case(c, 1, 0))`: `c`."""
    argument = lowering.view.definition(aggregate.arguments[0], segment) if aggregate.arguments else None
    if aggregate.measure is not Measure.SUM or not isinstance(argument, Apply):
        return None
    if argument.function.traits.choice is not Choice.BY_CONDITION:
        return None
    values = argument.arguments[1::2]
    for index, value in enumerate(values):
        if isinstance(value, Constant) and value.value:
            return lowering.true(argument.arguments[2 * index], segment)
    return None
