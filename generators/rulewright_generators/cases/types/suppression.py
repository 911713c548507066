"""Cases of rules that suppress alerts: one alert for each group, and what becomes of events without one."""

from collections.abc import Sequence

from rulewright_engine.rules import CompiledRule, type_of
from rulewright_generators.cases.events.documents import Document, json_of, patched
from rulewright_generators.cases.events.timeline import Timeline
from rulewright_generators.cases.evidence.confirmed_cases import ConfirmedCases
from rulewright_generators.cases.types.single_condition import SingleCases

__all__ = ["SuppressionCases"]


class SuppressionCases(SingleCases):
    """The cases of an event query with `alert_suppression`; its keys are the fields to group by."""

    def __init__(self, compiled: CompiledRule, confirmed: ConfirmedCases, timeline: Timeline) -> None:
        suppression = compiled.rule.alert_suppression
        assert suppression is not None  # Invariant: else each event is judged by itself
        super().__init__(compiled, suppression.group_by, confirmed, timeline)
        self._by_each = type_of(compiled.rule).groups_by_each_value
        self._joins_missing = suppression.missing_fields_strategy == "suppress"

    def add(self) -> None:
        """Every case that is about no condition."""
        ordinary = self._event()
        if ordinary is None or not self._alerts("positive", "An event meets the query.", [ordinary], [0]):
            self._confirmed.gap("a positive", "no event was found that meets the query and has the fields to group by")
            return
        self._alerts("group", "Two events of one group are one alert.", [ordinary, ordinary], [0])
        for part, name in enumerate(self._names):
            why = f"Two events with different `{name}` are two alerts."
            if not any(self._alerts("group", why, [ordinary, other], [0], [1]) for _, other in self._others(part)):
                self._gap(f"another `{name}`", part)
            without = self._event(self._changed(part, None))
            if without is not None and self._joins_missing:
                self._alerts("group", f"Two events without `{name}` are one alert.", [without, without], [0])
            elif without is not None:
                self._alerts("group", f"Two events without `{name}` are two alerts.", [without, without], [0], [1])
            self._several(ordinary, part)

    def _several(self, ordinary: Document, part: int) -> None:
        """Several values of one event, where the field is a list."""
        name, found = self._names[part], next(self._others(part), None)
        info = self._fields.lookup(name)
        if found is None or self._key is None or info is None or not info.array:
            return
        both = (self._key[part], found[0][part])
        event, turned = (patched(ordinary, {name: json_of(name, held, self._fields)}) for held in (both, both[::-1]))
        if self._by_each:
            self._alerts("group", f"An event with two values of `{name}` is an alert for each.", [event], [0], [0])
        else:
            self._alerts("group", f"The order of the values of `{name}` does not matter.", [event, turned], [0])

    def _alerts(self, kind: str, why: str, events: Sequence[Document], *alerts: Sequence[int]) -> bool:
        return self._confirmed.add(kind, why, self._dated(events), alerts)
