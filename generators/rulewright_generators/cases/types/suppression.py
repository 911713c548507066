"""Cases of rules that suppress alerts: one alert for each group, and what becomes of events without one."""

from collections.abc import Sequence

from rulewright_engine.rules import CompiledRule
from rulewright_generators.cases.events.documents import Document
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

    def _alerts(self, kind: str, why: str, events: Sequence[Document], *alerts: Sequence[int]) -> bool:
        return self._confirmed.add(kind, why, self._dated(events), alerts)
