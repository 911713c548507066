"""Functions of multivalues (`mv_*`): they see a value as the list of its values, in the order it has."""

import math
import statistics
from collections.abc import Callable
from typing import Any

from rulewright_engine.esql.functions.arithmetic import in_range
from rulewright_engine.esql.functions.comparison import equals_test
from rulewright_engine.esql.functions.order import order_key
from rulewright_engine.esql.functions.registry import BadConstant, Binding, Failure, FunctionKind, declare, multivalue
from rulewright_engine.esql.functions.traits import Given, Related, Several, Traits, the_same
from rulewright_engine.esql.functions.types import Type

__all__ = ["as_list", "median_of", "percentile_of"]

Values = list[Any]
_UNKNOWN = Traits()


def as_list(value: Any) -> Values:
    """The values of a value that is not null."""
    return value if type(value) is list else [value]


_ANY = frozenset(Type)
_SOME = Traits(inverse=the_same, keeps=_ANY, keeps_case=True)
"""The result is some of the values."""

_PICKED = Traits(inverse=the_same, keeps=_ANY, keeps_case=True, picks_by_position=True)


@declare("mv_append", FunctionKind.MULTIVALUE, "any, any -> common")
def mv_append(binding: Binding) -> Callable[[Values, Any], Values]:
    return lambda first, second: first + as_list(second)


@multivalue("mv_concat", "string, string -> keyword", traits=Traits(inverse=the_same))
def mv_concat(values: Values, delimiter: Any) -> str:
    return str(_single(delimiter)).join(values)


def _single(value: Any) -> Any:
    if type(value) is list:
        raise Failure("more than one value where one is expected")
    return value


def _so_many(call: Given, wanted: Any) -> tuple[Several, ...]:
    return (Several(int(wanted)),)


@multivalue("mv_count", "any -> integer", traits=Traits(inverse=_so_many))
def mv_count(values: Values) -> int:
    return len(values)


@declare(
    "mv_dedupe",
    FunctionKind.MULTIVALUE,
    "any -> first",
    traits=Traits(inverse=the_same, keeps=_ANY, keeps_case=True, keeps_order=True),
)
def mv_dedupe(binding: Binding) -> Callable[[Values], Values]:
    return lambda values: list(dict.fromkeys(values))


@multivalue("mv_first", "any -> first", traits=_PICKED)
def mv_first(values: Values) -> Any:
    return values[0]


@multivalue("mv_last", "any -> first", traits=_PICKED)
def mv_last(values: Values) -> Any:
    return values[-1]


@declare("mv_min", FunctionKind.MULTIVALUE, "comparable -> first", traits=_SOME)
def mv_min(binding: Binding) -> Callable[[Values], Any]:
    key = order_key(binding.types[0])
    return lambda values: min(values, key=key)


@declare("mv_max", FunctionKind.MULTIVALUE, "comparable -> first", traits=_SOME)
def mv_max(binding: Binding) -> Callable[[Values], Any]:
    key = order_key(binding.types[0])
    return lambda values: max(values, key=key)


@declare("mv_sum", FunctionKind.MULTIVALUE, "number -> first")
def mv_sum(binding: Binding) -> Callable[[Values], int | float]:
    if binding.result is Type.DOUBLE:
        return math.fsum
    return lambda values: in_range(sum(values), binding.result)


@multivalue("mv_avg", "number -> double")
def mv_avg(values: Values) -> float:
    return math.fsum(values) / len(values)


@declare("mv_median", FunctionKind.MULTIVALUE, "number -> first")
def mv_median(binding: Binding) -> Callable[[Values], int | float]:
    """Of an even number of whole numbers, the mean of the middle two rounded down."""
    if binding.result is Type.DOUBLE:
        return statistics.median
    return lambda values: (statistics.median_low(values) + statistics.median_high(values)) // 2


def median_of(values: Values) -> float:
    return float(statistics.median(values))


@multivalue("mv_median_absolute_deviation", "number -> first")
def mv_median_absolute_deviation(values: Values) -> int | float:
    middle = statistics.median(values)
    deviation = statistics.median(abs(value - middle) for value in values)
    return int(deviation) if isinstance(values[0], int) else deviation


