"""Cases of sequences: order, time, what must not come in between, and what every joined case shows."""

from collections.abc import Sequence

from rulewright_engine.solver import ConditionOutcome
from rulewright_generators.cases.events.documents import Document
from rulewright_generators.cases.types.joined_cases import JoinedCases, TimedEvent
from rulewright_generators.cases.types.sequence_suppression import suppressed_pairs
from rulewright_generators.cases.types.stage_conditions import PlacedEvents
from rulewright_schema.durations import time_words

__all__ = ["SequenceCases"]


class SequenceCases(JoinedCases):
    """The cases of one sequence; `until` stands behind its stages."""

    def add(self) -> None:
        """Every case that is about no condition."""
        if self._positive(self._all_happens):
            self._missing_stages()
            self._wrong_order()
            self._span()
            self._keys()
            self._unwanted()
            self._suppression()

    @property
    def _all_happens(self) -> str:
        match len(self._slots):
            case 1:
                return "The event comes, and none that must be missing."
            case 2:
                return "Both events come in order."
            case number:
                return f"The {number} events come in order."

    # When

    def _wrong_order(self) -> None:
        for one, other in zip(self._wanted, self._wanted[1:], strict=False):
            if self._stages[one].condition == self._stages[other].condition:
                continue
            swapped = [other if stage == one else one if stage == other else stage for stage in self._wanted]
            events = [self._ordinary[self._slots.index(stage)] for stage in swapped for _ in range(self._runs(stage))]
            why = f"The event of stage {other + 1} comes before that of stage {one + 1}."
            reason = "an event of one stage meets the other, too"
            self._quiet("order", why, f"stages {one + 1} and {other + 1} swapped", self._timed(events), reason)

    def _span(self) -> None:
        """A run sees no events that are further apart than its window is long, unless they arrive late."""
        longest = self._maxspan
        if longest is None or len(self._slots) == 1:
            return
        said = time_words(longest)
        late = self._timeline.holds_late_events
        timed = self._timed()
        if longest <= self._timeline.length or late:
            timed[-1] = (timed[-1][0], longest)
            if not self._raises("span", f"The last event comes exactly {said} after the first.", timed, self._complete):
                self._confirmed.gap("events exactly `maxspan` apart", "the rule does not alert on them")
        if longest < self._timeline.length or late:
            timed[-1] = (timed[-1][0], longest + 1)
            why = f"The last event comes a millisecond more than {said} after the first."
            self._quiet("span", why, "events more than `maxspan` apart", timed, "the rule alerts on them")

    # What is suppressed

    def _suppression(self) -> None:
        suppression = self._compiled.rule.alert_suppression
        if suppression is None:
            return
        shared = {field.name for stage in self._stages for key in stage.keys for field in key.fields()}
        size = len(self._slots)
        for why, events, are_two in suppressed_pairs(suppression, self._ordinary, shared, self._compiled.fields):
            timed = [(event, (at + at // size) * self._step) for at, event in enumerate(events)]
            alerts = [self._alert(range(start, start + size)) for start in (0, size)]
            if not self._raises("group", why, timed, *(alerts if are_two else alerts[:1])):
                self._confirmed.gap("two sequences and what suppression makes of them", "the rule alerts otherwise")

    # What must not come

    def _unwanted(self) -> None:
        until = len(self._stages)
        for stage in range(len(self._joined.templates)):
            if stage == until:
                self._until(stage)
            elif self._stages[stage].missing:
                self._must_be_missing(stage)

    def _until(self, stage: int) -> None:
        event = self._joined.event(stage)
        if event is None:
            self._confirmed.gap("an `until` event", "no such event with the shared values was found")
            return
        timed, time = self._timed(), self._time_of(stage)
        why = "An `until` event comes before the last event."
        self._quiet("order", why, "an `until` event between", _with(timed, (event, time)))
        after = (event, timed[-1][1] + self._step)
        self._raises("order", "The `until` event comes after the last event.", [*timed, after], self._complete)
        self._of_another(stage, "The `until` event")

    def _must_be_missing(self, stage: int) -> None:
        event = self._joined.event(stage)
        if event is None:
            self._confirmed.gap("the event that must be missing", "no such event with the shared values was found")
            return
        what = "The event that must be missing"
        present = _with(self._timed(), (event, self._time_of(stage)))
        self._quiet("near-miss", f"{what} is there.", what, present)
        self._of_another(stage, what)
        before, maxspan, end = self._slots_before(stage), self._maxspan or 0, self._timed()[-1][1]
        if before == len(self._slots):
            said = f"{time_words(maxspan)} after the first event"
            self._bounded(event, (maxspan, maxspan + 1), said)
        elif before == 0:
            said = f"{time_words(maxspan)} before the last event"
            self._bounded(event, (end - maxspan, end - maxspan - 1), said)

    def _bounded(self, event: Document, times: tuple[int, int], said: str) -> None:
        """An event that must be missing, at the last moment at which it counts, and a millisecond beyond."""
        counts, beyond = (_with(self._timed(), (event, time)) for time in times)
        self._raises("span", f"The event that must be missing comes exactly {said}.", counts)
        why = f"The event that must be missing comes a millisecond more than {said}."
        self._raises("span", why, beyond, self._alert(_others(beyond, event)))

    def _of_another(self, stage: int, what: str) -> None:
        """An event with another key changes nothing."""
        for part, name in enumerate(self._joined.key_names):
            for key in self._joined.other_keys(part):
                event = self._joined.event(stage, key)
                if event is not None:
                    mixed = _with(self._timed(), (event, self._time_of(stage)))
                    self._raises("group", f"{what} has another {name}.", mixed, self._alert(_others(mixed, event)))
                    break

    # Events for conditions

    def capacity(self, part: int) -> int:
        return 1 if self._is_unwanted(part) else super().capacity(part)

    def label(self, part: int) -> str:
        return "in the `until` event" if part == len(self._stages) else super().label(part)

    def joint(self, part: int, index: int) -> ConditionOutcome | None:
        stages = [*self._wanted, part] if self._is_unwanted(part) else self._wanted
        return self._joined.joint(stages, part, index)

    def place(self, part: int, documents: Sequence[Document], *, matches: bool) -> PlacedEvents | None:
        if not self._is_unwanted(part):
            return super().place(part, documents, matches=matches)
        (event,) = documents
        events = None if self._joined.key is None else self._events(self.key(part, event))
        if events is None:
            return None
        mixed = _with(self._timed(events), (event, self._time_of(part)))
        return PlacedEvents(self._dated(mixed), () if matches else self._piped([self._alert(_others(mixed, event))]))

    def _is_unwanted(self, part: int) -> bool:
        return part == len(self._stages) or self._stages[part].missing

    def _time_of(self, part: int) -> int:
        """When an unwanted event would do harm."""
        before = self._slots_before(part)
        if part == len(self._stages):
            return (before - 1) * self._step - self._step // 2
        return before * self._step if before == len(self._slots) else before * self._step - self._step // 2

    def _slots_before(self, part: int) -> int:
        return sum(1 for stage in self._slots if stage < part)


def _with(timed: Sequence[TimedEvent], timed_event: TimedEvent) -> list[TimedEvent]:
    return sorted([*timed, timed_event], key=lambda each: each[1])


def _others(timed: Sequence[TimedEvent], event: Document) -> list[int]:
    """The positions of all events but this one."""
    return [position for position, (other, _) in enumerate(timed) if other is not event]
