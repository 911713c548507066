"""What was shown of the conditions of a rule: populations that alert because of one, and that one alone keeps quiet."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rulewright_engine.esql.analysis.plan import Filter
from rulewright_engine.solver import LeafOutcome, Outcome
from rulewright_generators.cases.esql.events.event_set import Population
from rulewright_generators.cases.esql.events.positives import Positives
from rulewright_generators.cases.esql.plan.conditions import Atom

__all__ = ["MAX_ROWS_RUN", "Miss", "Proofs", "Proven"]

_EXPLAINED = (Outcome.REDUNDANT, Outcome.IMPOSSIBLE, Outcome.COUPLED)

MAX_ROWS_RUN = 30_000
"""Rows that may be run for one rule while conditions are flipped."""


@dataclass(slots=True)
class Proven:
    """A population that alerts, and the conditions without which it would not."""

    population: Population
    atoms: list[Atom] = field(default_factory=list)


@dataclass(slots=True)
class Miss:
    """A population that does not alert, what was changed for that, and the conditions that each would bring it back."""

    population: Population
    change: str
    atoms: list[Atom] = field(default_factory=list)


class Proofs:
    """What was shown of which condition. `unheld` and `unmissed` are those that lack an alert, or a near miss."""

    def __init__(self, positives: Positives, atoms: Iterable[Atom], base: Population) -> None:
        self.positives = positives
        self.bench = positives.bench
        self.base = base
        self.unheld = dict.fromkeys(atoms)
        self.unmissed = dict.fromkeys(atoms)
        self.siblings: dict[int, list[Atom]] = {}
        for atom in self.unheld:
            for place in atom.places:
                self.siblings.setdefault(id(place.node), []).append(atom)
        self._by_text: dict[str, list[Atom]] = {}
        for atom in self.unheld:
            for text in atom.texts:
                self._by_text.setdefault(text, []).append(atom)
        self.holders: dict[Atom, Population] = {}
        self.outcomes: dict[Atom, LeafOutcome] = {}
        self.proven = {base.key: Proven(base)}
        self.misses: dict[tuple[object, ...], Miss] = {}
        self._before = self.bench.judge.spent
        self.hold(base, self.unheld)

    @property
    def spent(self) -> int:
        return self.bench.judge.spent - self._before

    @property
    def is_exhausted(self) -> bool:
        return self.spent > MAX_ROWS_RUN

    def hold(self, population: Population, atoms: Iterable[Atom]) -> bool:
        """Note the conditions on which a population's alert hangs; whether there is news."""
        found = [atom for atom in atoms if atom in self.unheld and self.bench.decides(atom, population, fired=True)]
        if found:
            self.proven.setdefault(population.key, Proven(population)).atoms += found
        for atom in found:
            del self.unheld[atom]
            self.holders[atom] = population
        return bool(found)

    def miss(self, population: Population, change: str, atoms: Iterable[Atom]) -> None:
        """Note the conditions that keep a population quiet."""
        found = [atom for atom in atoms if atom in self.unmissed and self.bench.decides(atom, population, fired=False)]
        if found:
            self.misses.setdefault(population.key, Miss(population, change)).atoms += found
        for atom in found:
            del self.unmissed[atom]

    def first_alert(self, populations: Iterable[Population], atom: Atom) -> None:
        """Note the first population whose alert hangs on a condition."""
        for population in populations:
            if self.is_exhausted or (self.bench.fires(population) and self.hold(population, [atom])):
                return

    def first_miss(self, populations: Iterable[Population], change: str, atom: Atom) -> None:
        """Note the first population that a condition keeps quiet, and for which others of the same list it does."""
        for population in populations:
            if self.is_exhausted or atom not in self.unmissed:
                return
            if not self.bench.fires(population):
                self.miss(population, change, self.siblings_of(atom))

    def take(self, population: Population, change: str, atoms: Iterable[Atom]) -> None:
        """Note whatever a population shows of the conditions, if one of them is open."""
        waiting = [atom for atom in atoms if self.is_open(atom)]
        if not waiting:
            return
        if self.bench.fires(population):
            self.hold(population, waiting)
        else:
            self.miss(population, change, waiting)

    def named(self, text: str) -> list[Atom]:
        return self._by_text.get(text, [])

    def siblings_of(self, atom: Atom) -> list[Atom]:
        """The conditions that stand in the same lists, one of which has to be true."""
        if True not in atom.wanted:
            return [atom]
        return list(dict.fromkeys(each for place in atom.places for each in self.siblings[id(place.node)]))

    def is_explained(self, atom: Atom) -> bool:
        """Whether the solver has proven that the condition cannot be flipped; it knows of WHERE alone."""
        stands_in_where = all(isinstance(self.positives.plan.steps[place.step], Filter) for place in atom.places)
        known = self.outcomes.get(atom)
        return stands_in_where and known is not None and known.outcome in _EXPLAINED

    def is_open(self, atom: Atom) -> bool:
        return atom in self.unheld or atom in self.unmissed
