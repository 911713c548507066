"""Sequences: events that meet the stages in order for one key, found in one pass (semantics B1).

For each key and stage at most one sequence is pending, the latest: an event takes it to the next stage, and a newer one
replaces it. So memory is bounded by keys times stages, and, with `maxspan`, by the keys of that stretch of time. The
results are those of Elasticsearch's matcher, which works stage by stage: there, too, an event takes the latest pending
sequence and all earlier ones are gone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field

from rulewright_engine.evaluate import compile_condition, compile_keys
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Field, Scalar
from rulewright_engine.ir.query import Sequence as SequenceQuery
from rulewright_engine.ir.query import Stage

__all__ = ["JoinKey", "SequenceMatcher", "match_sequence", "stage_keys"]

JoinKey = tuple[Scalar, ...]
"""Values of the join keys of an event, or of the `by` fields of a sample; None: the field is missing."""

JoinKeys = Callable[[Event], list[JoinKey]]
Match = tuple[tuple[int, ...], JoinKey]

_NEVER = float("-inf")


def match_sequence(query: SequenceQuery, events: Iterable[tuple[int, int, Event]]) -> list[Match]:
    """The positions and the key of each sequence, ordered by the last event.

    `events` are (position, epoch milliseconds, event) in the order of time. -1 stands for a missing event.
    """
    return SequenceMatcher(query).run(events)


def stage_keys(stage: Stage) -> JoinKeys:
    """The join keys of an event, one for each choice of values; null is a value for an optional key only."""
    keys_of = compile_keys(stage.keys)
    required = [at for at, key in enumerate(stage.keys) if not (isinstance(key, Field) and key.optional)]
    if not required:
        return keys_of
    return lambda event: [key for key in keys_of(event) if all(key[at] is not None for at in required)]


@dataclass(slots=True)
class _Pending:
    """A sequence that has reached a stage. `events` is (position, the same of the stage before), so that no stage
    copies what came before. `broken`: an event that must be missing was there, which counts once it is complete.
    """

    first: int
    last: int
    events: tuple[int, "tuple[int, object] | None"]
    leading: float
    broken: bool = False
    number: int = 0


@dataclass(slots=True)
class _State:
    """What is known of one key: pending sequences by stage, complete ones that wait, and when missing events came."""

    time: int = 0
    pending: dict[int, _Pending] = field(default_factory=dict)
    waiting: list[_Pending] = field(default_factory=list)
    seen: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Missing stage -> the last two distinct times at which its event came."""

    def seen_before(self, stages: Iterable[int], time: int) -> float:
        """The latest time before `time` at which the event of one of the missing stages came."""
        latest = _NEVER
        for stage in stages:
            newest, previous = self.seen.get(stage, (_NEVER, _NEVER))
            latest = max(latest, newest if newest < time else previous)
        return latest


@dataclass(frozen=True, slots=True)
class _Term:
    """A stage of the query, compiled. `steps`: the positive stages it stands for, last first; none if it is missing."""

    meets: Callable[[Event], bool]
    keys_of: JoinKeys
    steps: tuple[int, ...]
    missing: int = -1


