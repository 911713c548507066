"""What events have to do for one condition to decide the verdict, or for a mutant to be told apart.

Of a condition of a WHERE a row is wanted on which it hangs whether that passes: every operand beside it is neutral
then, true beside an AND and anything but true beside an OR. Of any other, one plan is to alert and one is not.
"""

from collections.abc import Iterator, Sequence

from rulewright_engine.esql.analysis.plan import AggregateStep, Apply, Column, Filter, Plan, Reference, Typed
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.ir.operators import Operator
from rulewright_generators.cases.esql.mutation.mutants import Mutant
from rulewright_generators.cases.esql.mutation.operators import applied
from rulewright_generators.cases.esql.plan.column_lineage import View
from rulewright_generators.cases.esql.plan.conditions import Atom, Occurrence, is_any_of
from rulewright_generators.cases.esql.plan.distance import Distances
from rulewright_generators.cases.esql.plan.gauge import About, Difference, Gauge, Part, segments_of
from rulewright_generators.cases.esql.plan.overrides import forced_plan, with_changed
from rulewright_generators.cases.esql.search.guided_search import Objective

__all__ = ["Goals"]


class Goals:
    """Of one view."""

    def __init__(self, view: View) -> None:
        self._plan: Plan = view.plan
        self._distances = Distances(view)
        self._segments = segments_of(view.plan)

    def of_row(self, atom: Atom, *, fired: bool) -> Iterator[Objective]:
        """That a condition of the last WHERE alone lets a row pass, or that it alone keeps it back."""
        parts = self._parts(atom, holds=fired) if atom.segment == self._segments[-1] else None
        if parts is not None:
            yield Gauge(self._plan, parts)

    def of_verdict(self, atom: Atom, *, fired: bool) -> Iterator[Objective]:
        """That the verdict would be another one if a condition were forced."""
        about = [(occurrence.node, atom.segment) for occurrence in atom.occurrences]
        for wanted in atom.wanted:
            forced = forced_plan(self._plan, atom, wanted != fired)
            yield Difference(self._plan, forced, about) if fired else Difference(forced, self._plan, about)

    def of_changed_row(self, mutant: Mutant) -> Iterator[Objective]:
        """That a mutant of a WHERE lets a row pass that the query does not, or the other way round."""
        if mutant.node is None or mutant.changed is None or mutant.segment < self._segments[-1]:
            return
        beside = self._beside(mutant.step, mutant.node)
        for wanted in (True, False) if beside is not None else ():
            first = self._part(mutant.step, mutant.node, wanted=not wanted)
            second = self._part(mutant.step, mutant.changed, wanted=wanted)
            yield Gauge(self._plan, {mutant.step: [*(beside or ()), first, second]})

    def of_changed_verdict(self, mutant: Mutant) -> Iterator[Objective]:
        """That a mutant alerts where the query does not, or the other way round."""
        if mutant.node is not None and mutant.changed is not None:
            changed = with_changed(self._plan, mutant.node, mutant.changed)
            yield from self._of_plans(changed, [(mutant.node, mutant.segment)])
        elif mutant.plan is not None:
            yield from self._of_plans(mutant.plan, self._about_step(mutant))

    def _of_plans(self, mutated: Plan, about: Sequence[About]) -> Iterator[Objective]:
        yield Difference(mutated, self._plan, about)
        yield Difference(self._plan, mutated, about)

    def _about_step(self, mutant: Mutant) -> list[About]:
        """What the changed aggregates of a STATS gather, and what rows are grouped by."""
        step = self._plan.steps[mutant.step]
        assert isinstance(step, AggregateStep)  # Invariant: other mutants have a node
        segment = self._segments[mutant.step]
        keys = [(Reference(Column("", Type.KEYWORD, old)), segment) for old, _ in step.keys]
        return [*((each, segment) for aggregate in step.aggregates for each in aggregate.arguments), *keys]

    def _parts(self, atom: Atom, *, holds: bool) -> dict[int, list[Part]] | None:
        goal: dict[int, list[Part]] = {}
        for occurrence in atom.occurrences:
            if occurrence.step in goal or occurrence.wanted is None or occurrence.leaf is not None:
                return None
            beside = self._beside(occurrence.step, occurrence.node)
            if beside is None:
                return None
            truth = (occurrence.wanted is not occurrence.negated) == holds
            goal[occurrence.step] = [*beside, self._part(occurrence.step, _asked(occurrence), wanted=truth)]
        return goal

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


def _asked(occurrence: Occurrence) -> Typed:
    """What stands at an occurrence; of a list, the test of the one element."""
    node = occurrence.node
    if occurrence.element is None or not isinstance(node, Apply):
        return node
    return applied(node.function, node.arguments[0], node.arguments[occurrence.element]) or node
