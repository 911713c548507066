"""What events have to do for one condition to decide the verdict, or for a mutant to be told apart.

Of a condition of the last WHERE, a row is wanted on which it hangs whether that passes: every operand beside it is
neutral then, true beside an AND and anything but true beside an OR, and of a CASE no other branch is chosen. Of any
other condition, one plan is to alert and one is not.
"""

from collections.abc import Iterator, Sequence

from rulewright_engine.esql.analysis.plan import AggregateStep, Apply, Column, Filter, Plan, Reference, Typed
from rulewright_engine.esql.functions.traits import Choice
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.ir.operators import COMPARISONS, Operator
from rulewright_generators.cases.esql.mutation.mutants import Mutant
from rulewright_generators.cases.esql.mutation.operators import applied
from rulewright_generators.cases.esql.plan.column_lineage import View
from rulewright_generators.cases.esql.plan.conditions import Atom, Occurrence, conditions_of, is_any_of
from rulewright_generators.cases.esql.plan.distance import Distances
from rulewright_generators.cases.esql.plan.gauge import About, Difference, Gauge, Part, segments_of
from rulewright_generators.cases.esql.plan.overrides import forced_plan, with_changed
from rulewright_generators.cases.esql.search.guided_search import Objective

__all__ = ["Goals"]


class Goals:
    """Of one view."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._plan: Plan = view.plan
        self._distances = Distances(view)
        self._last = segments_of(view.plan)[-1]

    def of_atom(self, atom: Atom, *, fired: bool) -> Iterator[Objective]:
        """That a condition alone makes events alert, or that it alone keeps them quiet."""
        rows = list(self._rows(atom, fired=fired)) if atom.segment == self._last else []
        yield from rows
        about = [(occurrence.node, atom.segment) for occurrence in atom.occurrences]
        for wanted in atom.wanted if not rows else ():
            forced = forced_plan(self._plan, atom, wanted != fired)
            yield Difference(self._plan, forced, about) if fired else Difference(forced, self._plan, about)

    def of_mutant(self, mutant: Mutant) -> Iterator[Objective]:
        """That a mutant alerts where the query does not, or the other way round."""
        if mutant.node is None or mutant.changed is None:
            if mutant.plan is not None:
                yield from self._of_plans(mutant.plan, self._about_step(mutant))
            return
        found = self._beside(mutant.node) if mutant.segment == self._last else None
        if found is None:
            changed = with_changed(self._plan, mutant.node, mutant.changed)
            yield from self._of_plans(changed, [(mutant.node, mutant.segment)])
            return
        step, beside = found
        for wanted in (True, False):
            first = self._part(mutant.node, wanted=not wanted)
            second = self._part(mutant.changed, wanted=wanted)
            yield Gauge(self._plan, {step: [*beside, first, second]})

    def _of_plans(self, mutated: Plan, about: Sequence[About]) -> Iterator[Objective]:
        yield Difference(mutated, self._plan, about)
        yield Difference(self._plan, mutated, about)

    def _about_step(self, mutant: Mutant) -> list[About]:
        """What the aggregates of a STATS gather, and what it groups rows by."""
        step, segment = self._plan.steps[mutant.step], segments_of(self._plan)[mutant.step]
        assert isinstance(step, AggregateStep)  # Invariant: other mutants have a node
        keys = [(Reference(Column("", Type.KEYWORD, old)), segment) for old, _ in step.keys]
        return [*((each, segment) for aggregate in step.aggregates for each in aggregate.arguments), *keys]

    # Rows at the last WHERE

    def _rows(self, atom: Atom, *, fired: bool) -> Iterator[Objective]:
        for occurrence in atom.occurrences:
            found = self._beside(occurrence.node) if occurrence.leaf is None else None
            for speaks in (True, False) if occurrence.wanted is None else (occurrence.wanted,):
                if found is not None:
                    truth = (speaks is not occurrence.negated) == fired
                    yield Gauge(self._plan, {found[0]: [*found[1], self._part(_asked(occurrence), wanted=truth)]})

    def _beside(self, node: Typed) -> tuple[int, list[Part]] | None:
        """The step of the WHERE of which a node is part, and that all beside it is neutral there."""
        for step, segment in zip(range(len(self._plan.steps)), segments_of(self._plan), strict=True):
            where = self._plan.steps[step]
            if isinstance(where, Filter) and segment == self._last:
                parts = self._around(where.condition, node)
                if parts is not None:
                    return step, parts
        return None

    def _around(self, expression: Typed, node: Typed) -> list[Part] | None:
        defined = self._view.definition(expression, self._last)
        if expression is node or defined is node:
            return []
        operands, joins_any = self._operands(defined)
        for index, operand in enumerate(operands):
            inside = self._around(operand, node)
            if inside is not None:
                others = (*operands[:index], *operands[index + 1 :])
                return [*inside, *(self._part(each, wanted=not joins_any) for each in others)]
        return None

    def _operands(self, expression: Typed) -> tuple[Sequence[Typed], bool]:
        """What a condition is joined of, and whether one of that is enough."""
        match expression:
            case Apply(function, arguments) if function.operator in (Operator.AND, Operator.NOT):
                return arguments, False
            case Apply(function, arguments) if function.operator is Operator.OR:
                return arguments, True
            case Apply(arguments=arguments) if is_any_of(expression):
                return arguments[1:], True
            case Apply(function, (subject, *_)) if function.operator in COMPARISONS:
                chosen = self._view.definition(subject, self._last)
                if isinstance(chosen, Apply) and chosen.function.traits.choice is Choice.BY_CONDITION:
                    return [chosen.arguments[number] for number in conditions_of(chosen)], True
        return (), False

    def _part(self, asks: Typed, *, wanted: bool) -> Part:
        return Part(self._distances.to(asks, self._last, wanted=wanted), asks)


def _asked(occurrence: Occurrence) -> Typed:
    """What stands at an occurrence; of a list, the test of the one element."""
    node = occurrence.node
    if occurrence.element is None or not isinstance(node, Apply):
        return node
    return applied(node.function, node.arguments[0], node.arguments[occurrence.element]) or node
