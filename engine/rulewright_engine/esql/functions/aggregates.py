"""Aggregates: functions of all values that the rows of a group hold.

An aggregate is bound to an `Aggregation`: how many of its arguments are evaluated for each row, and what becomes of
what was gathered. With one such argument the gathered values are flat and without nulls; with more they are tuples,
one for each row in which none of them is null. Other arguments are constants.
"""

import math
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rulewright_engine.esql.functions.arithmetic import in_range
from rulewright_engine.esql.functions.multivalues import median_of, percentile_of
from rulewright_engine.esql.functions.order import order_key
from rulewright_engine.esql.functions.registry import FUNCTIONS, BadConstant, Binding, FunctionKind, declare
from rulewright_engine.esql.functions.traits import Measure, Traits
from rulewright_engine.esql.functions.types import Type

__all__ = ["ALL_VALUES", "Aggregation"]

Values = list[Any]
_UNKNOWN = Traits()


@dataclass(frozen=True, slots=True)
class Aggregation:
    """`finish` may raise `Failure`. `counts_rows`: nothing is evaluated, `finish` gets one entry a row.

    `distinct`: `finish` gets each value once, in the order in which they came.
    """

    finish: Callable[..., Any]
    per_row: int = 1
    counts_rows: bool = False
    distinct: bool = False


def _aggregate(
    names: str, *signatures: str, traits: Traits = _UNKNOWN
) -> Callable[[Callable[[Binding], Aggregation]], Callable[[Binding], Aggregation]]:
    def register(bind: Callable[[Binding], Aggregation]) -> Callable[[Binding], Aggregation]:
        declare(names, FunctionKind.AGGREGATE, *signatures, traits=traits)(bind)  # type: ignore[arg-type]
        return bind

    return register


def _listed(values: Values) -> Any:
    return None if not values else values[0] if len(values) == 1 else values


@_aggregate("count", "-> long", "any -> long", traits=Traits(measure=Measure.COUNT, counts_rows=True))
def count(binding: Binding) -> Aggregation:
    return Aggregation(len, counts_rows=not binding.types)


@_aggregate("count_distinct", "any, !whole? -> long", traits=Traits(measure=Measure.DISTINCT, neighbour="count"))
def count_distinct(binding: Binding) -> Aggregation:
    """Exact. Elasticsearch estimates above its precision, 3,000 distinct values where nothing else is said."""
    return Aggregation(len, distinct=True)


@_aggregate("present", "any -> boolean", traits=Traits(since="9.2"))
def present(binding: Binding) -> Aggregation:
    return Aggregation(bool, distinct=True)


@_aggregate("absent", "any -> boolean", traits=Traits(since="9.2"))
def absent(binding: Binding) -> Aggregation:
    return Aggregation(lambda values: not values, distinct=True)


@_aggregate(
    "sum",
    "integer -> long",
    "long -> long",
    "unsigned_long -> unsigned_long",
    "double -> double",
    traits=Traits(measure=Measure.SUM),
)
def sum_(binding: Binding) -> Aggregation:
    if binding.result is Type.DOUBLE:
        return Aggregation(lambda values: math.fsum(values) if values else None)
    return Aggregation(lambda values: in_range(sum(values), binding.result) if values else None)


@_aggregate("avg", "number -> double")
def avg(binding: Binding) -> Aggregation:
    return Aggregation(lambda values: math.fsum(values) / len(values) if values else None)


@_aggregate("weighted_avg", "number, number -> double")
def weighted_avg(binding: Binding) -> Aggregation:
    def finish(pairs: Values) -> float | None:
        total = math.fsum(weight for _, weight in pairs)
        return math.fsum(value * weight for value, weight in pairs) / total if total else None

    return Aggregation(finish, per_row=2)


@_aggregate("min", "comparable -> first", traits=Traits(neighbour="max"))
def min_(binding: Binding) -> Aggregation:
    key = order_key(binding.types[0])
    return Aggregation(lambda values: min(values, key=key) if values else None, distinct=True)


@_aggregate("max", "comparable -> first", traits=Traits(neighbour="min"))
def max_(binding: Binding) -> Aggregation:
    key = order_key(binding.types[0])
    return Aggregation(lambda values: max(values, key=key) if values else None, distinct=True)


@_aggregate("median", "number -> double")
def median(binding: Binding) -> Aggregation:
    return Aggregation(lambda values: median_of(values) if values else None)


@_aggregate("median_absolute_deviation", "number -> double")
def median_absolute_deviation(binding: Binding) -> Aggregation:
    def finish(values: Values) -> float | None:
        if not values:
            return None
        middle = median_of(values)
        return median_of([abs(value - middle) for value in values])

    return Aggregation(finish)


@_aggregate("percentile", "number, !number -> double")
def percentile(binding: Binding) -> Aggregation:
    wanted = binding.constants[1]
    if not 0 <= wanted <= 100:
        raise BadConstant(1, "a percentile lies between 0 and 100")
    return Aggregation(lambda values: percentile_of(values, wanted) if values else None)


@_aggregate("std_dev", "number -> double")
def std_dev(binding: Binding) -> Aggregation:
    return Aggregation(lambda values: statistics.pstdev(map(float, values)) if values else None)


@_aggregate("variance std_var", "number -> double")
def variance(binding: Binding) -> Aggregation:
    return Aggregation(lambda values: statistics.pvariance(map(float, values)) if values else None)


@_aggregate("values", "any -> first", traits=Traits(unordered=True, gathers=True))
def values_(binding: Binding) -> Aggregation:
    """Each value once. Their order means nothing; here it is that of their first row."""
    return Aggregation(lambda values: _listed(list(values)), distinct=True)


ALL_VALUES = FUNCTIONS["values"]


@_aggregate(
    "top",
    "comparable, !integer, !string? -> first",
    "comparable, !integer, !string, comparable -> last",
    traits=Traits(gathers=True),
)
def top(binding: Binding) -> Aggregation:
    limit = binding.constants[1]
    order = "asc" if len(binding.constants) < 3 else binding.constants[2]
    if limit is None or limit <= 0:
        raise BadConstant(1, "the number of values must be greater than 0")
    if order is None or order.lower() not in ("asc", "desc"):
        raise BadConstant(2, f"`{order}` is no order", help='write "asc" or "desc"')
    key, is_descending = order_key(binding.types[0]) or _itself, order.lower() == "desc"
    if len(binding.types) == 4:
        return Aggregation(
            lambda pairs: _listed(
                [output for _, output in sorted(pairs, key=lambda pair: key(pair[0]), reverse=is_descending)[:limit]]
            ),
            per_row=2,
        )
    return Aggregation(lambda values: _listed(sorted(values, key=key, reverse=is_descending)[:limit]))


def _itself(value: Any) -> Any:
    return value


def _by_order(name: str, choose: Callable[..., Any]) -> None:
    @_aggregate(name, "any, comparable -> first", traits=Traits(since="9.3"))
    def bind(binding: Binding) -> Aggregation:
        key = order_key(binding.types[1]) or _itself

        def finish(pairs: Values) -> Any:
            return choose(pairs, key=lambda pair: key(pair[1]))[0] if pairs else None

        return Aggregation(finish, per_row=2)


_by_order("first", min)
_by_order("last", lambda pairs, key: max(reversed(pairs), key=key))
