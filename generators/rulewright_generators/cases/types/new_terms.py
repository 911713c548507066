"""Cases of new_terms rules: what the history knows of the values of an event, and every condition."""

from collections.abc import Sequence

from rulewright_engine.evaluate.event import Event
from rulewright_engine.rules import CompiledRule
from rulewright_engine.rules.groups import combinations
from rulewright_engine.rules.types.new_terms import NewTermsType
from rulewright_generators.cases.events.documents import Document, json_of, patched
from rulewright_generators.cases.events.event_templates import KeyValues
from rulewright_generators.cases.events.timeline import Timeline
from rulewright_generators.cases.events.values import another
from rulewright_generators.cases.evidence.confirmed_cases import ConfirmedCases
from rulewright_generators.cases.types.single_condition import SingleCases
from rulewright_generators.cases.types.stage_conditions import PlacedEvents

__all__ = ["NewTermsCases"]

DAY = 86_400_000


class NewTermsCases(SingleCases):
    """The cases of one new_terms rule; its keys are the fields whose values are new or known."""

    def __init__(self, compiled: CompiledRule, confirmed: ConfirmedCases, timeline: Timeline) -> None:
        super().__init__(compiled, NewTermsType.rule_of(compiled).new_terms.fields, confirmed, timeline)

    def add(self) -> None:
        """Every case that is about no condition."""
        ordinary = self._event()
        if ordinary is None or not self._alerts("The history knows nothing.", ordinary):
            self._confirmed.gap("a positive", "no event was found that meets the query and has the fields")
            return
        self._known(ordinary)
        self._partly_known(ordinary)
        self._without(ordinary)
        self._multi_valued(ordinary)

    def _alerts(self, why: str, event: Document, *history: Document, alerts: Sequence[Sequence[int]] = ((0,),)) -> bool:
        kind = "history" if history else "positive"
        return self._confirmed.add(kind, why, self._dated([event]), alerts, history=history)

    def _past(self, event: Document, time: int | None = None) -> Document:
        """An event as the history holds it: of the day before the window, or of another time."""
        window = self._timeline.window
        start = window.start if window.history is None else window.history
        usual = max(window.start - DAY, (start + window.start) // 2)
        return self._timeline.dated(event, usual if time is None else time, 1, late=False)

    def _known(self, ordinary: Document) -> None:
        start = self._timeline.window.history
        if not self._alerts("The history knows the value.", ordinary, self._past(ordinary), alerts=()):
            self._confirmed.gap("a known value", "the rule alerts nevertheless")
        window = self._past(ordinary, self._timeline.window.start)
        self._alerts("The value was first seen exactly when the window begins.", ordinary, window, alerts=())
        if start is not None:
            first, before = self._past(ordinary, start), self._past(ordinary, start - 1)
            self._alerts("The value was seen when the history begins, and not since.", ordinary, first, alerts=())
            if not self._alerts("The value was seen a millisecond before the history begins.", ordinary, before):
                self._confirmed.gap("a value older than the history", "the rule does not alert on it")

    def _partly_known(self, ordinary: Document) -> None:
        parts = range(len(self._names))
        for part, name in enumerate(self._names):
            why = f"The history knows another `{name}`."
            if len(self._names) > 1:
                why = f"The history knows everything but the value of `{name}`."
            if not any(self._alerts(why, ordinary, self._past(other)) for _, other in self._others(part)):
                self._gap(f"another `{name}` in the history", part)
        if len(self._names) > 1 and self._key is not None:
            alone = [self._event(self._all_but(part)) for part in parts]
            known = [self._past(event) for event in alone if event is not None]
            if len(known) == len(self._names):
                self._alerts("The history knows each value, but never together.", ordinary, *known)

    def _all_but(self, part: int) -> KeyValues:
        """A key of which this part alone is the ordinary one's."""
        return tuple(value if at == part else another(value) for at, value in enumerate(self._key or ()))

    def _without(self, ordinary: Document) -> None:
        for part, name in enumerate(self._names):
            event = self._event(self._changed(part, None))
            if event is not None:
                self._confirmed.add("near-miss", f"The event has no `{name}`.", self._dated([event]), ())

    def _multi_valued(self, ordinary: Document) -> None:
        """Several events of a run, and several values of an event."""
        why = "Of two events with the new value, the first raises the alert."
        self._confirmed.add("group", why, self._dated([ordinary, ordinary]), [[0]])
        for part, name in enumerate(self._names):
            found = next(self._others(part), None)
            if found is None:
                continue
            key, other = found
            if part == 0:
                events = self._dated([ordinary, other])
                self._confirmed.add("group", f"Two values of `{name}` are new.", events, [[0], [1]])
            info = self._fields.lookup(name)
            if info is not None and info.array:
                both = (self._key[part], key[part]) if self._key else ()
                event = patched(ordinary, {name: json_of(name, both, self._fields)})
                self._confirmed.add(
                    "group", f"One event has two new values of `{name}`.", self._dated([event]), [[0], [0]]
                )
                self._alerts(f"One of the two values of `{name}` is known.", event, self._past(other))

    def place(self, part: int, documents: Sequence[Document], *, matches: bool) -> PlacedEvents | None:
        """Every combination of the values of an event is new; without any, the event shows nothing of the query."""
        (event,) = documents
        found = len(list(combinations(Event(event), self._template.keys)))
        if matches and not found:
            return None
        return PlacedEvents(self._dated([event]), [[0]] * found if matches else ())

    def add_adjacent(self, part: int, document: Document) -> bool:
        """What does not meet the query is no history."""
        ordinary = self._event()
        why = "The history knows the value only of an event that does not meet the query."
        return ordinary is None or self._alerts(why, ordinary, self._past(document))
