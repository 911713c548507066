"""Run cases: what each alerts, and where it goes wrong, the condition that decided."""

from collections.abc import Iterable
from dataclasses import dataclass

from rulewright_engine.evaluate import Trace, trace
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import And, Leaf, Or
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules import (
    Alert,
    AlertContent,
    CompiledRule,
    Execution,
    contents,
    judges_events,
    time_of_run,
    window_of,
)
from rulewright_generators.cases.format.alert_content import differences
from rulewright_generators.cases.format.case_file import Case

__all__ = ["CaseResult", "CaseRunner", "deciding_condition", "run_cases"]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """`alerts` are those that evaluation found, in the form of `Case.alerts`.

    Of a failed case of a rule that judges single events, `event` is the first event that alerts and should not, or
    should and does not, and `decisive` the condition that decided it, with the event's values. `said` is what an alert
    says otherwise than the case, a clause each.
    """

    case: Case
    alerts: tuple[tuple[int, ...], ...]
    event: int | None = None
    decisive: Trace | None = None
    said: tuple[str, ...] = ()

    @property
    def raised(self) -> bool:
        """Whether the alerts are those of the case."""
        return sorted(self.alerts) == sorted(self.case.alerts)

    @property
    def passed(self) -> bool:
        return self.raised and not self.said


def run_cases(compiled: CompiledRule, cases: Iterable[Case]) -> list[CaseResult]:
    """The result of each case, in order. Raises `LimitExceeded` for events beyond the limits of evaluation."""
    runner = CaseRunner(compiled)
    return [runner.result(case) for case in cases]


class CaseRunner:
    """Runs one case of a rule after another.

    A run sees the events of its window: that of the project's fixed time, or of the time of the case. Where each event
    is judged alone, every run is as good, and the window does not matter.
    """

    def __init__(self, compiled: CompiledRule) -> None:
        self._compiled = compiled
        self._rule = compiled.rule
        self._query = compiled.query
        self._execute = Execution(compiled)
        self._alone = judges_events(compiled)

    def alerts(self, case: Case) -> tuple[tuple[int, ...], ...]:
        """The alerts of a run over the case, in the form of `Case.alerts`."""
        return tuple(alert.events for alert in self._found(case, [Event(document) for document in case.events]))

    def contents(self, case: Case) -> list[AlertContent]:
        """What each of the alerts says."""
        events = [Event(document) for document in case.events]
        return self._contents(case, events, self._found(case, events))

    def holds(self, case: Case) -> bool:
        """Whether a run raises the alerts of a case, in their order, and they say what it says."""
        events = [Event(document) for document in case.events]
        found = self._found(case, events)
        return tuple(alert.events for alert in found) == case.alerts and not self._said_otherwise(case, events, found)

    def result(self, case: Case) -> CaseResult:
        events = [Event(document) for document in case.events]
        found = self._found(case, events)
        alerts = tuple(alert.events for alert in found)
        result = CaseResult(case, alerts, said=self._said_otherwise(case, events, found))
        if result.raised or not self._alone or not isinstance(self._query, EventQuery):
            return result
        wrong = {alert[0] for alert in set(alerts) ^ set(case.alerts) if alert}
        position = min((position for position in wrong if position >= 0), default=None)
        if position is None:
            return result
        return CaseResult(case, alerts, position, deciding_condition(trace(self._query.condition, events[position])))

    def _found(self, case: Case, events: list[Event]) -> list[Alert]:
        return self._execute(
            events,
            None if self._alone else window_of(self._rule, time_of_run(events, self._rule)),
            history=[Event(document) for document in case.history],
            indicators=[Event(document) for document in case.indicators],
            answers=case.answers,
            lookups=case.lookups,
        )

    def _contents(self, case: Case, events: list[Event], found: list[Alert]) -> list[AlertContent]:
        return contents(self._compiled, found, events, [Event(document) for document in case.indicators])

    def _said_otherwise(self, case: Case, events: list[Event], found: list[Alert]) -> tuple[str, ...]:
        if not case.alert:
            return ()
        each = self._contents(case, events, found)
        return tuple(dict.fromkeys(clause for content in each for clause in differences(case.alert, content)))


def deciding_condition(node: Trace) -> Trace | None:
    """The atomic condition that made a whole what it is: the first that blocks an AND, or that carries an OR."""
    while not isinstance(node.node, Leaf):
        if not node.children:
            return None
        match node.node:
            case And():
                decisive = next((child for child in node.children if not child.truth), node.children[-1])
            case Or():
                decisive = next((child for child in node.children if child.truth), node.children[0])
            case _:
                decisive = node.children[0]
        node = decisive
    return node
