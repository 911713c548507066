"""What a row has to meet for one condition of a WHERE to decide whether it passes: goals of `guided_search`.

Every operand beside the condition is neutral then: true beside an AND, anything but true beside an OR.
"""

from collections.abc import Iterator, Mapping, Sequence

from rulewright_engine.esql.analysis.plan import Apply, Filter, Plan, Typed
from rulewright_engine.ir.operators import Operator
from rulewright_generators.cases.esql.plan.column_lineage import View
from rulewright_generators.cases.esql.plan.conditions import Atom, is_any_of
from rulewright_generators.cases.esql.plan.distance import Distances
from rulewright_generators.cases.esql.plan.gauge import Part, segments_of

__all__ = ["Goal", "Goals"]

Goal = Mapping[int, Sequence[Part]]
"""By the step of a WHERE, the parts that count in its place."""


class Goals:
    """Of one view."""

    def __init__(self, view: View) -> None:
        self._plan: Plan = view.plan
        self._distances = Distances(view)
        self._segments = segments_of(view.plan)

    def of_atom(self, atom: Atom, *, holds: bool) -> Goal | None:
        """That a condition alone lets a row pass, or that it alone keeps it back."""
        goal: dict[int, Sequence[Part]] = {}
        for occurrence in atom.occurrences:
            if occurrence.step in goal or occurrence.wanted is None or occurrence.leaf is not None:
                return None
            beside = self._beside(occurrence.step, occurrence.node)
            if beside is None:
                return None
            truth = (occurrence.wanted is not occurrence.negated) == holds
            goal[occurrence.step] = [*beside, self._part(occurrence.step, occurrence.node, wanted=truth)]
        return goal

    def of_change(self, step: int, node: Typed, changed: Typed) -> Iterator[Goal]:
        """That a changed condition says something else of a row, on which it hangs whether that passes."""
        beside = self._beside(step, node)
        if beside is not None:
            for wanted in (True, False):
                both = (self._part(step, each, wanted=(each is changed) == wanted) for each in (node, changed))
                yield {step: [*beside, *both]}

    def _beside(self, step: int, node: Typed) -> list[Part] | None:
        """That all is neutral beside a node of a WHERE; None where it is not joined by AND, OR and NOT alone."""
        where = self._plan.steps[step]
        return self._around(step, where.condition, node) if isinstance(where, Filter) else None

    def _around(self, step: int, expression: Typed, node: Typed) -> list[Part] | None:
        if expression is node:
            return []
        if not isinstance(expression, Apply):
            return None
        operator = expression.function.operator
        joins_any = operator is Operator.OR or is_any_of(expression)
        if operator not in (Operator.AND, Operator.NOT) and not joins_any:
            return None
        operands = expression.arguments[1:] if is_any_of(expression) else expression.arguments
        for index, operand in enumerate(operands):
            inside = self._around(step, operand, node)
            if inside is not None:
                others = (*operands[:index], *operands[index + 1 :])
                return [*inside, *(self._part(step, each, wanted=not joins_any) for each in others)]
        return None

    def _part(self, step: int, asks: Typed, *, wanted: bool) -> Part:
        return Part(self._distances.to(asks, self._segments[step], wanted=wanted), asks)
