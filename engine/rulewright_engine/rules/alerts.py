"""A run of a rule: from events to alerts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Field, Scalar
from rulewright_engine.rules.alert import Alert
from rulewright_engine.rules.compiled_rule import CompiledRule
from rulewright_engine.rules.documents import Documents
from rulewright_engine.rules.groups import choices, key_fields
from rulewright_engine.rules.types import type_of, window_of
from rulewright_engine.rules.window import EVER, Window, is_found
from rulewright_schema.rule import AlertSuppression

__all__ = ["Execution", "alerts", "created"]


def alerts(
    compiled: CompiledRule,
    events: Sequence[Event],
    *,
    history: Sequence[Event] = (),
    indicators: Sequence[Event] = (),
    answers: Mapping[str, Any] | None = None,
    lookups: Mapping[str, Any] | None = None,
) -> list[Alert]:
    """The alerts that one run at `compiled.now` raises; `Execution` says of which documents."""
    window = window_of(compiled.rule, compiled.now)
    run = Execution(compiled)
    return run(events, window, history=history, indicators=indicators, answers=answers, lookups=lookups)


class Execution:
    """A rule, compiled once to be run over one set of documents after another.

    The exceptions of a rule live in Kibana, and so do the alerts of earlier runs: neither is known here.
    """

    def __init__(self, compiled: CompiledRule) -> None:
        self._compiled = compiled
        self._find = type_of(compiled.rule).finder(compiled)

    def __call__(
        self,
        events: Sequence[Event],
        window: Window | None,
        *,
        history: Sequence[Event] = (),
        indicators: Sequence[Event] = (),
        answers: Mapping[str, Any] | None = None,
        lookups: Mapping[str, Any] | None = None,
    ) -> list[Alert]:
        """The alerts in the order in which Kibana creates them.

        Of `events` a run sees those in `window` (None: all of them); see `Documents` for the others. Raises
        `LimitExceeded` for events beyond the limits of evaluation.
        """
        rule = self._compiled.rule
        current = [position for position, event in enumerate(events) if is_found(event, rule, window)]
        documents = Documents(events, current, window or EVER, history, indicators, answers or {}, lookups or {})
        found = created(self._compiled, self._find(documents), events)
        return [replace(alert, is_building_block=rule.is_building_block) for alert in found]


# Suppression


def created(compiled: CompiledRule, found: Sequence[Alert], events: Sequence[Event]) -> list[Alert]:
    """Those of the alerts found among events that are left by suppression, and by the limit of one run."""
    rule_type, rule = type_of(compiled.rule), compiled.rule
    suppression = rule_type.suppression(rule)
    kept = found if suppression is None else _suppressed(found, suppression, events, compiled)
    return list(rule_type.limited(kept, rule))


def _suppressed(
    found: Sequence[Alert], suppression: AlertSuppression, events: Sequence[Event], compiled: CompiledRule
) -> list[Alert]:
    """One alert for each combination of values. Its duration is about later runs: within one it changes nothing.

    Where values are missing, `suppress` takes null for a value, and `doNotSuppress` keeps every alert.
    """
    fields = key_fields(suppression.group_by, compiled.fields)
    by_each = type_of(compiled.rule).groups_by_each_value
    kept: dict[Any, Alert] = {}
    for alert in found:
        held = [_values(alert, field, events) for field in fields]
        for key in _keys(held, by_each=by_each, joins_missing=suppression.missing_fields_strategy == "suppress"):
            group = (len(kept), alert.events) if key is None else key
            first = kept.setdefault(group, alert)
            if first is not alert:
                kept[group] = replace(first, suppressed=(*first.suppressed, *alert.events))
    return list(kept.values())


def _keys(held: Sequence[tuple[Scalar, ...]], *, by_each: bool, joins_missing: bool) -> Iterable[Any]:
    """The groups that an alert with these values belongs to; None is a group of its own."""
    if not all(held) and not joins_missing:
        return (None,)
    return choices([values or (None,) for values in held]) if by_each else (tuple(held),)


def _values(alert: Alert, field: Field, events: Sequence[Event]) -> tuple[Scalar, ...]:
    """The values by which an alert is told apart, in the order of their text.

    Those of an ES|QL row are its columns, beside them those of its document, if it has one. Of several events they are
    those that all of them have, as the alert of a sequence holds what its events agree on.
    """
    held = alert.columns.get(field.name)
    if held is not None:
        return tuple(sorted(held, key=str)) if isinstance(held, list) else (held,)
    members = [] if alert.is_aggregated else [events[position] for position in alert.events if position >= 0]
    first, *others = (event.values(field) for event in members) if members else ((),)
    return tuple(sorted((value for value in first if all(value in other for other in others)), key=str))
