"""A run of a rule: from events to alerts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rulewright_engine.evaluate import Check, compile_condition
from rulewright_engine.event import Event
from rulewright_engine.expression import Scalar
from rulewright_engine.query import EventQuery
from rulewright_engine.ruletypes.groups import key_fields
from rulewright_engine.ruletypes.meaning import Meaning
from rulewright_engine.ruletypes.new_terms import new_combinations
from rulewright_engine.ruletypes.threat_match import threat_condition
from rulewright_engine.ruletypes.threshold import threshold_groups
from rulewright_engine.ruletypes.window import EVER, Window, time_of, window_of
from rulewright_engine.run import runner
from rulewright_schema.rule import AlertSuppression, EsqlRule, NewTermsRule, Rule, ThreatMatchRule, ThresholdRule

__all__ = ["MAX_SIGNALS", "Alert", "Execution", "alerts"]

MAX_SIGNALS = 100
"""Alerts of one run where the rule does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Alert:
    """`events` are the positions of the events that raised it, -1 for the missing event of a sequence.

    `keys` are the values of the group or combination it stands for, `suppressed` the events that would have raised an
    alert of their own, were it not for this one.
    """

    events: tuple[int, ...]
    keys: tuple[Scalar, ...] = ()
    suppressed: tuple[int, ...] = ()
    is_building_block: bool = False


def alerts(
    rule: Rule,
    meaning: Meaning,
    events: Sequence[Event],
    *,
    history: Sequence[Event] = (),
    indicators: Sequence[Event] = (),
    answers: Mapping[str, Any] | None = None,
) -> list[Alert]:
    """The alerts that one run at `meaning.now` raises; `Execution` says of which documents."""
    window = window_of(rule, meaning.now)
    return Execution(rule, meaning)(events, window, history=history, indicators=indicators, answers=answers)


class Execution:
    """A rule, compiled once to be run over one set of documents after another.

    The exceptions of a rule live in Kibana, and so do the alerts of earlier runs: neither is known here.
    """

    def __init__(self, rule: Rule, meaning: Meaning) -> None:
        self._rule = rule
        self._meaning = meaning
        if meaning.query is not None:
            self._find = runner(meaning.query, fields=meaning.fields, options=meaning.options)
        if isinstance(meaning.query, EventQuery):
            self._meets = compile_condition(meaning.query.condition)
        self._is_indicator = compile_condition(meaning.indicators)

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
        found = list(self._found(documents, answers))
        if rule.alert_suppression is not None and not isinstance(rule, ThresholdRule):
            found = _suppressed(found, rule.alert_suppression, events, self._meaning)
        limit = rule.max_signals if rule.max_signals is not None else MAX_SIGNALS
        return [replace(alert, is_building_block=rule.is_building_block) for alert in found[:limit]]

    def _found(self, documents: "_Documents", answers: Mapping[str, Any] | None) -> Iterable[Alert]:
        """Every alert, before suppression."""
        rule, fields = self._rule, self._meaning.fields
        if isinstance(rule, EsqlRule):
            return _of_esql(rule, self._meaning, documents, answers)
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
        meaning = self._meaning
        return compile_condition(threat_condition(rule, indicators, meaning.fields, now=meaning.now))


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


def _of_esql(rule: EsqlRule, meaning: Meaning, documents: _Documents, answers: Mapping[str, Any] | None) -> list[Alert]:
    from rulewright_engine.esql.alerts import Alerts, rule_alerts

    chosen = [documents.events[position] for position in documents.current]
    limit = rule.max_signals if rule.max_signals is not None else MAX_SIGNALS
    found = rule_alerts(rule.query, chosen, meaning.fields, now=meaning.now, answers=answers, max_signals=limit)
    if not isinstance(found, Alerts):
        return []
    return [Alert(tuple(documents.current[place] for place in alert.events)) for alert in found.alerts]


# Suppression


def _suppressed(
    found: Sequence[Alert], suppression: AlertSuppression, events: Sequence[Event], meaning: Meaning
) -> list[Alert]:
    """One alert for each combination of values. Its duration is about later runs: within one it changes nothing.

    Where values are missing, `suppress` takes null for a value, and `doNotSuppress` keeps every alert.
    """
    fields = key_fields(suppression.group_by, meaning.fields)
    kept: dict[Any, Alert] = {}
    for alert in found:
        members = [events[position] for position in alert.events if position >= 0]
        key = tuple(next((values for event in members if (values := event.values(field))), ()) for field in fields)
        is_whole = all(key) or suppression.missing_fields_strategy == "suppress"
        place = key if is_whole else (len(kept), alert.events)
        first = kept.setdefault(place, alert)
        if first is not alert:
            kept[place] = replace(first, suppressed=(*first.suppressed, *alert.events))
    return list(kept.values())
