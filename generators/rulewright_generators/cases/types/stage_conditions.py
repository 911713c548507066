"""The conditions of each stage: their events, one after another, set into a case that is otherwise complete."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Scalar
from rulewright_engine.ir.query import Part
from rulewright_engine.rules.keys import key_fields_of
from rulewright_engine.solver import ConditionOutcome, Outcome
from rulewright_generators.cases.events.documents import Document
from rulewright_generators.cases.events.event_templates import KeyValues
from rulewright_generators.cases.events.event_writer import identity_of, setting_of
from rulewright_generators.cases.evidence.confirmed_cases import ConfirmedCases
from rulewright_generators.cases.evidence.coverage import CoverageMatrix
from rulewright_generators.cases.format.conditions import condition_names, names_of
from rulewright_generators.cases.format.naming import always_needed, subject_of
from rulewright_generators.cases.format.wording import positive_sentence
from rulewright_generators.cases.mutation.candidates import Candidate
from rulewright_generators.cases.types.event_query import event_candidates

__all__ = ["CaseBuilder", "PlacedEvents", "prove_conditions"]


@dataclass(frozen=True, slots=True)
class PlacedEvents:
    """What a case is made of, and the alerts that it must raise."""

    events: Sequence[Document]
    alerts: Sequence[Sequence[int]] = ()
    history: Sequence[Document] = ()
    indicators: Sequence[Document] = ()


class CaseBuilder(Protocol):
    """Makes the cases of a rule, and puts events of one condition of its query among the other events of a case."""

    def add(self) -> None:
        """Add every case that is about no condition."""
        ...

    def capacity(self, part: int) -> int:
        """How many events of a condition stand in one case."""
        ...

    def label(self, part: int) -> str:
        """How a sentence names the condition; empty where there is only one."""
        ...

    def given(self, part: int) -> Mapping[str, Scalar]:
        """The values that the other events expect."""
        ...

    def key(self, part: int, document: Document) -> KeyValues:
        """What an event shares with the others; events of one case must have the same."""
        ...

    def joint(self, part: int, index: int) -> ConditionOutcome | None:
        """What is to be said of a condition where all stages are met at once; None where they have nothing to do with
        each other."""
        ...

    def place(self, part: int, documents: Sequence[Document], *, matches: bool) -> PlacedEvents | None:
        """The case in which these events stand for ordinary ones; None where the others do not go with them."""
        ...

    def add_adjacent(self, part: int, document: Document) -> bool:
        """Add what an event shows that all but meets a condition; says whether that needs no other such event."""
        ...


def prove_conditions(confirmed: ConfirmedCases, builder: CaseBuilder) -> list[ConditionOutcome]:
    """Add a case for each event that shows something of a condition; their outcomes, in the order of the text."""
    compiled, rule, query = confirmed.compiled, confirmed.compiled.rule, confirmed.compiled.query
    names = condition_names(query)
    outcomes: list[ConditionOutcome] = []
    for number, part in enumerate(query.parts):
        setting = replace(setting_of(rule, part.condition), given=builder.given(number))
        needed = [field.name for field in key_fields_of(confirmed.compiled, number)]
        candidates, found = event_candidates(part.condition, compiled.fields, setting, identity_of(rule), needed)
        named = dict(zip(names_of(part.condition.leaves()), names[len(outcomes) :], strict=False))
        _CaseWriter(confirmed, builder, number, part, named).add(list(candidates))
        outcomes += found
    return _checked(confirmed, builder, outcomes)


def _checked(
    confirmed: ConfirmedCases, builder: CaseBuilder, outcomes: Sequence[ConditionOutcome]
) -> list[ConditionOutcome]:
    """The outcomes; where a pair was promised and the cases hold none, what the other conditions have to do with it."""
    query = confirmed.compiled.query
    matrix = CoverageMatrix(query)
    for case in confirmed.cases:
        matrix.add(case, case.name)
    pairs = matrix.pairs()
    checked: list[ConditionOutcome] = []
    for number, condition in enumerate(query.conditions):
        for index, _ in enumerate(condition.leaves()):
            outcome = outcomes[len(checked)]
            if outcome.outcome in (Outcome.PAIR, Outcome.COUPLED) and len(checked) not in pairs:
                outcome = _explained(outcome, builder.joint(number, index))
            checked.append(outcome)
    return checked


def _explained(outcome: ConditionOutcome, joint: ConditionOutcome | None) -> ConditionOutcome:
    if joint is not None and joint.outcome in (Outcome.REDUNDANT, Outcome.IMPOSSIBLE):
        return replace(outcome, outcome=joint.outcome, because=joint.because, reason=joint.reason)
    if outcome.outcome is Outcome.PAIR:
        return replace(outcome, outcome=Outcome.UNDECIDED, reason="its events do not go with the others of a case")
    return outcome


@dataclass(frozen=True, slots=True)
class _CaseWriter:
    """Adds the cases of one stage. `named`: its own names of its conditions -> those in the whole query."""

    confirmed: ConfirmedCases
    builder: CaseBuilder
    number: int
    part: Part
    named: Mapping[str, str]

    @property
    def needed(self) -> frozenset[str]:
        """The conditions that every event of the stage must meet."""
        return always_needed(self.part.condition)

    def add(self, candidates: Sequence[Candidate]) -> None:
        for chunk in self._chunks([candidate for candidate in candidates if candidate.matches]):
            if not self._positive(chunk) and len(chunk) > 1:
                for candidate in chunk:
                    self._positive([candidate])
        near_misses = [candidate for candidate in candidates if not candidate.matches]
        for candidate in near_misses:
            self._near_miss(candidate)
        given = self.builder.given(self.number)
        alike = sorted(near_misses, key=lambda candidate: not _has(candidate.document, given))
        any(self.builder.add_adjacent(self.number, candidate.document) for candidate in alike)

    def _chunks(self, candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
        """Events that stand together in one case."""
        groups: dict[KeyValues, list[Candidate]] = {}
        for candidate in candidates:
            groups.setdefault(self.builder.key(self.number, candidate.document), []).append(candidate)
        most = self.builder.capacity(self.number)
        for group in groups.values():
            yield from (group[start : start + most] for start in range(0, len(group), most))

    def _positive(self, candidates: Sequence[Candidate]) -> bool:
        holding = [self.named[name] for candidate in candidates for name in candidate.holding]
        failing = [self.named[name] for candidate in candidates for name in candidate.failing]
        why = (candidates[0].why if len(candidates) == 1 else "") or positive_sentence(holding, failing)
        shows = candidates[0].shows if len(candidates) == 1 else ""
        return self._case(
            [candidate.document for candidate in candidates],
            why,
            [*holding, *failing],
            shows or subject_of([*holding, *failing], {self.named[name] for name in self.needed}),
            matches=True,
        )

    def _near_miss(self, candidate: Candidate) -> bool:
        flips = [self.named[candidate.flips]] if candidate.flips else []
        return self._case([candidate.document], candidate.why, flips, candidate.shows, matches=False)

    def _case(
        self, documents: Sequence[Document], why: str, leaves: Sequence[str], shows: str, *, matches: bool
    ) -> bool:
        placed = self.builder.place(self.number, documents, matches=matches)
        if placed is None:
            return False
        label = self.builder.label(self.number)
        alerts = matches == self.part.wanted
        return self.confirmed.add(
            "positive" if alerts else "near-miss",
            f"{why.removesuffix('.')} {label}." if label else why,
            placed.events,
            placed.alerts,
            covers=leaves if alerts else (),
            flips=None if alerts else next(iter(leaves), None),
            history=placed.history,
            indicators=placed.indicators,
            shows=f"{shows}, {label}" if shows and label else shows,
        )


def _has(document: Document, values: Mapping[str, Scalar]) -> bool:
    """Whether an event has these values."""
    event = Event(document)
    return all(value in event.raw(name) for name, value in values.items())
