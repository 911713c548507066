"""Cases of threshold rules: how many events, groups and different values, and every condition."""

from collections.abc import Iterator, Sequence

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    Field,
    Scalar,
)
from rulewright_engine.rules import CompiledRule
from rulewright_engine.rules.types.base import condition_of
from rulewright_engine.rules.types.threshold import ThresholdType
from rulewright_generators.cases.events.documents import Document, json_of, patched
from rulewright_generators.cases.events.event_templates import KeyValues
from rulewright_generators.cases.events.timeline import Timeline
from rulewright_generators.cases.events.values import others
from rulewright_generators.cases.evidence.confirmed_cases import ConfirmedCases
from rulewright_generators.cases.types.single_condition import SingleCases
from rulewright_generators.cases.types.stage_conditions import PlacedEvents
from rulewright_schema.wording import counted

__all__ = ["ThresholdCases"]


class ThresholdCases(SingleCases):
    """The cases of one threshold rule. Its keys are the fields to group by, and the one whose values are counted."""

    def __init__(self, compiled: CompiledRule, confirmed: ConfirmedCases, timeline: Timeline) -> None:
        threshold, condition = ThresholdType.rule_of(compiled).threshold, condition_of(compiled)
        counted = [entry for entry in threshold.cardinality[:1] if entry.field not in threshold.field]
        super().__init__(compiled, [*threshold.field, *(entry.field for entry in counted)], confirmed, timeline)
        self._groups = len(threshold.field)
        self._value = threshold.value
        self._different = counted[0].value if counted else 1
        self._most = max(self._value, self._different)
        self._counted: Field | None = self._template.keys[-1] if counted else None
        read = {field.name for field in condition.fields()}
        self._is_free = self._counted is not None and self._counted.name not in read
        self._meets = compile_condition(condition)
        self._varieties: dict[KeyValues, list[Document]] = {}

    def add(self) -> None:
        """Every case that is about no condition."""
        ordinary = self._events(self._most)
        if ordinary is None or not self._alerts("positive", self._enough, ordinary, range(self._most)):
            self._confirmed.gap("a positive", "not enough events were found that meet the query and have the fields")
            return
        self._fewer()
        self._less_different()
        for part in range(self._groups):
            self._two_groups(part)
            self._without_group(part, ordinary)
        self._too_early(ordinary)

    @property
    def _enough(self) -> str:
        different = f" with {self._different} different values of `{self._names[-1]}`" if self._counted else ""
        return f"There {'are' if self._most > 1 else 'is'} {counted(self._most, 'event')}{different}."

    def _alerts(self, kind: str, why: str, events: Sequence[Document], *alerts: Sequence[int]) -> bool:
        return self._confirmed.add(kind, why, self._dated(events), alerts)

    def _quiet(self, kind: str, why: str, what: str, events: Sequence[Document]) -> None:
        if not self._alerts(kind, why, events):
            self._confirmed.gap(what, "the rule alerts nevertheless")

    # Crowds

    def _events(self, size: int, group: KeyValues | None = None, different: int | None = None) -> list[Document] | None:
        """So many events of one group, with so many different counted values; None where there are no such events."""
        different = min(size, self._different if different is None else different)
        found = self._variety(group, different)
        return [found[number % different] for number in range(size)] if len(found) == different else None

    def _variety(self, group: KeyValues | None, number: int) -> list[Document]:
        """Events of a group, each with another counted value; fewer where there are not so many values."""
        if self._key is None:
            return []
        group = self._key[: self._groups] if group is None else group
        found = self._varieties.setdefault(group, [])
        if len(found) < number:
            found += self._more(group, found, number)
        return found[:number]

    def _more(self, group: KeyValues, known: Sequence[Document], number: int) -> Iterator[Document]:
        if self._counted is None:
            event = self._event(group)
            if event is not None:
                yield event
            return
        assert self._key is not None  # Invariant: asked only where there is one
        usual = self._key[-1]
        first = self._event((*group, usual))
        for step in range(len(known), number):
            values = others(usual, step) if step else [usual]
            event = next((event for value in values if (event := self._valued(first, group, value))), None)
            if event is None:
                return
            yield event

    def _valued(self, first: Document | None, group: KeyValues, value: Scalar) -> Document | None:
        """An event of a group with a counted value."""
        return self._with_value(first, value) if first and self._is_free else self._event((*group, value))

    def _with_value(self, event: Document, value: Scalar) -> Document:
        """The event with another counted value, where the query says nothing of it."""
        return self._changed_in(event, value) if self._is_free else event

    def _changed_in(self, event: Document, value: Scalar) -> Document:
        if self._counted is None:
            return event
        return patched(event, {self._counted.name: json_of(self._counted.name, (value,), self._fields)})

    # Cases

    def _fewer(self) -> None:
        if self._value == self._most > 1:
            events = self._events(self._most - 1)
            why = f"There {'are' if self._most > 2 else 'is'} {self._most - 1:,} of {self._most:,} events."
            if events is not None:
                self._quiet("boundary", why, "one event too few", events)

    def _less_different(self) -> None:
        if self._counted is None or self._key is None:
            return
        name = self._counted.name
        if self._different > 1:
            events = self._events(self._most, None, self._different - 1)
            why = f"`{name}` has {self._different - 1} of {self._different} different values."
            if events is not None:
                self._quiet("boundary", why, f"one value of `{name}` too few", events)
            return
        event = self._event(self._changed(self._groups, None))
        if event is not None:
            self._quiet("boundary", f"No event has a `{name}`.", f"no value of `{name}`", [event] * self._most)

    def _two_groups(self, part: int) -> None:
        assert self._key is not None  # Invariant: there is a positive
        name = self._names[part]
        for key, _ in self._others(part):
            ours, theirs = self._events(self._most), self._events(self._most, key[: self._groups])
            if ours is None or theirs is None:
                continue
            if self._most > 1:
                why = f"The events are of two values of `{name}`, and of neither enough."
                half = (self._most + 1) // 2
                self._quiet("group", why, f"events of two `{name}`", [*ours[:half], *theirs[half:]])
            both = (range(self._most), range(self._most, 2 * self._most))
            self._alerts("group", f"There are enough events of two values of `{name}`.", [*ours, *theirs], *both)
            return
        self._gap(f"events of two `{name}`", part)

    def _without_group(self, part: int, ordinary: Sequence[Document]) -> None:
        event = self._event(self._changed(part, None))
        if event is not None:
            who = "One of the events" if self._most > 1 else "The event"
            what = f"an event without `{self._names[part]}`"
            self._quiet("group", f"{who} has no `{self._names[part]}`.", what, [*ordinary[1:], event])

    def _too_early(self, ordinary: Sequence[Document]) -> None:
        first, *rest = self._dated(ordinary)
        early = self._timeline.dated(first, self._timeline.window.start - 1, late=False)
        why = "The first event comes a millisecond before the time that a run searches."
        if not self._confirmed.add("span", why, [early, *rest], ()):
            self._confirmed.gap("an event before the window", "the rule alerts nevertheless")

    # Events for conditions

    def capacity(self, part: int) -> int:
        return self._most

    def key(self, part: int, document: Document) -> KeyValues:
        return super().key(part, document)[: self._groups]

    def place(self, part: int, documents: Sequence[Document], *, matches: bool) -> PlacedEvents | None:
        """Where a group of its own is all that an event may have, all events of the case are like it."""
        ordinary = self._variety(self.key(part, documents[0]), self._different)
        values = [self._value_of(event) for event in self._variety(None, self._different)]
        if not values:
            return None
        own = list(documents)
        if self._is_free:
            own = [self._with_value(event, values[at % len(values)]) for at, event in enumerate(documents)]
        else:
            own = self._told_apart(own) if matches else own
        taken = {self._value_of(event) for event in own}
        rest = [event for event in ordinary if self._value_of(event) not in taken] or ordinary
        if rest:
            filled = [rest[number % len(rest)] for number in range(self._most - len(own))]
        else:
            fresh = [value for value in values if value not in taken] or values
            filled = [self._changed_in(own[0], fresh[number % len(fresh)]) for number in range(self._most - len(own))]
        return PlacedEvents(self._dated([*own, *filled]), [range(self._most)] if matches else ())

    def _told_apart(self, events: Sequence[Document]) -> list[Document]:
        """The events, each with a counted value of its own, as far as the query lets them."""
        taken: set[Scalar] = set()
        apart = []
        for event in events:
            usual = self._value_of(event)
            values = (value for step in range(len(events)) for value in (others(usual, step) if step else [usual]))
            tries = (self._changed_in(event, value) for value in values if value not in taken)
            found = next((other for other in tries if self._meets(Event(other))), event)
            taken.add(self._value_of(found))
            apart.append(found)
        return apart

    def _value_of(self, event: Document) -> Scalar:
        return None if self._counted is None else self._template.key_of(event)[-1]
