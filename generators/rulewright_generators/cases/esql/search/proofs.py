"""What was shown of the conditions of a rule: event sets that alert because of one, and that one alone keeps quiet."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rulewright_engine.esql.analysis.plan import Filter
from rulewright_engine.solver import ConditionOutcome, Outcome
from rulewright_generators.cases.esql.events.event_set import EventSet
from rulewright_generators.cases.esql.events.positives import Positives
from rulewright_generators.cases.esql.plan.conditions import Atom

__all__ = ["MAX_ROWS_RUN", "Miss", "Proofs", "Proven"]

_EXPLAINED = (Outcome.REDUNDANT, Outcome.IMPOSSIBLE, Outcome.COUPLED)

MAX_ROWS_RUN = 30_000
"""Rows that may be run for one rule while conditions are flipped."""


@dataclass(slots=True)
class Proven:
    """An event set that alerts, and the conditions without which it would not."""

    event_set: EventSet
    atoms: list[Atom] = field(default_factory=list)


@dataclass(slots=True)
class Miss:
    """An event set that does not alert, what was changed for that, and the conditions that each would bring it back."""

    event_set: EventSet
    change: str
    atoms: list[Atom] = field(default_factory=list)


class Proofs:
    """What was shown of which condition. `unheld` and `unmissed` are those that lack an alert, or a near miss.

    `holders` and `keepers` are the event sets that alert because of a condition, and that one keeps quiet.
    """

    def __init__(self, positives: Positives, atoms: Iterable[Atom], base: EventSet) -> None:
        self.positives = positives
        self.bench = positives.bench
        self.base = base
        self.atoms = tuple(atoms)
        self.unheld = dict.fromkeys(self.atoms)
        self.unmissed = dict.fromkeys(self.atoms)
        self.siblings: dict[int, list[Atom]] = {}
        for atom in self.unheld:
            for occurrence in atom.occurrences:
                self.siblings.setdefault(id(occurrence.node), []).append(atom)
        self._by_text: dict[str, list[Atom]] = {}
        for atom in self.unheld:
            for text in atom.texts:
                self._by_text.setdefault(text, []).append(atom)
        self.holders: dict[Atom, EventSet] = {}
        self.keepers: dict[Atom, EventSet] = {}
        self.outcomes: dict[Atom, ConditionOutcome] = {}
        self.proven = {base.key: Proven(base)}
        self.misses: dict[tuple[object, ...], Miss] = {}
        self._before = self.bench.oracle.spent
        self.hold(base, self.unheld)

    @property
    def spent(self) -> int:
        return self.bench.oracle.spent - self._before

    @property
    def is_exhausted(self) -> bool:
        return self.spent > MAX_ROWS_RUN

    def hold(self, event_set: EventSet, atoms: Iterable[Atom]) -> bool:
        """Note the conditions on which the alert of an event set depends; whether there is news."""
        found = [atom for atom in atoms if atom in self.unheld and self.bench.decides(atom, event_set, fired=True)]
        if found:
            self.proven.setdefault(event_set.key, Proven(event_set)).atoms += found
        for atom in found:
            del self.unheld[atom]
            self.holders[atom] = event_set
        return bool(found)

    def miss(self, event_set: EventSet, change: str, atoms: Iterable[Atom]) -> None:
        """Note the conditions that keep an event set quiet."""
        found = [atom for atom in atoms if atom in self.unmissed and self.bench.decides(atom, event_set, fired=False)]
        if found:
            self.misses.setdefault(event_set.key, Miss(event_set, change)).atoms += found
        for atom in found:
            del self.unmissed[atom]
            self.keepers[atom] = event_set

    def first_alert(self, event_sets: Iterable[EventSet], atom: Atom) -> None:
        """Note the first event set whose alert depends on a condition."""
        for event_set in event_sets:
            if self.is_exhausted or (self.bench.fires(event_set) and self.hold(event_set, [atom])):
                return

    def first_miss(self, event_sets: Iterable[EventSet], change: str, atom: Atom) -> None:
        """Note the first event set that a condition keeps quiet, and for which others of the same list it does."""
        for event_set in event_sets:
            if self.is_exhausted or atom not in self.unmissed:
                return
            if not self.bench.fires(event_set):
                self.miss(event_set, change, self.siblings_of(atom))

    def take(self, event_set: EventSet, change: str, atoms: Iterable[Atom]) -> None:
        """Note whatever an event set shows of the conditions, if one of them is open."""
        waiting = [atom for atom in atoms if self.is_open(atom)]
        if not waiting:
            return
        if self.bench.fires(event_set):
            self.hold(event_set, waiting)
        else:
            self.miss(event_set, change, waiting)

    def named(self, text: str) -> list[Atom]:
        return self._by_text.get(text, [])

    def siblings_of(self, atom: Atom) -> list[Atom]:
        """The conditions that stand in the same lists, one of which has to be true."""
        if True not in atom.wanted:
            return [atom]
        return list(
            dict.fromkeys(each for occurrence in atom.occurrences for each in self.siblings[id(occurrence.node)])
        )

    def is_explained(self, atom: Atom) -> bool:
        """Whether the solver has proven that the condition cannot be flipped; it knows of WHERE alone."""
        stands_in_where = all(
            isinstance(self.positives.plan.steps[occurrence.step], Filter) for occurrence in atom.occurrences
        )
        known = self.outcomes.get(atom)
        return stands_in_where and known is not None and known.outcome in _EXPLAINED

    def is_open(self, atom: Atom) -> bool:
        return atom in self.unheld or atom in self.unmissed
