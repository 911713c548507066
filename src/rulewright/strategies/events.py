"""Events of one query: what the solver found for each condition, varied as far as evaluation allows."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass

from hypothesis import strategies as st

from rulewright._project.project import Rule
from rulewright.strategies.values import Values, other_fields, values_of
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Field, Test
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules import CompiledRule
from rulewright_generators.cases.events.documents import Document, document_of
from rulewright_generators.cases.events.event_writer import identity_of, setting_of
from rulewright_generators.cases.mutation.candidates import Candidate
from rulewright_generators.cases.types.event_query import event_candidates
from rulewright_schema.errors import UsageError

__all__ = ["Events"]

MAX_VARIED_FIELDS = 8
"""Fields of a condition that are varied in one event."""

Held = Mapping[str, Values]
"""The fields that the condition reads, with their values."""


@dataclass(frozen=True, slots=True)
class Pair:
    """An event that matches, and one beside it that does not; they differ in the fields `changed` and one condition."""

    positive: Candidate
    near: Candidate
    changed: frozenset[str]


class Events:
    """The events of a rule that judges each by itself."""

    def __init__(self, rule: Rule, compiled: CompiledRule, query: EventQuery) -> None:
        self._name = rule.file.name
        self._types = compiled.fields
        setting, identity = setting_of(rule.rule, query.condition), identity_of(rule.rule)
        self._candidates, self._outcomes = event_candidates(query.condition, compiled.fields, setting, identity)
        self._writer = self._candidates.writer
        self._solver = self._writer.solver
        self._fields = {field.name: field for field in self._solver.fields}
        self._tests: dict[str, list[Test]] = {}
        for leaf in query.condition.leaves():
            if isinstance(leaf.value, Field):
                self._tests.setdefault(leaf.value.name, []).append(leaf.test)
        self._others = other_fields(set(self._fields))
        self._proposals: dict[tuple[str, Values], st.SearchStrategy[Values]] = {}
        self._choices: dict[frozenset[str], st.SearchStrategy[list[str]]] = {}

    def matching(self) -> st.SearchStrategy[Document]:
        positives = [candidate for candidate in self._candidates if candidate.matches]
        if not positives:
            raise UsageError(f"no event is known on which `{self._name}` fires")

        @st.composite
        def drawn(draw: st.DrawFn) -> Document:
            base = draw(st.sampled_from(positives))
            values = self._varied(draw, base.values, set(self._fields), self._matches)
            return self._document(draw, base.values, values) or deepcopy(base.document)

        return drawn()

    def near_misses(self) -> st.SearchStrategy[Document]:
        pairs = self._pairs()
        if not pairs:
            raise UsageError(f"no condition of `{self._name}` is known to decide by itself")

        @st.composite
        def drawn(draw: st.DrawFn) -> Document:
            pair = draw(st.sampled_from(pairs))
            leaf = self._truth(pair.positive.values) ^ self._truth(pair.near.values)

            def is_pair(positive: Held, near: Held) -> bool:
                alone = self._truth(positive) ^ self._truth(near) == leaf
                return alone and self._matches(positive) and not self._matches(near)

            own = {name: pair.near.values[name] for name in pair.changed}
            shared = set(self._fields) - pair.changed
            positive = self._varied(
                draw, pair.positive.values, shared, lambda values: is_pair(values, {**values, **own})
            )
            near = self._varied(draw, {**positive, **own}, set(own), lambda values: is_pair(positive, values))
            return self._document(draw, pair.positive.values, near) or deepcopy(pair.near.document)

        return drawn()

    def _pairs(self) -> list[Pair]:
        found: list[Pair] = []
        for outcome in self._outcomes:
            if outcome.positive is None or outcome.negative is None:
                continue
            positive = self._candidates.positive(outcome.positive)
            near = positive and self._candidates.near_miss(outcome.leaf.text, outcome, positive)
            if positive is None or near is None:
                continue
            differing = self._truth(positive.values) ^ self._truth(near.values)
            if differing.bit_count() == 1:
                changed = (name for name in self._fields if positive.values[name] != near.values[name])
                found.append(Pair(positive, near, frozenset(changed)))
        return found

    # One event

    def _varied(self, draw: st.DrawFn, values: Held, names: set[str], may: Callable[[Held], bool]) -> dict[str, Values]:
        """Some of the fields `names` with other values, each of which `may` be."""
        varied = dict(values)
        for name in draw(self._some_of(frozenset(names))):
            other = draw(self._proposed(name, varied[name]))
            if other != varied[name] and may({**varied, name: other}):
                varied[name] = other
        return varied

    def _some_of(self, names: frozenset[str]) -> st.SearchStrategy[list[str]]:
        if names not in self._choices:
            some = (
                st.lists(st.sampled_from(sorted(names)), max_size=MAX_VARIED_FIELDS, unique=True)
                if names
                else st.just([])
            )
            self._choices[names] = some
        return self._choices[names]

    def _proposed(self, name: str, held: Values) -> st.SearchStrategy[Values]:
        """Kept, because to build a strategy takes longer than to draw from it."""
        if (name, held) not in self._proposals:
            multi_valued = self._writer.multi_valued(name)
            self._proposals[name, held] = values_of(self._fields[name], self._tests.get(name, ()), held, multi_valued)
        return self._proposals[name, held]

    def _document(self, draw: st.DrawFn, like: Held, values: Held) -> Document | None:
        """A document beside one of `like` with these values, and with some that the rule does not read.

        None where that changes the verdict.
        """
        profile = self._writer.adjacent_profile(values, like)
        document = self._writer.document({**values, **draw(self._others)}, profile)
        return document if self._solver.matches(Event(document)) == self._matches(values) else None

    def _event(self, values: Held) -> Event:
        return Event(document_of(values, self._types, self._solver.formula.nested))

    def _matches(self, values: Held) -> bool:
        return self._solver.matches(self._event(values))

    def _truth(self, values: Held) -> int:
        return self._solver.truth(self._event(values))
