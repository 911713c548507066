"""How far rows are from meeting a condition: what a search goes by that looks for events where no solver answers.

A distance is 0 where the condition is met, and else at most 1. Of numbers and times it tells how far apart they are; an
AND is as far as its operands together, an OR as its nearest one.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

from rulewright_engine.esql.analysis.plan import Apply, Constant, Row, Typed
from rulewright_engine.esql.analysis.warnings import Warnings
from rulewright_engine.esql.execution.compile import Compiler
from rulewright_engine.esql.functions.traits import Choice
from rulewright_engine.ir.operators import Operator
from rulewright_generators.cases.esql.plan.column_lineage import View
from rulewright_generators.cases.esql.plan.conditions import is_any_of

__all__ = ["Distance", "Distances"]

Distance = Callable[[Row], float]

_ABSENT = 1.0
_LEAST = 0.1
"""Of two sides that differ by nothing, where they should."""

_OTHER = 0.5
"""Of values of which nothing tells how far apart they are."""


class Distances:
    """Makes the distances of conditions on rows of one view."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._compiler = Compiler(view.plan.query.text, Warnings())

    def to(self, expression: Typed, segment: int, *, wanted: bool) -> Distance:
        """How far a row is from `expression` being true; or else from its being anything but true."""
        defined = self._view.definition(expression, segment)
        if isinstance(defined, Apply):
            match defined.function.operator:
                case Operator.AND | Operator.OR as joining:
                    parts = [self.to(each, segment, wanted=wanted) for each in defined.arguments]
                    return _all(parts) if (joining is Operator.AND) == wanted else _any(parts)
                case Operator.NOT if wanted:
                    return self._false(defined.arguments[0], segment)
                case Operator.IN if is_any_of(defined):
                    parts = [self.to(each, segment, wanted=wanted) for each in defined.arguments[1:]]
                    return _any(parts) if wanted else _all(parts)
        return self._whole(defined, segment, wanted=True if wanted else None)

    def _false(self, expression: Typed, segment: int) -> Distance:
        """How far a row is from an expression being false, which null is not."""
        defined = self._view.definition(expression, segment)
        if isinstance(defined, Apply):
            match defined.function.operator:
                case Operator.AND | Operator.OR as joining:
                    parts = [self._false(each, segment) for each in defined.arguments]
                    return _any(parts) if joining is Operator.AND else _all(parts)
                case Operator.NOT:
                    return self.to(defined.arguments[0], segment, wanted=True)
        return self._whole(defined, segment, wanted=False)

    def _whole(self, test: Typed, segment: int, *, wanted: bool | None) -> Distance:
        """Of a test that has no parts; `wanted` None is anything but true."""
        evaluate = self._compiler.compile(test)
        gap = self._of_choice(test, segment, wanted=wanted) or self._gap(test)

        def distance(row: Row) -> float:
            value = evaluate(row)
            if value is not True if wanted is None else value is wanted:
                return 0.0
            return _ABSENT if value is None else gap(row)

        return distance

    def _of_choice(self, test: Typed, segment: int, *, wanted: bool | None) -> Distance | None:
        """Of a test of what a CASE chooses among constants: how far a row is from a branch whose constant will do."""
        if not isinstance(test, Apply) or not all(isinstance(each, Constant) for each in test.arguments[1:]):
            return None
        chosen = self._view.definition(test.arguments[0], segment) if test.arguments else None
        if not isinstance(chosen, Apply) or chosen.function.traits.choice is not Choice.BY_CONDITION:
            return None
        pairs = list(zip(chosen.arguments[:-1:2], chosen.arguments[1::2], strict=False))
        default = chosen.arguments[-1] if len(chosen.arguments) % 2 else Constant(None, chosen.type)
        before: list[Distance] = []
        found: list[Distance] = []
        for condition, value in (*pairs, (None, default)):
            if not isinstance(value, Constant):
                return None
            truth = self._compiler.compile(test.with_children((value, *test.arguments[1:])))([])
            own = [] if condition is None else [self.to(condition, segment, wanted=True)]
            if truth is wanted or (wanted is None and truth is not True):
                found.append(_all([*before, *own]))
            if condition is not None:
                before.append(self.to(condition, segment, wanted=False))
        return _any(found) if found else None

    def _gap(self, test: Typed) -> Distance:
        """How far the two sides of a comparison are apart."""
        if not isinstance(test, Apply) or len(test.arguments) != 2:
            return lambda row: _OTHER
        comparison = test.function.traits.comparison
        if comparison is None and test.function.operator not in (Operator.EQUALS, Operator.NOT_EQUALS):
            return lambda row: _OTHER
        left, right = map(self._compiler.compile, test.arguments)
        return lambda row: _apart(left(row), right(row))


def _apart(left: Any, right: Any) -> float:
    if not isinstance(left, int | float) or not isinstance(right, int | float):
        return _OTHER
    size = math.log1p(abs(left - right))
    return _LEAST + (1 - _LEAST) * size / (1 + size)


def _all(parts: Sequence[Distance]) -> Distance:
    return lambda row: sum(part(row) for part in parts) / max(len(parts), 1)


def _any(parts: Sequence[Distance]) -> Distance:
    return lambda row: min(part(row) for part in parts)
