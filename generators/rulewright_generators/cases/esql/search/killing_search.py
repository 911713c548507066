"""Populations for the mutants that those of the proofs leave alive: the smallest change that tells them apart."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from rulewright_engine.ir.expression import (
    Condition,
    Equals,
    Leaf,
)
from rulewright_engine.rules import CompiledRule
from rulewright_generators.cases.esql.events.event_builder import Draft, Overlay, with_values
from rulewright_generators.cases.esql.events.event_set import Population
from rulewright_generators.cases.esql.events.lowering import all_of
from rulewright_generators.cases.esql.events.positives import Positives
from rulewright_generators.cases.esql.events.timing import lengths_of, stretched
from rulewright_generators.cases.esql.mutation.equivalence import differing, unequal
from rulewright_generators.cases.esql.mutation.kill_matrix import Runs, Scene, alive
from rulewright_generators.cases.esql.mutation.mutants import Mutant
from rulewright_generators.cases.esql.plan.backward_slice import deciding_fields
from rulewright_generators.cases.esql.plan.column_lineage import raw_fields
from rulewright_generators.cases.esql.search.edits import changed_fields, edits, overlaid
from rulewright_generators.cases.esql.search.group_pairs import groupings
from rulewright_generators.cases.esql.search.near_misses import bounds_of
from rulewright_generators.cases.esql.search.proofs import Proofs
from rulewright_generators.cases.esql.search.seed_values import probes
from rulewright_generators.cases.format.wording import change_of

__all__ = ["Kill", "hunt"]

BUDGET = 60_000
"""Events that may be run for one rule while its mutants are hunted."""

PATIENCE = 40_000
"""Leaves of all conditions together that the solver is asked about for one rule."""

CROWD = 8
"""Events of an alert from which on mutants are not hunted one by one: each would need all of the events again."""

MOST_BESIDE = 40

MOST_TRIES = 4
"""Populations that are tried for each solution of the conditions behind STATS."""


@dataclass(slots=True)
class Kill:
    """A population, what was changed for it, and the mutants that it kills and nothing before it did.

    `is_of_many`: it was made for all of them, not for the first.
    """

    population: Population
    change: str
    mutants: list[Mutant]
    is_of_many: bool = False


def hunt(compiled: CompiledRule, proofs: Proofs, shown: Sequence[Population]) -> list[Kill]:
    """Populations for the mutants that those already `shown` do not kill."""
    return _Hunt(compiled, proofs, shown).kills()


class _Hunt:
    def __init__(self, compiled: CompiledRule, proofs: Proofs, shown: Sequence[Population]) -> None:
        self._rule = compiled.rule
        self._proofs = proofs
        self._positives: Positives = proofs.positives
        self._runs = Runs(compiled, self._positives.plan)
        self._scenes: dict[tuple[object, ...], Scene] = {}
        self._found: list[Kill] = []
        self._patience = PATIENCE
        base = proofs.base
        self._last = base.start + (len(base.drafts) - 1) * base.step  # when the last event of the base happens
        self._live = alive(self._runs, [self._scene(population) for population in shown])
        self._runs.spent = 0

    def kills(self) -> list[Kill]:
        base = self._proofs.base
        if len(base.drafts) >= CROWD:
            self._beside()
        for population, change in groupings(self._positives, base, self._rule):
            self._take(population, change, [mutant for mutant in self._live if mutant.node is None])
        for mutant in list(self._live):
            if mutant in self._live and mutant.node is not None and not self._is_exhausted:
                self._pursue(mutant)
        for edit in edits(base, deciding_fields(self._positives.plan), bounds_of(self._positives)):
            if self._is_exhausted or not self._live:
                break
            self._take(edit.population, edit.change, list(self._live))
        return self._found

    @property
    def _is_exhausted(self) -> bool:
        return self._runs.spent > BUDGET

    def _scene(self, population: Population) -> Scene:
        """What happens over a population; others that hold the same have the same scene."""
        key = population.key
        if key not in self._scenes:
            self._scenes[key] = self._runs.scene(self._positives.bench.events(population), population.answers)
        return self._scenes[key]

    def _take(
        self, population: Population, change: str, mutants: Sequence[Mutant], wanted: Mutant | None = None
    ) -> bool:
        """Note the mutants that a population kills, if it kills the one that is wanted; whether there are any."""
        if self._is_exhausted or not mutants:
            return False
        scene = self._scene(population)
        if wanted is not None and not self._runs.kills(scene, wanted):
            return False
        killed = [mutant for mutant in mutants if mutant is wanted or self._runs.kills(scene, mutant)]
        if killed:
            self._found.append(Kill(population, change, killed))
        for mutant in killed:
            del self._live[mutant]
        return bool(killed)

    def _beside(self) -> None:
        """Beside the many events of an alert, for each mutant one that it alone takes in or leaves out."""
        base = self._proofs.base
        variants = {
            mutant: replace(with_values(draft, overlay), instant=self._last)
            for mutant in self._live
            if mutant.segment == 0 and mutant.node is not None
            for draft, overlay, _ in self._variants(mutant)
        }
        drafts = list(variants.values())
        for first in range(0, len(drafts), MOST_BESIDE):
            beside = drafts[first : first + MOST_BESIDE]
            change = f"beside the alert's events stand {len(beside)} with one other value each"
            if self._take(replace(base, drafts=(*base.drafts, *beside)), change, list(self._live)):
                self._found[-1].is_of_many = True

    # One mutant

    def _pursue(self, mutant: Mutant) -> None:
        """Try what the solver says of events to which the mutant gives another truth."""
        for population, change in self._candidates(mutant):
            if self._is_exhausted or self._take(population, change, list(self._live), mutant):
                return

    def _candidates(self, mutant: Mutant) -> Iterator[tuple[Population, str]]:
        base = self._proofs.base
        if mutant.segment > 0:
            for condition in differing(self._positives, mutant, self._positives.whole) or ():
                targets = self._positives.maker.solve(condition)
                if targets is not None:
                    found = list(islice(self._positives.populations(targets), MOST_TRIES))
                    yield from ((population, "the events are other ones") for population in found)
                    for length in lengths_of(self._positives.lowering, targets):
                        yield from (stretched(self._positives.plan, each, length) for each in (base, *found[:1]))
            return
        for draft, overlay, places in self._variants(mutant):
            change = change_of({name: draft.values.get(name, ()) for name in overlay}, overlay)
            for population in overlaid(base, overlay, places):
                yield population, change
            if len(base.drafts) > 1:
                beside = replace(with_values(draft, overlay), instant=self._last)
                yield replace(base, drafts=(*base.drafts, beside)), f"one event more, of which {change}"

    def _variants(self, mutant: Mutant) -> Iterator[tuple[Draft, Overlay, Sequence[int]]]:
        """For events of each kind, what they have to hold instead for the mutant to judge them otherwise."""
        base = self._proofs.base
        every = range(len(base.drafts))
        names = self._read(mutant)
        for held in probes(mutant) if len(names) == 1 else ():
            yield base.drafts[0], {names[0]: held}, every
        for condition, places in base.kinds():
            for wanted in differing(self._positives, mutant, condition) or ():
                yield from self._variant(mutant, wanted, places)
        if len(base.drafts) > 1:
            for wanted in unequal(self._positives, mutant):
                yield from self._variant(mutant, wanted, every)

    def _variant(
        self, mutant: Mutant, wanted: Condition, places: Sequence[int]
    ) -> Iterator[tuple[Draft, Overlay, Sequence[int]]]:
        self._patience -= sum(1 for _ in wanted.leaves())
        draft = self._proofs.base.drafts[places[0]]
        overlay = self._overlay(draft, wanted, self._free(mutant)) if self._patience > 0 else {}
        if overlay:
            yield draft, overlay, places

    def _read(self, mutant: Mutant) -> list[str]:
        """The fields that a mutant's place reads."""
        assert mutant.node is not None  # Invariant: `kills` sees to it
        return raw_fields(self._positives.view, mutant.node, mutant.segment)

    def _free(self, mutant: Mutant) -> frozenset[str]:
        """The fields that a mutant's place reads, and the stand-ins for what is made of them."""
        assert mutant.node is not None  # Invariant: `kills` sees to it
        condition = self._positives.lowering.true(mutant.node, mutant.segment)
        asked = (read.name for read in condition.fields())
        return frozenset((*asked, *self._read(mutant)))

    def _overlay(self, draft: Draft, condition: Condition, free: Collection[str]) -> Overlay:
        """What the fields `free` have to hold instead; all fields, if they alone cannot bring it about."""
        maker = self._positives.maker
        if maker.refuses(condition):
            return {}
        pins = [
            Leaf(read, Equals(values[0]), "")
            for read in dict.fromkeys(read for read in condition.fields())
            if read.name not in free and len(values := draft.values.get(read.name, ())) == 1 and values[0] is not None
        ]
        solved = maker.solve(all_of([condition, *pins])) or maker.solve(condition)
        if solved is None:
            return {}
        made = maker.draft(solved, self._positives.later)
        return changed_fields(draft.values, made.values, made.decided)
