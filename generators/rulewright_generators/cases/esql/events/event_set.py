"""Populations of events, and the bench on which they are tried."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition
from rulewright_engine.values.dates import REFERENCE_TIME
from rulewright_generators.cases.esql.events.event_builder import Draft, Maker
from rulewright_generators.cases.esql.plan.conditions import Atom
from rulewright_generators.cases.esql.plan.oracle import Judge

__all__ = ["START", "Bench", "Population"]

START = REFERENCE_TIME - 300_000
"""When the events of a case begin: five minutes before the run."""


@dataclass(frozen=True, slots=True)
class Population:
    """Events in order, `step` milliseconds apart from `start`."""

    drafts: tuple[Draft, ...]
    start: int = START
    step: int = 1_000

    @property
    def answers(self) -> dict[str, str]:
        return {name: text for draft in self.drafts for name, text in draft.answers.items()}

    def kinds(self) -> list[tuple[Condition, list[int]]]:
        """The conditions that events were made for, with the places of those events."""
        kinds: dict[int, tuple[Condition, list[int]]] = {}
        for place, draft in enumerate(self.drafts):
            kinds.setdefault(id(draft.condition), (draft.condition, []))[1].append(place)
        return list(kinds.values())

    def without(self, places: Collection[int]) -> "Population":
        kept = tuple(draft for place, draft in enumerate(self.drafts) if place not in places)
        return replace(self, drafts=kept)

    @property
    def key(self) -> tuple[object, ...]:
        """The same for populations that hold the same."""
        values = tuple((draft.instant, *sorted(draft.values.items())) for draft in self.drafts)
        return self.start, self.step, values, tuple(sorted(self.answers.items()))


class Bench:
    """Makes the events of populations, and asks what they raise."""

    def __init__(self, judge: Judge, maker: Maker) -> None:
        self.judge = judge
        self._maker = maker
        self._events: dict[tuple[int, int, int], tuple[Draft, Event, bool]] = {}

    def events(self, population: Population) -> list[Event]:
        return [event for _, event, _ in self._made(population)]

    def fires(self, population: Population) -> bool:
        return self.judge.fires(self._seen(population), population.answers)

    def decides(self, atom: Atom, population: Population, *, fired: bool) -> bool:
        """Whether the verdict `fired` hangs on the condition."""
        return self.judge.hangs(atom, self._seen(population), population.answers, fired=fired)

    def sees_all(self, population: Population) -> bool:
        """Whether every event is in the rule's window of time."""
        return all(is_seen for *_, is_seen in self._made(population))

    def _seen(self, population: Population) -> list[Event]:
        return [event for _, event, is_seen in self._made(population) if is_seen]

    def _made(self, population: Population) -> Iterator[tuple[Draft, Event, bool]]:
        """The events, and whether they are in the window; the same one for a draft at the same place and time."""
        for place, draft in enumerate(population.drafts):
            instant = population.start + place * population.step
            key = id(draft), place, instant
            if key not in self._events:
                event = Event(self._maker.document(draft, place, instant))
                self._events[key] = draft, event, self.judge.sees(event)
            yield self._events[key]
