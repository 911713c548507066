"""A run of a rule: from events to alerts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from rulewright_engine.evaluate import Check, compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.run import runner
from rulewright_engine.ir.expression import Field, Scalar
from rulewright_engine.ir.query import EsqlQuery, EventQuery, Query
from rulewright_engine.rules.compiled_rule import CompiledRule
from rulewright_engine.rules.groups import key_fields
from rulewright_engine.rules.new_terms import new_combinations
from rulewright_engine.rules.threat_match import threat_condition
from rulewright_engine.rules.threshold import threshold_groups
from rulewright_engine.rules.window import (
    EVER,
    Window,
    time_of,
    window_of,
)
from rulewright_schema.rule import AlertSuppression, NewTermsRule, Rule, ThreatMatchRule, ThresholdRule

if TYPE_CHECKING:
    from rulewright_engine.esql.execution.alerts import Alert as Row

__all__ = ["MAX_SIGNALS", "Alert", "Execution", "alerts", "created", "limit_of", "of_row"]

MAX_SIGNALS = 100
"""Alerts of one run where the rule does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Alert:
    """`events` are the positions of the events that raised it, -1 for the missing event of a sequence.

    `keys` are the values of the group or combination it stands for, `suppressed` the events that would have raised an
    alert of their own, were it not for this one. `columns` are the cells of an ES|QL row that are not null; an
    aggregated row has no document beside them.
    """

    events: tuple[int, ...]
    keys: tuple[Scalar, ...] = ()
    suppressed: tuple[int, ...] = ()
    is_building_block: bool = False
    columns: Mapping[str, Any] = field(default_factory=dict, compare=False)
    is_aggregated: bool = False


def alerts(
    compiled: CompiledRule,
    events: Sequence[Event],
    *,
    history: Sequence[Event] = (),
    indicators: Sequence[Event] = (),
    answers: Mapping[str, Any] | None = None,
) -> list[Alert]:
    """The alerts that one run at `meaning.now` raises; `Execution` says of which documents."""
    window = window_of(compiled.rule, compiled.now)
    return Execution(compiled)(events, window, history=history, indicators=indicators, answers=answers)


class Execution:
    """A compiled once to be run over one set of documents after another.

    The exceptions of a rule live in Kibana, and so do the alerts of earlier runs: neither is known here.
    """

    def __init__(self, compiled: CompiledRule) -> None:
        self._rule = compiled.rule
        self._compiled = compiled
        if isinstance(compiled.query, Query):
            self._find = runner(compiled.query, fields=compiled.fields, options=compiled.options)
        if isinstance(compiled.query, EventQuery):
            self._meets = compile_condition(compiled.query.condition)
        self._is_indicator = compile_condition(compiled.indicators)

    def __call__(
        self,
        events: Sequence[Event],
        window: Window | None,
        *,
        history: Sequence[Event] = (),
        indicators: Sequence[Event] = (),
        answers: Mapping[str, Any] | None = None,
    ) -> list[Alert]:
        """The alerts in the order in which Kibana creates them.

        `events` are the documents of the rule's indices, of which a run sees those in `window` (None: all of them),
        `history` more of them from before it (new_terms), `indicators` those of the threat indices, `answers` what an
        ES|QL query gets from outside. Raises `LimitExceeded` for events beyond the limits of evaluation.
        """
        rule = self._rule
        current = [
            position for position, event in enumerate(events) if window is None or window.holds(time_of(event, rule))
        ]
        documents = _Documents(events, current, history, indicators, window or EVER)
        found = created(self._compiled, list(self._found(documents, answers)), events)
        return [replace(alert, is_building_block=rule.is_building_block) for alert in found]

    def _found(self, documents: "_Documents", answers: Mapping[str, Any] | None) -> Iterable[Alert]:
        """Every alert, before suppression."""
        rule, fields = self._rule, self._compiled.fields
        if self._compiled.esql is not None:
            return _of_esql(self._compiled, self._compiled.esql, documents, answers)
        results = self._results(documents)
        positions = [result.events[0] for result in results]
        match rule:
            case ThresholdRule():
                groups = threshold_groups(rule.threshold, documents.events, positions, fields)
                return [Alert(members, key) for key, members in groups]
            case NewTermsRule():
                history = self._history(rule, documents)
                combinations = new_combinations(rule.new_terms, documents.events, positions, history, fields)
                return [Alert((position,), key) for key, position in combinations]
            case ThreatMatchRule():
                agrees = self._agrees(rule, documents)
                return [alert for alert in results if agrees(documents.events[alert.events[0]])]
            case _:
                return results

    def _results(self, documents: "_Documents") -> list[Alert]:
        """What the query finds among the events of the window."""
        chosen = [documents.events[position] for position in documents.current]
        found = self._find(chosen)
        return [Alert(tuple(_at(documents.current, place) for place in result.events), result.keys) for result in found]

    def _history(self, rule: NewTermsRule, documents: "_Documents") -> Iterator[Event]:
        """The matching events before the window; those before the history's own start are forgotten."""
        earlier = [event for event in documents.events if time_of(event, rule) is not None]
        for event in (*earlier, *documents.history):
            if documents.window.remembers(time_of(event, rule)) and self._meets(event):
                yield event

    def _agrees(self, rule: ThreatMatchRule, documents: "_Documents") -> Check:
        indicators = [document for document in documents.indicators if self._is_indicator(document)]
        compiled = self._compiled
        return compile_condition(threat_condition(rule, indicators, compiled.fields, now=compiled.now))


