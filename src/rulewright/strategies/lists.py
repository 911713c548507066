"""Lists of events for a rule that sees several together: its cases, varied as far as evaluation allows.

With them come indicators where the rule needs some: inside, these are the first documents of one list.
"""

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from rulewright._project.project import Rule, cases_path
from rulewright.strategies.values import OTHER_FIELDS, other_fields, words
from rulewright_engine.evaluate.document_edits import with_field
from rulewright_engine.evaluate.event import Event
from rulewright_engine.rules import (
    CompiledRule,
    Execution,
    time_of_run,
    type_of,
    window_of,
)
from rulewright_engine.rules.keys import discriminating_fields
from rulewright_engine.rules.window import time_of
from rulewright_engine.values.dates import format_instant
from rulewright_generators.cases import (
    Case,
    generate,
    is_generated,
    read_cases,
)
from rulewright_generators.cases.events.documents import Document
from rulewright_schema.errors import UsageError

__all__ = ["Lists"]

MAX_VARIED_EVENTS = 3
"""Events of a list that get fields of their own."""

MAX_SHIFT = 3_600_000
"""How far a list may move in time, in milliseconds."""

Documents = list[Document]
Drawn = Documents | dict[str, Documents]
"""A list of events; of a rule that needs indicators, `events` and `indicators`."""


@dataclass(frozen=True, slots=True)
class _Base:
    """Documents to be varied, of which the first are as many `indicators`."""

    documents: Documents
    indicators: int


class Lists:
    """The events of a rule that sees several together.

    A case whose verdict depends on more than its events (answers, history without a time) is left out.
    """

    def __init__(self, rule: Rule, compiled: CompiledRule) -> None:
        self._rule = rule
        self._execute = Execution(compiled)
        pinned = cases_path(rule.path)
        known = read_cases(pinned).cases if pinned.exists() else ()
        cases = (*generate(compiled).cases, *known)
        self._firing = list(self._usable(cases, fires=True))
        self._quiet = list(self._usable(filter(is_generated, cases), fires=False))
        self._needs_indicators = type_of(rule.rule).needs_indicators
        asked = repr([rule.rule.query_text, rule.rule.filters, *discriminating_fields(compiled)])
        self._others = other_fields({name for name in OTHER_FIELDS if name in asked})

    def matching(self) -> st.SearchStrategy[Drawn]:
        if not self._firing:
            raise UsageError(f"no list of events is known on which `{self._rule.file.name}` fires")
        return self._drawn(self._firing, fires=True)

    def near_misses(self) -> st.SearchStrategy[Drawn]:
        if not self._quiet:
            raise UsageError(f"no list of events is known that `{self._rule.file.name}` narrowly misses")
        return self._drawn(self._quiet, fires=False)

    def _usable(self, cases: Iterator[Case] | Sequence[Case], *, fires: bool) -> Iterator[_Base]:
        """The documents of each case of that verdict, if it is the same of them alone."""
        for case in cases:
            base = _Base([dict(each) for each in (*case.indicators, *case.history, *case.events)], len(case.indicators))
            is_whole = bool(case.events) and not case.answers and not case.lookups
            if is_whole and case.is_positive == fires and self._fires(base.documents, base.indicators) == fires:
                yield base

    def _drawn(self, bases: Sequence[_Base], *, fires: bool) -> st.SearchStrategy[Drawn]:
        variations: list[Callable[[st.DrawFn, Documents], Documents]] = [self._dressed, self._renamed, self._moved]

        @st.composite
        def drawn(draw: st.DrawFn) -> Drawn:
            base = draw(st.sampled_from(bases))
            documents = base.documents
            for vary in draw(st.lists(st.sampled_from(variations), unique=True)):
                other = vary(draw, documents)
                if self._fires(other, base.indicators) == fires:
                    documents = other
            documents = deepcopy(documents)
            if not self._needs_indicators:
                return documents
            return {"events": documents[base.indicators :], "indicators": documents[: base.indicators]}

        return drawn()

    def _fires(self, documents: Documents, indicators: int) -> bool:
        every = [Event(document) for document in documents]
        events, rule = every[indicators:], self._rule.rule
        window = window_of(rule, time_of_run(events, rule))
        return bool(self._execute(events, window, indicators=every[:indicators]))

    # Variations

    def _dressed(self, draw: st.DrawFn, events: Documents) -> Documents:
        """Some events with fields that the rule does not read."""
        varied = list(events)
        positions = st.lists(st.integers(0, len(events) - 1), max_size=MAX_VARIED_EVENTS, unique=True)
        for position in draw(positions):
            for name, values in draw(self._others).items():
                first, *rest = values
                varied[position] = with_field(varied[position], name, [first, *rest] if rest else first)
        return varied

    def _renamed(self, draw: st.DrawFn, events: Documents) -> Documents:
        """One text that stands in a field is another one wherever it stands: a user, a host, a file."""
        texts = sorted({text for document in events for text in _texts(document)})
        if not texts:
            return events
        old, more = draw(st.sampled_from(texts)), draw(words)
        return [_replaced(document, old, old + more) for document in events]

    def _moved(self, draw: st.DrawFn, events: Documents) -> Documents:
        """All events earlier or later by the same time."""
        by = draw(st.integers(-MAX_SHIFT, MAX_SHIFT))
        moved = []
        for document in events:
            time = time_of(Event(document), self._rule.rule)
            moved.append(document if time is None else with_field(document, "@timestamp", format_instant(time + by)))
        return moved


def _texts(value: Any) -> Iterator[str]:
    """The texts that stand in a document, times left out."""
    if isinstance(value, dict):
        for name, item in value.items():
            if name != "@timestamp":
                yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {name: _replaced(item, old, new) for name, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, old, new) for item in value]
    return new if value == old and isinstance(value, str) else value
