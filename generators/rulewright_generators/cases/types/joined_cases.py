"""Cases of events that a key joins, in order or not: which there are, whether they share it, and every condition."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from rulewright_engine.ir.expression import Scalar
from rulewright_engine.ir.query import Sample, Stage
from rulewright_engine.ir.query import Sequence as SequenceQuery
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import ConditionOutcome
from rulewright_generators.cases.events.documents import Document
from rulewright_generators.cases.events.event_templates import KeyValues
from rulewright_generators.cases.events.timeline import Timeline
from rulewright_generators.cases.evidence.confirmed_cases import ConfirmedCases
from rulewright_generators.cases.format.wording import ordinal
from rulewright_generators.cases.types.joined_events import JoinedEvents
from rulewright_generators.cases.types.stage_conditions import PlacedEvents

__all__ = ["JoinedCases", "TimedEvent"]

STEP = 1000
"""Milliseconds between two events where `maxspan` leaves the time."""

TimedEvent = tuple[Document, int]
"""An event, and when it happens: milliseconds after the first of its case."""


class JoinedCases:
    """What the cases of sequences and of samples have in common. A slot is a place that an event has to fill."""

    def __init__(self, compiled: CompiledRule, confirmed: ConfirmedCases, timeline: Timeline) -> None:
        query = compiled.query
        assert isinstance(query, SequenceQuery | Sample)  # Invariant: the dispatch sees to it
        until = [query.until] if isinstance(query, SequenceQuery) and query.until else []
        self._compiled = compiled
        self._stages: tuple[Stage, ...] = query.stages
        self._pipes = query.pipes
        self._joined = JoinedEvents(compiled, [*query.stages, *until])
        self._confirmed = confirmed
        self._timeline = timeline
        self._has_stranger = False
        self._wanted = [number for number, stage in enumerate(query.stages) if not stage.missing]
        self._slots = [number for number in self._wanted for _ in range(self._runs(number))]
        self._maxspan = query.maxspan if isinstance(query, SequenceQuery) else None
        longest = timeline.length if self._maxspan is None else self._maxspan
        self._step = max(2, min(STEP, longest // (2 * len(self._slots))))

    def _positive(self, why: str) -> bool:
        """Add the ordinary case; says whether there is one."""
        if self._joined.key is None:
            self._confirmed.gap("a positive", "no values of the shared fields were found that all stages accept")
            return False
        if not self._raises("positive", why, self._timed(), self._complete):
            self._confirmed.gap("a positive", "the rule does not alert on the events that were made for it")
            return False
        return True

    # A case

    def _raises(self, kind: str, why: str, timed: Sequence[TimedEvent], *alerts: Sequence[int]) -> bool:
        return self._confirmed.add(kind, why, self._dated(timed), self._piped(alerts))

    def _quiet(
        self, kind: str, why: str, what: str, timed: Sequence[TimedEvent], reason: str = "the rest alerts"
    ) -> None:
        """Add a case that must not alert; where the rule alerts, `reason` says why."""
        if not self._raises(kind, why, timed):
            self._confirmed.gap(what, reason)

    def _dated(self, timed: Sequence[TimedEvent]) -> list[Document]:
        first, last = min(time for _, time in timed), max(time for _, time in timed)
        start = self._timeline.start(last - first) - first
        return self._timeline.scheduled([(event, start + time) for event, time in timed])

    def _piped(self, alerts: Sequence[Sequence[int]]) -> Sequence[Sequence[int]]:
        for pipe in self._pipes:
            alerts = alerts[: pipe.count] if pipe.name == "head" else alerts[max(0, len(alerts) - pipe.count) :]
        return alerts

    def _alert(self, positions: Sequence[int]) -> tuple[int, ...]:
        """The alert of these events, with -1 for each missing one."""
        rest = iter(positions)
        return tuple(
            position
            for stage in self._stages
            for position in ([-1] if stage.missing else [next(rest) for _ in range(stage.runs)])
        )

    @property
    def _complete(self) -> tuple[int, ...]:
        return self._alert(range(len(self._slots)))

    def _events(
        self, key: KeyValues | None = None, part: int = -1, own: Sequence[Document] = ()
    ) -> list[Document] | None:
        """The wanted events in order; `own` stand for the first of a stage, or for all where only they have such a key.

        None where a stage accepts no such key.
        """
        events: list[Document | None] = []
        for stage in self._wanted:
            first: list[Document | None] = list(own) if stage == part else []
            rest = self._runs(stage) - len(first)
            if rest:
                ordinary = self._joined.event(stage, key) or next(iter(first), None)
                first += [ordinary] * rest
            events += first
        found = [event for event in events if event is not None]
        return found if len(found) == len(events) else None

    def _timed(self, events: Sequence[Document] | None = None) -> list[TimedEvent]:
        return [(event, number * self._step) for number, event in enumerate(events or self._ordinary)]

    @cached_property
    def _ordinary(self) -> list[Document]:
        return self._events() or []

    def _runs(self, stage: int) -> int:
        return self._stages[stage].runs

    # Which events there are

    def _missing_stages(self) -> None:
        for stage in self._wanted:
            runs = self._runs(stage)
            timed = self._timed()
            del timed[self._slots.index(stage)]
            if runs > 1:
                why = f"Stage {stage + 1} is met {runs - 1} times instead of {runs}."
                self._quiet("runs", why, f"one event too few of stage {stage + 1}", timed)
            elif timed:
                why = f"The event of stage {stage + 1} is missing."
                self._quiet("near-miss", why, f"stage {stage + 1} missing", timed)

    # What they share

    def _keys(self) -> None:
        last = {stage: index for index, stage in enumerate(self._slots)}
        for part, name in enumerate(self._joined.key_names):
            for stage in self._wanted[1:] or self._wanted:
                if last[stage] > 0:
                    self._other_key(part, name, last[stage])
            self._null_key(part, name)
        self._two_keys()

    def _other_key(self, part: int, name: str, index: int) -> None:
        stage = self._slots[index]
        timed = self._timed()
        for key in self._joined.other_keys(part):
            event = self._joined.event(stage, key)
            if event is not None:
                timed[index] = (event, timed[index][1])
                why = f"The {ordinal(index)} event has another {name}."
                self._quiet("group", why, f"another {name} in stage {stage + 1}", timed)
                return
        if not self._joined.is_bound(stage, part):
            self._confirmed.gap(
                f"another {name} in stage {stage + 1}", "no other value was found that the stage accepts"
            )

    def _null_key(self, part: int, name: str) -> None:
        """A required key that is missing joins nothing; an optional one joins the events that lack it."""
        key = self._joined.key
        assert key is not None  # Invariant: there is a positive
        events = self._events(tuple(None if at == part else value for at, value in enumerate(key)))
        if events is None:
            return
        if all(self._joined.templates[stage].keys[part].optional for stage in self._wanted):
            self._raises("group", f"No event has a {name}.", self._timed(events), self._complete)
            mixed = [*self._ordinary[:-1], events[-1]]
            self._raises("group", f"Only the last event has no {name}.", self._timed(mixed))
        else:
            self._raises("group", f"The events have no {name} that they could share.", self._timed(events))

    def _two_keys(self) -> None:
        """The events of two keys, one by one in turns."""
        for part, name in enumerate(self._joined.key_names):
            for key in self._joined.other_keys(part):
                events = self._events(key)
                if events is not None:
                    others = [(event, time + self._step // 2) for event, time in self._timed(events)]
                    mixed = [timed_event for pair in zip(self._timed(), others, strict=True) for timed_event in pair]
                    alerts = [self._alert(range(start, len(mixed), 2)) for start in (0, 1)]
                    self._raises("group", f"The events of two values of {name} alternate.", mixed, *alerts)
                    return

    # Events for conditions: a `CaseBuilder`

    def capacity(self, part: int) -> int:
        return self._runs(part)

    def label(self, part: int) -> str:
        return f"in stage {part + 1}"

    def given(self, part: int) -> Mapping[str, Scalar]:
        names = [field.name for field in self._joined.templates[part].keys]
        if self._joined.key is None:
            return {}
        return {**self._joined.kin(part), **dict(zip(names, self._joined.key, strict=True))}

    def key(self, part: int, document: Document) -> KeyValues:
        """The event's own key, the ordinary one's where it has none."""
        own = self._joined.templates[part].key_of(document)
        return tuple(
            usual if value is None else value for value, usual in zip(own, self._joined.key or own, strict=True)
        )

    def joint(self, part: int, index: int) -> ConditionOutcome | None:
        return self._joined.joint(self._wanted, part, index)

    def place(self, part: int, documents: Sequence[Document], *, matches: bool) -> PlacedEvents | None:
        if self._joined.key is None:
            return None
        events = self._events(self.key(part, documents[0]), part, documents)
        if events is None:
            return None
        return PlacedEvents(self._dated(self._timed(events)), self._piped([self._complete]) if matches else ())

    def add_adjacent(self, part: int, document: Document) -> bool:
        """An event that meets no stage comes between the others."""
        if not self._has_stranger and self._ordinary:
            timed = self._timed()
            timed.insert(1, (document, timed[0][1] + self._step // 2))
            others = [index for index in range(len(timed)) if index != 1]
            why = "An event that meets no stage comes in between."
            self._has_stranger = self._raises("order", why, timed, self._alert(others))
        return self._has_stranger