@dataclass(frozen=True, slots=True)
class _Documents:
    """`current` are the positions of the events in the window."""

    events: Sequence[Event]
    current: Sequence[int]
    history: Sequence[Event]
    indicators: Sequence[Event]
    window: Window


def _at(positions: Sequence[int], place: int) -> int:
    return place if place < 0 else positions[place]


def _of_esql(
    compiled: CompiledRule, query: EsqlQuery, documents: _Documents, answers: Mapping[str, Any] | None
) -> list[Alert]:
    from rulewright_engine.esql.execution.alerts import Alerts, rule_alerts

    chosen = [documents.events[position] for position in documents.current]
    limit = limit_of(compiled.rule)
    found = rule_alerts(query.text, chosen, compiled.fields, now=compiled.now, answers=answers, max_signals=limit)
    if not isinstance(found, Alerts):
        return []
    return [of_row(alert, documents.current) for alert in found.alerts]


def of_row(row: "Row", positions: Sequence[int]) -> Alert:
    """The alert of a row of events that stand at these positions."""
    events = tuple(positions[place] for place in row.events)
    return Alert(events, columns=row.columns, is_aggregated=row.is_aggregated)


# Suppression


def created(compiled: CompiledRule, found: Sequence[Alert], events: Sequence[Event]) -> list[Alert]:
    """Those of the alerts found among events that are left by suppression, and by the limit of one run."""
    rule = compiled.rule
    suppression = None if isinstance(rule, ThresholdRule) else rule.alert_suppression
    kept = list(found) if suppression is None else _suppressed(found, suppression, events, compiled)
    return kept[: limit_of(rule)]


def limit_of(rule: Rule) -> int:
    """The most alerts of one run."""
    return rule.max_signals if rule.max_signals is not None else MAX_SIGNALS


def _suppressed(
    found: Sequence[Alert], suppression: AlertSuppression, events: Sequence[Event], compiled: CompiledRule
) -> list[Alert]:
    """One alert for each combination of values. Its duration is about later runs: within one it changes nothing.

    Where values are missing, `suppress` takes null for a value, and `doNotSuppress` keeps every alert. The values of an
    ES|QL row are those of its columns, beside them those of its document, if it has one.
    """
    fields = key_fields(suppression.group_by, compiled.fields)
    kept: dict[Any, Alert] = {}
    for alert in found:
        key = tuple(_values(alert, field, events) for field in fields)
        is_whole = all(key) or suppression.missing_fields_strategy == "suppress"
        place = key if is_whole else (len(kept), alert.events)
        first = kept.setdefault(place, alert)
        if first is not alert:
            kept[place] = replace(first, suppressed=(*first.suppressed, *alert.events))
    return list(kept.values())


def _values(alert: Alert, field: Field, events: Sequence[Event]) -> tuple[Scalar, ...]:
    """The values by which an alert is told apart; those of a column in the order of their text, as it has no other."""
    held = alert.columns.get(field.name)
    if held is not None:
        return tuple(sorted(held, key=str)) if isinstance(held, list) else (held,)
    members = () if alert.is_aggregated else (events[position] for position in alert.events if position >= 0)
    return next((tuple(values) for event in members if (values := event.values(field))), ())
