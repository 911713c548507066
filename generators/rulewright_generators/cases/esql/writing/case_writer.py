"""From event sets to cases: documents, the alerts that a run of the rule raises, and a sentence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from rulewright_engine.rules import CompiledRule
from rulewright_engine.rules.mutant import RuleOperator
from rulewright_generators.cases.esql.events.event_set import EventSet
from rulewright_generators.cases.esql.events.positives import Positives
from rulewright_generators.cases.esql.plan.conditions import Atom
from rulewright_generators.cases.esql.search.adjacent_variants import boundaries, splits, unjoined
from rulewright_generators.cases.esql.search.killing_search import Kill
from rulewright_generators.cases.esql.search.proofs import Proofs
from rulewright_generators.cases.esql.writing.coverage_matrix import CoverageMatrix
from rulewright_generators.cases.events.documents import trimmed
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.format.naming import named, plain_name, subject_of, uncapitalized
from rulewright_generators.cases.format.wording import kill_sentence, positive_sentence, quiet_sentence

__all__ = ["Writer"]

MAX_ESQL_EVENTS = 6_000
"""Events of all cases of a rule together; most of them repeat one another. What would come after is left out."""

RESERVED = 3
"""Alerts of many events, for which there is to be room when mutants are hunted."""


class Writer:
    """Writes the cases of what was shown. `left_out` are the conditions that no written case shows for all that."""

    def __init__(self, compiled: CompiledRule, positives: Positives, matrix: CoverageMatrix, seed: Case | None) -> None:
        self.positives = positives
        self.names = matrix.names
        self.seed = seed
        self.left_out: set[Atom] = set()
        self._override = compiled.rule.timestamp_override
        self._runner = CaseRunner(compiled)
        self._events = 0
        self._most = MAX_ESQL_EVENTS
        self._written: list[EventSet] = []

    def write(self, proofs: Proofs, kills: Callable[[Sequence[EventSet]], Iterable[Kill]]) -> Iterator[Case]:
        """The cases of the proofs, and behind them those that `kills` finds for what they let survive."""
        self._most = MAX_ESQL_EVENTS - RESERVED * len(proofs.base.candidates)
        quiet = [
            *(("span", event_set, why) for event_set, why in splits(self.positives, proofs.base)),
            *(("boundary", event_set, why) for event_set, why in boundaries(self.positives, proofs.base)),
            *(("boundary", event_set, why) for event_set, why in unjoined(self.positives, proofs.base)),
        ]
        for proven in proofs.proven.values():
            covers = tuple(self.names[atom] for atom in proven.atoms)
            shows = "every condition" if len(covers) == len(self.names) else subject_of(covers)
            case = self._case(proven.event_set, "positive", shows, positive_sentence(covers, ()))
            yield from self._kept(case and replace(case, covers=covers), proven.atoms)
        for miss in proofs.misses.values():
            name = self.names[miss.atoms[0]]
            case = self._case(miss.event_set, "near-miss", plain_name(name), quiet_sentence(name, miss.change))
            yield from self._kept(case and replace(case, flips=name), miss.atoms)
        for kind, event_set, why in quiet:
            yield from self._kept(self._case(event_set, kind, uncapitalized(why), why))
        self._most = MAX_ESQL_EVENTS
        for kill in kills(self._written):
            mutant, *more = kill.mutants
            kind = "group" if mutant.operator in (RuleOperator.GROUP, RuleOperator.SUPPRESSION) else "boundary"
            why = kill_sentence(kill.change, mutant.what, len(more) if kill.is_of_many else 0)
            yield from self._kept(self._case(kill.event_set, kind, uncapitalized(kill.change), why))

    def case_of(self, event_set: EventSet) -> Case | None:
        """The case of an event set that raises an alert."""
        return self._case(event_set, "positive", "every condition", positive_sentence((), ()))

    def _kept(self, case: Case | None, atoms: Sequence[Atom] = ()) -> Iterator[Case]:
        if case is None:
            self.left_out.update(atoms)
        else:
            yield case

    def _case(self, event_set: EventSet, kind: str, shows: str, why: str) -> Case | None:
        """The case, unless the run of the rule is of another opinion or there would be too many events."""
        is_first = kind == "positive" and not self._written
        if self._events + len(event_set.candidates) > self._most and not is_first:
            return None
        if self.seed is not None:
            why = f"{why} Made from the case `{self.seed.name}`, which was written by hand."
        asked = {*self.positives.builder.view.read, self._override}
        documents = tuple(trimmed([event.document for event in self.positives.bench.events(event_set)], asked))
        lookups = self.positives.bench.lookups(event_set)
        case = Case(name="", events=documents, alerts=(), why=why, answers=event_set.answers, lookups=lookups)
        case = replace(case, alerts=self._runner.alerts(case))
        if kind in ("positive", "near-miss") and case.is_positive != (kind == "positive"):
            return None
        self._events += len(documents)
        self._written.append(event_set)
        return named(kind, shows, case)
