"""Event sets of events, and the trial runs on which they are tried."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_generators.cases.esql.events.event_builder import Candidate, EventBuilder
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
        return self.start, self.step, values, tuple(sorted(self.answers.items()))


class TrialRuns:
    """Makes the events of event sets, and asks what they raise."""

    def __init__(self, oracle: Oracle, builder: EventBuilder) -> None:
        self.oracle = oracle
        self._builder = builder
        self._events: dict[tuple[int, int, int], tuple[Candidate, Event, bool]] = {}

    def events(self, event_set: EventSet) -> list[Event]:
        return [event for _, event, _ in self._made(event_set)]

    def fires(self, event_set: EventSet) -> bool:
        return self.oracle.fires(self.seen(event_set), event_set.answers)

    def decides(self, atom: Atom, event_set: EventSet, *, fired: bool) -> bool:
        """Whether the verdict `fired` depends on the condition."""
        return self.oracle.decides(atom, self.seen(event_set), event_set.answers, fired=fired)

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
