"""Events that differ in one value: what is counted has to have as many values as a condition asks for."""

from rulewright_engine.esql.analysis.plan import Typed
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
from rulewright_generators.cases.esql.events.event_builder import Draft, Maker, with_values
from rulewright_generators.cases.esql.events.lowering import all_of
from rulewright_generators.cases.esql.events.values import changed, ordinary
from rulewright_generators.cases.esql.plan.column_lineage import raw_fields

__all__ = ["Variation"]

MOST_SEARCHED = 60
"""Values that are searched for one rule, where those near a known one do not do."""


class Variation:
    def __init__(self, maker: Maker) -> None:
        self._maker = maker
        self._left = MOST_SEARCHED

    def variants(self, condition: Condition, base: Draft, varies: Typed, segment: int, count: int) -> list[Draft]:
        """Up to `count` events that meet the condition, `base` first, in which an expression has different values."""
        view = self._maker.view
        names = [name for name in raw_fields(view, varies, segment) if name in view.read or name in base.values]
        if not names:
            return [base]
        asked = {read.name: read for read in condition.fields()}
        for name in names:
            is_free = name not in asked
            found = self._free(base, name, count) if is_free else self._solved(condition, base, asked[name], count)
            if len(found) > 1:
                return found
        return [base]

    def _free(self, base: Draft, name: str, count: int) -> list[Draft]:
        column = self._maker.view.read.get(name)
        family = column.field.type if column and column.field else FieldType.KEYWORD
        first = base.values.get(name) or ordinary(name, family)
        return [base, *(with_values(base, {name: (changed(first[0], number),)}) for number in range(1, count))]

    def _solved(self, condition: Condition, base: Draft, asked: Field, count: int) -> list[Draft]:
        """Values near that of the base that meet the condition; where those are too few, what the solver finds."""
        meets = compile_condition(condition)
        first = base.values.get(asked.name, ())
        found = [base]
        for number in range(1, count if first else 1):
            draft = with_values(base, {asked.name: (changed(first[0], number),)})
            if meets(Event({name: list(held) for name, held in draft.values.items()})):
                found.append(draft)
        return found if len(found) == count else self._searched(condition, base, asked, count)

    def _searched(self, condition: Condition, base: Draft, asked: Field, count: int) -> list[Draft]:
        """Solve again and again for values that were not met before."""
        found = [base]
        known = [value for value in base.values.get(asked.name, ()) if value is not None]
        excluded = [Not(Leaf(asked, Equals(value), "")) for value in known]
        while len(found) < count and self._left > 0:
            self._left -= 1
            solved = self._maker.solve(all_of([condition, *excluded]))
            values = solved.get(asked.name) if solved else None
            if not solved or not values or values[0] is None:
                break
            found.append(self._maker.draft(solved))
            excluded.append(Not(Leaf(asked, Equals(values[0]), "")))
        return found
