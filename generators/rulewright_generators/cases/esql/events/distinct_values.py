"""Events that differ in one value: what is counted has to have as many values as a condition asks for."""

from collections.abc import Callable, Iterator

from rulewright_engine.esql.analysis.plan import Reference, Typed
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    Condition,
    Equals,
    Field,
    FieldType,
    Leaf,
    Not,
)
from rulewright_generators.cases.esql.events.event_builder import Candidate, EventBuilder, with_values
from rulewright_generators.cases.esql.events.inverse import Inverter
from rulewright_generators.cases.esql.events.lowering import all_of
from rulewright_generators.cases.esql.events.values import ordinary
from rulewright_generators.cases.esql.plan.column_lineage import Captured, raw_fields
from rulewright_generators.cases.events.values import another

__all__ = ["Variation"]

MAX_SEARCHED_VALUES = 60
"""Values that are searched for one rule, where those near a known one do not do."""


class Variation:
    def __init__(self, builder: EventBuilder) -> None:
        self._builder = builder
        self._left = MAX_SEARCHED_VALUES

    def variants(
        self, condition: Condition, base: Candidate, varies: Typed, segment: int, count: int
    ) -> list[Candidate]:
        """Up to `count` events that meet the condition, `base` first, in which an expression has different values."""
        view = self._builder.view
        names = [name for name in raw_fields(view, varies, segment) if name in view.read or name in base.values]
        if not names:
            return [base]
        asked = {read.name: read for read in condition.fields()}
        taken = self._captured(condition, base, varies, segment, count)
        if len(taken) > 1:
            return taken
        for name in names:
            is_free = name not in asked
            found = self._free(base, name, count) if is_free else self._solved(condition, base, asked[name], count)
            if len(found) > 1:
                return found
        return [base]

    def _captured(
        self, condition: Condition, base: Candidate, varies: Typed, segment: int, count: int
    ) -> list[Candidate]:
        """Of what GROK or DISSECT takes from a text: other texts, of which it takes something else."""
        view = self._builder.view
        column = view.definition(varies, segment)
        if not isinstance(column, Reference):
            return []
        origin = view.segments[segment].origins.get(column.column.slot)
        if not isinstance(origin, Captured):
            return []
        known = Inverter(view, base.values).taken(origin.step, segment).get(column.column.name)
        meets = self._check(condition)
        found = [base]
        for wanted in _others(known, 2 * count):
            inverter = Inverter(view, base.values)
            inverter.want(column, wanted, segment)
            inverter.finish()
            candidate = with_values(base, inverter.fields)
            is_new = inverter.fields and all(candidate.values != each.values for each in found)
            if is_new and meets(candidate):
                found.append(candidate)
            if len(found) == count:
                break
        return found

    def _free(self, base: Candidate, name: str, count: int) -> list[Candidate]:
        column = self._builder.view.read.get(name)
        family = column.field.type if column and column.field else FieldType.KEYWORD
        first = base.values.get(name) or ordinary(name, family)
        return [base, *(with_values(base, {name: (another(first[0], number),)}) for number in range(1, count))]

    def _solved(self, condition: Condition, base: Candidate, asked: Field, count: int) -> list[Candidate]:
        """Values near that of the base that meet the condition; where those are too few, what the solver finds."""
        meets = self._check(condition)
        first = base.values.get(asked.name, ())
        found = [base]
        for number in range(1, count if first else 1):
            candidate = with_values(base, {asked.name: (another(first[0], number),)})
            if meets(candidate):
                found.append(candidate)
        return found if len(found) == count else self._searched(condition, base, asked, count)

    def _check(self, condition: Condition) -> Callable[[Candidate], bool]:
        """Whether an event meets a condition, uninterpreted variables being as the solver wants them."""
        meets = compile_condition(condition)
        variables = self._builder.lowering.variables
        solved = {name: v for name, v in (self._builder.solve(condition) or {}).items() if name in variables}
        return lambda event: meets(Event({name: list(v) for name, v in {**solved, **event.values}.items()}))

    def _searched(self, condition: Condition, base: Candidate, asked: Field, count: int) -> list[Candidate]:
        """Solve again and again for values that were not met before."""
        found = [base]
        known = [value for value in base.values.get(asked.name, ()) if value is not None]
        excluded = [Not(Leaf(asked, Equals(value), "")) for value in known]
        while len(found) < count and self._left > 0:
            self._left -= 1
            solved = self._builder.solve(all_of([condition, *excluded]))
            values = solved.get(asked.name) if solved else None
            if not solved or not values or values[0] is None:
                break
            found.append(self._builder.candidate(solved))
            excluded.append(Not(Leaf(asked, Equals(values[0]), "")))
        return found


def _others(known: str | None, count: int) -> Iterator[str]:
    """Texts that may be taken instead of a known one; or of none, numbers and words."""
    for number in range(1, count):
        yield from (str(another(known, number)),) if known else (str(number), f"sample-{number}")
