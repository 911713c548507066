"""Event sets of events, and the trial runs on which they are tried."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import Outside, outside_of
from rulewright_engine.ir.expression import Condition
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_generators.cases.esql.events.event_builder import Candidate, EventBuilder
from rulewright_generators.cases.esql.events.lookup_rows import RowBuilder
from rulewright_generators.cases.esql.plan.conditions import Atom
from rulewright_generators.cases.esql.plan.oracle import Oracle

__all__ = ["START", "EventSet", "TrialRuns"]

START = REFERENCE_TIME - 300_000
"""When the events of a case begin: five minutes before the run."""


@dataclass(frozen=True, slots=True)
class EventSet:
    """Events in order, `step` milliseconds apart from `start`."""

    candidates: tuple[Candidate, ...]
    start: int = START
    step: int = 1_000

    @property
    def answers(self) -> dict[str, str]:
        return {name: text for candidate in self.candidates for name, text in candidate.answers.items()}

    @property
    def lookups(self) -> Mapping[str, Any]:
        """The rows of a case that the events were taken from."""
        return self.candidates[0].lookups if self.candidates else {}

    def kinds(self) -> list[tuple[Condition, list[int]]]:
        """The conditions that events were made for, with the positions of those events."""
        kinds: dict[int, tuple[Condition, list[int]]] = {}
        for index, candidate in enumerate(self.candidates):
            kinds.setdefault(id(candidate.condition), (candidate.condition, []))[1].append(index)
        return list(kinds.values())

    def without(self, positions: Collection[int]) -> "EventSet":
        kept = tuple(candidate for index, candidate in enumerate(self.candidates) if index not in positions)
        return replace(self, candidates=kept)

    @property
    def key(self) -> tuple[object, ...]:
        """The same for event sets that hold the same."""
        values = tuple((candidate.instant, *sorted(candidate.values.items())) for candidate in self.candidates)
        return self.start, self.step, values, tuple(sorted(self.answers.items())), repr(self.lookups)


class TrialRuns:
    """Makes the events of event sets and the rows that they are joined with, and asks what they raise."""

    def __init__(self, oracle: Oracle, builder: EventBuilder) -> None:
        self.oracle = oracle
        self._builder = builder
        self._rows = RowBuilder(builder.view)
        self._lookups: dict[tuple[object, ...], Mapping[str, Any]] = {}
        self._events: dict[tuple[int, int, int], tuple[Candidate, Event, bool]] = {}

    def events(self, event_set: EventSet) -> list[Event]:
        return [event for _, event, _ in self._made(event_set)]

    def lookups(self, event_set: EventSet) -> Mapping[str, Any]:
        """The rows that a query joins: those that the events want, or those of the case that they were taken from."""
        if event_set.lookups or not self._builder.view.joined:
            return event_set.lookups
        key = event_set.key
        if key not in self._lookups:
            seen = [(candidate, event) for candidate, event, is_seen in self._made(event_set) if is_seen]
            wishes = [candidate.values for candidate, _ in seen]
            self._lookups[key] = self._rows.lookups([event for _, event in seen], wishes, event_set.answers)
        return self._lookups[key]

    def outside(self, event_set: EventSet) -> Outside:
        return outside_of(event_set.answers, self.lookups(event_set))

    def fires(self, event_set: EventSet) -> bool:
        return self.oracle.fires(self.seen(event_set), self.outside(event_set))

    def decides(self, atom: Atom, event_set: EventSet, *, fired: bool) -> bool:
        """Whether the verdict `fired` depends on the condition."""
        return self.oracle.decides(atom, self.seen(event_set), self.outside(event_set), fired=fired)

    def sees_all(self, event_set: EventSet) -> bool:
        """Whether every event is in the rule's window of time."""
        return all(is_seen for *_, is_seen in self._made(event_set))

    def seen(self, event_set: EventSet) -> list[Event]:
        """The events that are in the rule's window of time."""
        return [event for _, event, is_seen in self._made(event_set) if is_seen]

    def _made(self, event_set: EventSet) -> Iterator[tuple[Candidate, Event, bool]]:
        """The events, and whether they are in the window; one event for one candidate at one position and time."""
        for index, candidate in enumerate(event_set.candidates):
            instant = event_set.start + index * event_set.step
            key = id(candidate), index, instant
            if key not in self._events:
                event = Event(self._builder.document(candidate, index, instant))
                self._events[key] = candidate, event, self.oracle.sees(event)
            yield self._events[key]