@declare("mv_percentile", FunctionKind.MULTIVALUE, "number, number -> first")
def mv_percentile(binding: Binding) -> Callable[[Values, Any], int | float]:
    whole = binding.result is not Type.DOUBLE

    def run(values: Values, percentile: Any) -> int | float:
        if not 0 <= _single(percentile) <= 100:
            raise Failure("a percentile lies between 0 and 100")
        found = percentile_of(values, percentile)
        return int(found) if whole else found

    return run


def percentile_of(values: Values, percentile: float) -> float:
    """Between two neighbours, in proportion."""
    ordered = sorted(values)
    rank = percentile / 100 * (len(ordered) - 1)
    low = math.floor(rank)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (rank - low))


@multivalue("mv_slice", "any, integer, integer? -> first", traits=_PICKED)
def mv_slice(values: Values, start: Any, end: Any = None) -> Values | None:
    """0-based and inclusive; negative positions count from the end."""
    first = _single(start)
    last = first if end is None else _single(end)
    if (first < 0) != (last < 0) and first >= 0:
        raise Failure("a slice cannot begin at a place from the front and end at one from the end")
    if last < first:
        raise Failure("a slice cannot end before it begins")
    if first < 0:
        first, last = first + len(values), last + len(values) if last < 0 else last
    if last < 0:
        return None
    return values[max(first, 0) : last + 1]


@declare("mv_sort", FunctionKind.MULTIVALUE, "comparable, !string? -> first", traits=_SOME)
def mv_sort(binding: Binding) -> Callable[..., Values]:
    order = binding.constants[1] if len(binding.constants) > 1 else "ASC"
    if order is None or str(order).upper() not in ("ASC", "DESC"):
        raise BadConstant(1, f"`{order}` is no order", help='write "ASC" or "DESC"')
    key = order_key(binding.types[0])
    return lambda values, *_: sorted(values, key=key, reverse=str(order).upper() == "DESC")


@multivalue("mv_zip", "string, string, string? -> keyword")
def mv_zip(values: Values, others: Any, delimiter: Any = ",") -> Values:
    """Values at the same position, joined; where one list is longer, its values stand alone."""
    right = as_list(others)
    longest = max(len(values), len(right))
    pairs = ((values[i : i + 1], right[i : i + 1]) for i in range(longest))
    return [_single(delimiter).join((*left, *second)) for left, second in pairs]


@multivalue("mv_pseries_weighted_sum", "double, number -> double")
def mv_pseries_weighted_sum(values: Values, power: Any) -> float:
    return math.fsum(value / (index**power) for index, value in enumerate(values, 1))


def _set_function(name: str, signature: str, run: Callable[[Values, Values], Any], traits: Traits = _UNKNOWN) -> None:
    """A function of two sets: null is the empty set, and so is the empty result."""

    @declare(name, FunctionKind.LAZY, signature, traits=traits)
    def bind(binding: Binding) -> Callable[..., Any]:
        def evaluate(row: Any, first: Callable[[Any], Any], second: Callable[[Any], Any]) -> Any:
            left, right = first(row), second(row)
            return run([] if left is None else as_list(left), [] if right is None else as_list(right))

        return evaluate


def _listed(values: Values) -> Any:
    unique = list(dict.fromkeys(values))
    return None if not unique else unique[0] if len(unique) == 1 else unique


def _share(call: Given, wanted: Any) -> tuple[Related, ...]:
    return (Related(bool(wanted)),)


_set_function(
    "mv_contains",
    "any, any -> boolean",
    lambda left, right: set(right) <= set(left),
    Traits(inverse=_share, as_test=equals_test, since="9.2"),
)
_set_function(
    "mv_intersects",
    "any, any -> boolean",
    lambda left, right: not set(left).isdisjoint(right),
    Traits(since="9.3"),
)
_set_function(
    "mv_intersection",
    "any, any -> common",
    lambda left, right: _listed([v for v in left if v in set(right)]),
    Traits(inverse=_share, partial=True, since="9.3"),
)
_set_function(
    "mv_difference",
    "any, any -> common",
    lambda left, right: _listed([v for v in left if v not in set(right)]),
    Traits(since="9.4"),
)
_set_function("mv_union", "any, any -> common", lambda left, right: _listed([*left, *right]), Traits(since="9.3"))
