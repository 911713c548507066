"""Cases of one condition, whatever a rule does with the events that meet it."""

from collections.abc import Iterator, Mapping, Sequence

from rulewright_engine.ir.expression import And, Scalar
from rulewright_engine.rules import CompiledRule
from rulewright_engine.rules.groups import key_fields
from rulewright_engine.rules.types.base import condition_of
from rulewright_engine.solver import ConditionOutcome, SmtSolver
from rulewright_generators.cases.events.documents import Document
from rulewright_generators.cases.events.event_templates import (
    EventTemplate,
    KeyValues,
    demand,
    shared_key,
)
from rulewright_generators.cases.events.timeline import Timeline
from rulewright_generators.cases.events.values import others
from rulewright_generators.cases.evidence.confirmed_cases import ConfirmedCases
from rulewright_generators.cases.types.stage_conditions import PlacedEvents

__all__ = ["SingleCases"]

STEP = 1000
"""Milliseconds between two events."""


class SingleCases:
    """A `CaseBuilder` where every event stands for itself; `names` are the fields by which the rule groups events."""

    def __init__(
        self, compiled: CompiledRule, names: Sequence[str], confirmed: ConfirmedCases, timeline: Timeline
    ) -> None:
        self._fields = compiled.fields
        self._template = EventTemplate(condition_of(compiled), key_fields(names, compiled.fields), compiled)
        self._names = list(names)
        self._confirmed = confirmed
        self._timeline = timeline
        self._key = shared_key([self._template])

    # Events

    def _event(self, key: KeyValues | None = None) -> Document | None:
        """An event with a key, or with the ordinary one."""
        key = self._key if key is None else key
        if key is None or self._key is None:
            return None
        return self._template.event(key, self._template.siblings(key, self._key))

    def _dated(self, events: Sequence[Document]) -> list[Document]:
        step = min(STEP, self._timeline.length // (2 * len(events)))
        start = self._timeline.start((len(events) - 1) * step)
        return self._timeline.scheduled([(event, start + number * step) for number, event in enumerate(events)])

    def _changed(self, part: int, value: Scalar) -> KeyValues:
        """The ordinary key with another value in one part; None: without it."""
        assert self._key is not None  # Invariant: asked only where there is one
        return (*self._key[:part], value, *self._key[part + 1 :])

    def _others(self, part: int) -> Iterator[tuple[KeyValues, Document]]:
        """Events whose key differs from the ordinary one in this part alone."""
        assert self._key is not None  # Invariant: asked only where there is one
        for value in others(self._key[part]):
            key = self._changed(part, value)
            event = self._event(key)
            if event is not None:
                yield key, event
        event = self._template.differing(self._key, part, [self._key[part]])
        if event is not None:
            yield self._template.key_of(event), event

    def _gap(self, what: str, part: int) -> None:
        """Say what no case shows of other values of one part; where it is proven that there are none, nothing."""
        assert self._key is not None  # Invariant: asked only where there is one
        if not self._template.is_bound(self._key, part):
            self._confirmed.gap(what, "the query accepts no other value")

    # a `CaseBuilder`

    def capacity(self, part: int) -> int:
        return 1

    def label(self, part: int) -> str:
        return ""

    def given(self, part: int) -> Mapping[str, Scalar]:
        return dict(zip(self._names, self._key or (), strict=False))

    def key(self, part: int, document: Document) -> KeyValues:
        """The event's own key, the ordinary one's where it has none."""
        own = self._template.key_of(document)
        return tuple(usual if value is None else value for value, usual in zip(own, self._key or own, strict=True))

    def joint(self, part: int, index: int) -> ConditionOutcome | None:
        """What is to be said of a condition where the fields are there by which events are told apart."""
        solver = SmtSolver(And((self._template.condition, *(demand(field, ...) for field in self._template.keys))))
        return solver.outcome(solver.formula.occurrences[index])

    def place(self, part: int, documents: Sequence[Document], *, matches: bool) -> PlacedEvents | None:
        return PlacedEvents(self._dated(documents), [[number] for number in range(len(documents))] if matches else ())

    def add_adjacent(self, part: int, document: Document) -> bool:
        """Nothing more than its condition."""
        return True
