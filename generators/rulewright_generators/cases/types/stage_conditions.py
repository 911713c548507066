"""The leaves of each condition: its events, one after another, set into a case that is otherwise complete."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Scalar
from rulewright_engine.ir.query import Part
from rulewright_engine.solver import LeafOutcome, Outcome
from rulewright_generators.cases.events.documents import Document
from rulewright_generators.cases.events.event_templates import Key, Scene
from rulewright_generators.cases.events.event_writer import identity_of, setting_of
from rulewright_generators.cases.evidence.confirmed_cases import Trials
from rulewright_generators.cases.evidence.coverage import Ledgers
from rulewright_generators.cases.format.conditions import leaf_names, names_of, needed_fields
from rulewright_generators.cases.format.wording import positive_sentence
from rulewright_generators.cases.mutation.candidates import Draft
from rulewright_generators.cases.types.event_query import event_drafts

__all__ = ["Ensemble", "Placed", "prove_leaves"]


@dataclass(frozen=True, slots=True)
class Placed:
    """What a case is made of, and the alerts that it must raise."""

    events: Sequence[Document]
    alerts: Sequence[Sequence[int]] = ()
    history: Sequence[Document] = ()
    indicators: Sequence[Document] = ()


class Ensemble(Protocol):
    """Makes the cases of a rule, and puts events of one condition of its query among the other events of a case."""

    def add(self) -> None:
        """Add every case that is about no leaf."""
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

    def key(self, part: int, document: Document) -> Key:
        """What an event shares with the others; events of one case must have the same."""
        ...

    def united(self, part: int, leaf: int) -> LeafOutcome | None:
        """What is to be said of a leaf where all conditions are met at once; None where they have nothing to do with
        each other."""
        ...

    def place(self, part: int, documents: Sequence[Document], *, matches: bool) -> Placed | None:
        """The case in which these events stand for ordinary ones; None where the others do not go with them."""
        ...

    def beside(self, part: int, document: Document) -> bool:
        """Add what an event shows that all but meets a condition; says whether that needs no other such event."""
        ...


def prove_leaves(scene: Scene, trials: Trials, ensemble: Ensemble) -> list[LeafOutcome]:
    """Add a case for each event that shows something of a leaf; the outcome of each leaf, in the order of the text."""
    query = trials.compiled.query
    assert query is not None  # Invariant: an ES|QL rule has cases of another kind
    names = leaf_names(query)
    outcomes: list[LeafOutcome] = []
    for number, part in enumerate(query.parts):
        setting = replace(setting_of(scene.rule, part.condition), given=ensemble.given(number))
        needed = [field.name for field in needed_fields(trials.compiled, number)]
        drafts, found = event_drafts(part.condition, scene.fields, setting, identity_of(scene.rule), needed)
        named = dict(zip(names_of(part.condition.leaves()), names[len(outcomes) :], strict=False))
        _Prompter(trials, ensemble, number, part, named).add(list(drafts))
        outcomes += found
    return _checked(trials, ensemble, outcomes)


def _checked(trials: Trials, ensemble: Ensemble, outcomes: Sequence[LeafOutcome]) -> list[LeafOutcome]:
    """The outcomes; where a pair was promised and the cases hold none, what the other conditions have to do with it."""
    query = trials.compiled.query
    assert query is not None  # Invariant: an ES|QL rule has cases of another kind
    ledgers = Ledgers(query)
    for case in trials.cases:
        ledgers.add(case, case.name)
    pairs = ledgers.pairs()
    checked: list[LeafOutcome] = []
    for number, condition in enumerate(query.conditions):
        for leaf, _ in enumerate(condition.leaves()):
            outcome = outcomes[len(checked)]
            if outcome.outcome in (Outcome.PAIR, Outcome.COUPLED) and len(checked) not in pairs:
                outcome = _explained(outcome, ensemble.united(number, leaf))
            checked.append(outcome)
    return checked


def _explained(outcome: LeafOutcome, united: LeafOutcome | None) -> LeafOutcome:
    if united is not None and united.outcome in (Outcome.REDUNDANT, Outcome.IMPOSSIBLE):
        return replace(outcome, outcome=united.outcome, because=united.because, reason=united.reason)
    if outcome.outcome is Outcome.PAIR:
        return replace(outcome, outcome=Outcome.UNDECIDED, reason="its events do not go with the others of a case")
    return outcome


@dataclass(frozen=True, slots=True)
class _Prompter:
    """Adds the cases of one condition. `named`: its own names of the leaves -> those in the whole query."""

    trials: Trials
    ensemble: Ensemble
    number: int
    part: Part
    named: Mapping[str, str]

    def add(self, drafts: Sequence[Draft]) -> None:
        for chunk in self._chunks([draft for draft in drafts if draft.matches]):
            if not self._positive(chunk) and len(chunk) > 1:
                for draft in chunk:
                    self._positive([draft])
        near_misses = [draft for draft in drafts if not draft.matches]
        for draft in near_misses:
            self._near_miss(draft)
        given = self.ensemble.given(self.number)
        alike = sorted(near_misses, key=lambda draft: not _has(draft.document, given))
        any(self.ensemble.beside(self.number, draft.document) for draft in alike)

    def _chunks(self, drafts: Sequence[Draft]) -> Iterator[list[Draft]]:
        """Events that stand together in one case."""
        groups: dict[Key, list[Draft]] = {}
        for draft in drafts:
            groups.setdefault(self.ensemble.key(self.number, draft.document), []).append(draft)
        most = self.ensemble.capacity(self.number)
        for group in groups.values():
            yield from (group[start : start + most] for start in range(0, len(group), most))

    def _positive(self, drafts: Sequence[Draft]) -> bool:
        holding = [self.named[leaf] for draft in drafts for leaf in draft.holding]
        failing = [self.named[leaf] for draft in drafts for leaf in draft.failing]
        why = (drafts[0].why if len(drafts) == 1 else "") or positive_sentence(holding, failing)
        return self._case([draft.document for draft in drafts], why, [*holding, *failing], matches=True)

    def _near_miss(self, draft: Draft) -> bool:
        flips = [self.named[draft.flips]] if draft.flips else []
        return self._case([draft.document], draft.why, flips, matches=False)

    def _case(self, documents: Sequence[Document], why: str, leaves: Sequence[str], *, matches: bool) -> bool:
        placed = self.ensemble.place(self.number, documents, matches=matches)
        if placed is None:
            return False
        label = self.ensemble.label(self.number)
        alerts = matches == self.part.wanted
        return self.trials.add(
            "positive" if alerts else "near-miss",
            f"{why.removesuffix('.')} {label}." if label else why,
            placed.events,
            placed.alerts,
            covers=leaves if alerts else (),
            flips=None if alerts else next(iter(leaves), None),
            history=placed.history,
            indicators=placed.indicators,
        )


def _has(document: Document, values: Mapping[str, Scalar]) -> bool:
    """Whether an event has these values."""
    event = Event(document)
    return all(value in event.raw(name) for name, value in values.items())
