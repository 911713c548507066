"""Whether it is proven that no events raise an alert: that none were found proves nothing."""

from rulewright_engine.esql.analysis.plan import Apply, EventTest, Reference, Typed
from rulewright_engine.esql.analysis.plan import Constant as Known
from rulewright_engine.ir.operators import COMPARISONS, LOGIC, NULL_TESTS, Operator
from rulewright_engine.solver import multi_valued_in
from rulewright_engine.solver.analysis.findings import is_contradictory
from rulewright_generators.cases.esql.events.lowering import all_of
from rulewright_generators.cases.esql.events.positives import Positives
from rulewright_generators.cases.esql.plan.column_lineage import Raw

__all__ = ["is_exact", "never_alerts"]

_EXACT = LOGIC | NULL_TESTS | COMPARISONS | {Operator.IN, Operator.LIKE, Operator.RLIKE}
"""Calls that are lowered to exactly what makes them true: of fields with several values all but the null checks are
null, as the solver takes it. Other functions are lowered to what is enough to find events."""


def never_alerts(positives: Positives) -> bool:
    """Whether no event passes the conditions before the first STATS, by those of them alone that are lowered exactly.

    STATS without BY makes a row of no events, too, so nothing is proven of a rule that begins with it.
    """
    first = positives.view.segments[0]
    if first.ending is not None and not first.ending.keys:
        return False
    needed = [each for filter_ in first.filters for each in filter_.condition.conjuncts()]
    exact = [positives.lowering.true(each, 0) for each in needed if _is_exact(each, positives)]
    multi_valued = multi_valued_in(positives.builder.fields)
    # KQL and its like may match one value of several.
    tested = {name for each in needed for node in each.find(EventTest) for name in node.fields}
    return is_contradictory(all_of(exact), lambda name: multi_valued(name) if name in tested else False)


def is_exact(positives: Positives) -> bool:
    """Whether the conditions before the first STATS are lowered exactly, all of them."""
    first = positives.view.segments[0]
    return all(_is_exact(filter_.condition, positives) for filter_ in first.filters)


def _is_exact(expression: Typed, positives: Positives) -> bool:
    """Whether an expression asks only fields of the event, and only with exact calls."""
    match expression:
        case Known() | EventTest():
            return True
        case Reference(column):
            return isinstance(positives.view.segments[0].origins.get(column.slot), Raw)
        case Apply(function, arguments):
            return function.operator in _EXACT and all(_is_exact(each, positives) for each in arguments)
