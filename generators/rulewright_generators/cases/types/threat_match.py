"""Cases of threat_match rules: which indicators there are, what they agree in, and every condition of both queries."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from rulewright_engine.ir.expression import (
    And,
    Compare,
    Comparison,
    Field,
    FieldType,
    Or,
    Scalar,
)
from rulewright_engine.rules import CompiledRule
from rulewright_engine.rules.groups import key_fields
from rulewright_engine.rules.types.base import condition_of
from rulewright_engine.rules.types.threat_match import ThreatMatchType
from rulewright_engine.solver import ConditionOutcome, SmtSolver
from rulewright_engine.values.dates import format_instant
from rulewright_generators.cases.events.documents import Document, patched
from rulewright_generators.cases.events.event_templates import (
    EventTemplate,
    KeyValues,
    demand,
    shared_key,
)
from rulewright_generators.cases.events.event_writer import identity_of, setting_of
from rulewright_generators.cases.events.timeline import Timeline
from rulewright_generators.cases.events.values import another
from rulewright_generators.cases.evidence.confirmed_cases import ConfirmedCases
from rulewright_generators.cases.format.wording import positive_sentence
from rulewright_generators.cases.mutation.candidates import Candidate
from rulewright_generators.cases.types.event_query import event_candidates
from rulewright_generators.cases.types.stage_conditions import PlacedEvents
from rulewright_schema.rule import ThreatMapping
from rulewright_schema.wording import listed

__all__ = ["ThreatMatchCases"]


class _Group:
    """One group of the mapping: events and the indicators that agree with them in all of its entries."""

    def __init__(self, entries: Sequence[ThreatMapping], compiled: CompiledRule) -> None:
        self.entries = tuple(entries)
        names = [entry.field for entry in entries]
        self.events = EventTemplate(condition_of(compiled), key_fields(names, compiled.fields), compiled)
        fields = key_fields([entry.value for entry in entries], compiled.fields)
        self.indicators = EventTemplate(compiled.indicators, fields, over_indicators(compiled))
        self.key = shared_key([self.events])
        """The values of an ordinary event."""

    @property
    def names(self) -> list[str]:
        return [field.name for field in self.events.keys]

    def event(self, key: KeyValues | None = None) -> Document | None:
        key = self.key if key is None else key
        return None if key is None else self.events.event(key)

    def indicator(self, key: KeyValues | None = None, *, differs_in: int = -1) -> Document | None:
        """An indicator that agrees with the events of a key, in one entry not."""
        key = self.key if key is None else key
        if key is None:
            return None
        return self.indicators.event(
            tuple(
                another(value) if entry.negate != (at == differs_in) else value
                for at, (entry, value) in enumerate(zip(self.entries, key, strict=True))
            )
        )


def over_indicators(compiled: CompiledRule) -> CompiledRule:
    """The rule as if it searched the threat indices, to make documents of these."""
    rule = ThreatMatchType.rule_of(compiled)
    return replace(compiled, rule=replace(rule, index=rule.threat_index))


class ThreatMatchCases:
    """The cases of one threat_match rule; a `CaseBuilder` for the conditions of its query."""

    def __init__(self, compiled: CompiledRule, confirmed: ConfirmedCases, timeline: Timeline) -> None:
        self._groups = [_Group(entries, compiled) for entries in ThreatMatchType.rule_of(compiled).threat_mapping]
        self._compiled = compiled
        self._confirmed = confirmed
        self._timeline = timeline

    def add(self) -> None:
        """Every case that is about no condition of the query."""
        found = [group for group in self._groups if self._positive(group)]
        if not found:
            self._confirmed.gap("a positive", "no event and indicator were found that agree")
            return
        for group in found:
            self._other_indicators(group)
        self._absent(found[0])
        self._stale(found[0])
        self._indicator_conditions(found[0])

    def _alerts(self, kind: str, why: str, event: Document, indicators: Sequence[Document], *, alerts: bool) -> bool:
        events = [self._timeline.dated(event, self._timeline.start(0))]
        return self._confirmed.add(kind, why, events, [[0]] if alerts else [], indicators=indicators)

    def _positive(self, group: _Group) -> bool:
        event, indicator = group.event(), group.indicator()
        if event is None or indicator is None:
            self._confirmed.gap(f"an event and an indicator of {_said(group)}", "none were found that agree")
            return False
        return self._alerts("positive", f"An indicator agrees in {_said(group)}.", event, [indicator], alerts=True)

    def _other_indicators(self, group: _Group) -> None:
        event = group.event()
        assert event is not None  # Invariant: the group has a positive
        others = [group.indicator(differs_in=part) for part, _ in enumerate(group.entries)]
        for name, entry, other in zip(group.names, group.entries, others, strict=True):
            differs = "the value that it must not have" if entry.negate else "another value"
            why = f"The indicator has {differs} for `{name}`."
            if other is None or not self._alerts("indicator", why, event, [other], alerts=False):
                self._confirmed.gap(f"an indicator with another `{name}`", "the rule alerts nevertheless")
        for part, entry in enumerate(group.entries):
            if entry.negate:
                self._bare(group, event, part, entry)
        halves = [other for other in others if other is not None]
        if len(halves) > 1:
            why = f"Two indicators agree in {_said(group)}, but neither in all of it."
            self._alerts("indicator", why, event, halves, alerts=False)

    def _bare(self, group: _Group, event: Document, part: int, entry: ThreatMapping) -> None:
        """An indicator without the value that the event must not have: any other value will do, but none."""
        indicator = patched(group.indicator() or {}, {entry.value: None})
        said = f"The indicator has no `{entry.value}`"
        self._alerts("indicator", f"{said}, and the event has a `{entry.field}`.", event, [indicator], alerts=True)
        key = group.key or ()
        without = group.event((*key[:part], None, *key[part + 1 :]))
        if without is not None:
            self._alerts("indicator", f"{said}, nor the event a `{entry.field}`.", without, [indicator], alerts=False)

    def _absent(self, group: _Group) -> None:
        event = group.event()
        if event is not None:
            self._alerts("indicator", "There is no indicator.", event, [], alerts=False)

    def _stale(self, group: _Group) -> None:
        """Where the threat query asks for recent indicators: one at the last moment, and one that is a little older."""
        event, indicator = group.event(), group.indicator()
        assert event is not None and indicator is not None  # Invariant: the group has a positive
        for leaf in self._compiled.indicators.leaves():
            match leaf.value, leaf.test:
                case Field(name, FieldType.DATE), Compare(Comparison.GREATER_EQUAL, int(bound)):
                    recent, old = (patched(indicator, {name: format_instant(time)}) for time in (bound, bound - 1))
                    why = f"`{name}` of the indicator is as old as may be."
                    self._alerts("indicator", why, event, [recent], alerts=True)
                    why = f"The indicator is stale: its `{name}` is a millisecond too old."
                    if not self._alerts("indicator", why, event, [old], alerts=False):
                        self._confirmed.gap("a stale indicator", "the rule alerts nevertheless")

    def _indicator_conditions(self, group: _Group) -> None:
        """The conditions of the threat query: which indicators count."""
        names = [field.name for field in group.indicators.keys]
        compiled = over_indicators(self._compiled)
        condition = compiled.indicators
        indicator = group.indicator()
        known = dict(zip(names, group.indicators.key_of(indicator) if indicator else (), strict=False))
        setting = replace(setting_of(compiled.rule, condition), given=known)
        candidates, _ = event_candidates(condition, compiled.fields, setting, identity_of(compiled.rule))
        for candidate in candidates:
            self._indicator_condition(group, candidate)

    def _indicator_condition(self, group: _Group, candidate: Candidate) -> None:
        own = group.indicators.key_of(candidate.document)
        usual = group.key or ()
        key = tuple(value if value is not None else other for value, other in zip(own, usual, strict=True))
        event = group.event(key) or group.event()
        if event is None or (candidate.matches and None in own):
            return
        why = candidate.why or positive_sentence(candidate.holding, candidate.failing)
        self._alerts(
            "indicator",
            f"{why.removesuffix('.')}, in the indicator.",
            event,
            [candidate.document],
            alerts=candidate.matches,
        )

    # a `CaseBuilder`

    def capacity(self, part: int) -> int:
        return 1

    def label(self, part: int) -> str:
        return ""

    def given(self, part: int) -> Mapping[str, Scalar]:
        first = self._first
        return dict(zip(first.names, first.key or (), strict=False))

    @property
    def _first(self) -> _Group:
        """The group that ordinary events belong to."""
        return next((group for group in self._groups if group.indicator() is not None), self._groups[0])

    def key(self, part: int, document: Document) -> KeyValues:
        return ()

    def joint(self, part: int, index: int) -> ConditionOutcome | None:
        """What is to be said of a condition where the fields are there of which indicators speak."""
        groups = tuple(And(tuple(demand(field, ...) for field in group.events.keys)) for group in self._groups)
        solver = SmtSolver(And((self._groups[0].events.condition, Or(groups))))
        return solver.outcome(solver.formula.occurrences[index])

    def place(self, part: int, documents: Sequence[Document], *, matches: bool) -> PlacedEvents | None:
        (event,) = documents
        for group in (self._first, *self._groups):
            key = group.events.key_of(event)
            indicator = None if None in key else group.indicator(key)
            if indicator is not None:
                break
        else:
            indicator = self._first.indicator()
        if indicator is None:
            return None
        events = [self._timeline.dated(event, self._timeline.start(0))]
        return PlacedEvents(events, [[0]] if matches else (), indicators=[indicator])

    def add_adjacent(self, part: int, document: Document) -> bool:
        """Nothing more than its condition."""
        return True


def _said(group: _Group) -> str:
    agreeing, negated = (
        listed([f"`{name}`" for name, entry in zip(group.names, group.entries, strict=True) if entry.negate == is_not])
        for is_not in (False, True)
    )
    return f"{agreeing}, not in {negated}" if negated else agreeing