class SequenceMatcher:
    """Takes events one by one, in the order of time, and keeps what is pending."""

    def __init__(self, query: SequenceQuery) -> None:
        self._maxspan = query.maxspan
        self._layout = _Layout(query.stages)
        self._terms = [_Term(*_compiled(stage), *position) for stage, position in self._layout.positions()]
        self._until = _compiled(query.until) if query.until else None
        self._last_step = self._layout.positive - 1
        self._forget_all()

    def _forget_all(self) -> None:
        self._states: dict[JoinKey, _State] = {}
        self._found: list[tuple[int, tuple[int, ...], JoinKey]] = []
        self._completed = 0
        self._limit = 1024

    def run(self, events: Iterable[tuple[int, int, Event]]) -> list[Match]:
        """`match_sequence` of these events alone; what is compiled serves one run after another."""
        matcher = copy(self)
        matcher._forget_all()
        for position, time, event in events:
            matcher.take(position, time, event)
        return matcher.results()

    def take(self, position: int, time: int, event: Event) -> None:
        """One event, later than all before."""
        for term in self._terms:
            if term.meets(event):
                for key in term.keys_of(event):
                    self._advance(term, key, position, time)
        if self._until is not None:
            meets, keys_of = self._until
            if meets(event):
                for key in keys_of(event):
                    if key in self._states:
                        self._states[key].pending.clear()
        if self._maxspan is not None and len(self._states) > self._limit:
            self._forget(time)

    @property
    def pending_keys(self) -> int:
        """For how many keys something is remembered."""
        return len(self._states)

    def results(self) -> list[Match]:
        """All results; call it once, behind the last event."""
        for key, state in self._states.items():
            for pending in state.waiting:
                self._emit(pending, key)
        return [(positions, key) for _, positions, key in sorted(self._found, key=lambda found: found[0])]

    # One event at one stage

    def _advance(self, term: _Term, key: JoinKey, position: int, time: int) -> None:
        if term.missing >= 0:
            state = self._states.setdefault(key, _State())
            self._note_missing(state, key, term.missing, time)
            state.time = time
            return
        state_or_none = self._states.get(key)
        for step in term.steps:
            if step == 0:
                state_or_none = state_or_none or self._states.setdefault(key, _State())
                leading = state_or_none.seen_before(self._layout.leading, time)
                self._reach(0, _Pending(time, time, (position, None), leading), state_or_none, key)
                state_or_none.time = time
            elif state_or_none is not None and (before := state_or_none.pending.pop(step - 1, None)) is not None:
                self._continue(before, step, position, time, state_or_none, key)
                state_or_none.time = time

    def _continue(self, before: _Pending, step: int, position: int, time: int, state: _State, key: JoinKey) -> None:
        if self._maxspan is not None and time - before.first > self._maxspan:
            return
        between = state.seen_before(self._layout.between.get(step, ()), time)
        broken = before.broken or between > before.last
        self._reach(step, _Pending(before.first, time, (position, before.events), before.leading, broken), state, key)

    def _reach(self, step: int, pending: _Pending, state: _State, key: JoinKey) -> None:
        if step < self._last_step:
            state.pending[step] = pending
            return
        pending.number = self._completed
        self._completed += 1
        if pending.broken or not self._leads_well(pending):
            return
        if self._layout.trailing and self._deadline(pending) >= pending.last:
            state.waiting.append(pending)
        else:
            self._emit(pending, key)

    # Missing events; source of the rules: TumblingWindow of Elasticsearch, doCheckMissingEvents

    def _leads_well(self, pending: _Pending) -> bool:
        """Where events must be missing in front only: none within `maxspan` before the last event."""
        if not self._layout.leading or self._layout.trailing or self._maxspan is None:
            return True
        return pending.last - pending.leading > self._maxspan

    def _deadline(self, pending: _Pending) -> float:
        """Until when an event that must be missing behind the sequence spoils it.

        With missing events at both ends, only two of them within `maxspan` of each other spoil it.
        """
        start = pending.leading if self._layout.leading else pending.first
        return start + (self._maxspan or 0)

    def _note_missing(self, state: _State, key: JoinKey, stage: int, time: int) -> None:
        newest, _ = state.seen.get(stage, (_NEVER, _NEVER))
        if time > newest:
            state.seen[stage] = (time, newest)
        if stage in self._layout.trailing and state.waiting:
            still: list[_Pending] = []
            for pending in state.waiting:
                if time > self._deadline(pending):
                    self._emit(pending, key)
                elif time <= pending.last:
                    still.append(pending)
            state.waiting = still

    def _emit(self, pending: _Pending, key: JoinKey) -> None:
        positions: list[int] = []
        link: object = pending.events
        while isinstance(link, tuple):
            positions.append(link[0])
            link = link[1]
        self._found.append((pending.number, self._layout.filled(positions[::-1]), key))

    def _forget(self, time: int) -> None:
        """Drop keys of which nothing can come any more."""
        limit = time - (self._maxspan or 0)
        for key in [key for key, state in self._states.items() if state.time < limit]:
            for pending in self._states.pop(key).waiting:
                self._emit(pending, key)
        self._limit = max(1024, 2 * len(self._states))


def _compiled(stage: Stage) -> tuple[Callable[[Event], bool], JoinKeys]:
    return compile_condition(stage.condition), stage_keys(stage)


class _Layout:
    """Which stages must occur (steps, numbered from 0, runs counted) and where events must be missing between them.

    A missing stage is known by its index in the query.
    """

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = stages
        self.positive = sum(stage.runs for stage in stages if not stage.missing)
        self.leading: list[int] = []
        self.trailing: list[int] = []
        self.between: dict[int, list[int]] = {}
        """Step -> the missing stages in front of it."""
        step = 0
        for index, stage in enumerate(stages):
            if not stage.missing:
                step += stage.runs
            elif step == 0:
                self.leading.append(index)
            elif step == self.positive:
                self.trailing.append(index)
            else:
                self.between.setdefault(step, []).append(index)

    def positions(self) -> Iterator[tuple[Stage, tuple[tuple[int, ...], int]]]:
        """Each stage with its steps and its index if it is missing: later stages first.

        Invariant: an event is offered to later steps first, so that it never serves two steps of one sequence.
        """
        step = self.positive
        for place, stage in reversed(list(enumerate(self._stages))):
            if stage.missing:
                yield stage, ((), place)
            else:
                yield stage, (tuple(range(step - 1, step - stage.runs - 1, -1)), -1)
                step -= stage.runs

    def filled(self, positions: Sequence[int]) -> tuple[int, ...]:
        """The positions of the positive steps, with -1 for each missing stage."""
        found: list[int] = []
        rest = iter(positions)
        for stage in self._stages:
            found.extend((-1,) if stage.missing else (next(rest) for _ in range(stage.runs)))
        return tuple(found)
