"""Event sets for the mutants that those of the proofs let survive: the smallest change that tells them apart."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from rulewright_engine.ir.expression import (
    Condition,
    Equals,
    Leaf,
)
from rulewright_engine.rules import CompiledRule
from rulewright_generators.cases.esql.events.event_builder import Candidate, FieldPatch, with_values
from rulewright_generators.cases.esql.events.event_set import EventSet
from rulewright_generators.cases.esql.events.lowering import all_of
from rulewright_generators.cases.esql.events.positives import MAX_POPULATIONS, Positives
from rulewright_generators.cases.esql.events.timing import lengths_of, stretched
from rulewright_generators.cases.esql.mutation.equivalence import differing, unequal
from rulewright_generators.cases.esql.mutation.kill_matrix import ObservedRun, Runs, surviving
from rulewright_generators.cases.esql.mutation.mutants import Mutant
from rulewright_generators.cases.esql.plan.backward_slice import deciding_fields
from rulewright_generators.cases.esql.plan.column_lineage import raw_fields
from rulewright_generators.cases.esql.search.edits import changed_fields, edits, patched
from rulewright_generators.cases.esql.search.goals import Goals
from rulewright_generators.cases.esql.search.group_pairs import groupings
from rulewright_generators.cases.esql.search.guided_search import Effort, GuidedSearch
from rulewright_generators.cases.esql.search.near_misses import bounds_of
from rulewright_generators.cases.esql.search.proofs import Proofs
from rulewright_generators.cases.esql.search.seed_values import seed_values
from rulewright_generators.cases.format.wording import change_of

__all__ = ["Kill", "search_kills"]

MAX_EVENTS_RUN = 60_000
"""Events that may be run for one rule while its mutants are hunted."""

MAX_CONDITIONS_ASKED = 40_000
"""Atomic conditions together that the solver is asked about for one rule."""

EFFORT = Effort(cost=8_000, cost_of_one=1_500, runs=10, failures=2, tries=40)

MAX_SEEDS = 3
"""Event sets near which one mutant is hunted."""

CROWD = 8
"""Events of an alert from which on mutants are not hunted one by one: each would need all of the events again."""

MAX_EVENTS_BESIDE = 40
"""Varied events that are put beside those of an alert at once."""


@dataclass(slots=True)
class Kill:
    """An event set, what was changed for it, and the mutants that it kills and nothing before it did.

    `is_of_many`: it was made for all of them, not for the first.
    """

    event_set: EventSet
    change: str
    mutants: list[Mutant]
    is_of_many: bool = False


def search_kills(compiled: CompiledRule, proofs: Proofs, shown: Sequence[EventSet]) -> list[Kill]:
    """Event sets for the mutants that those already `shown` do not kill."""
    return _KillSearch(compiled, proofs, shown).kills()


class _KillSearch:
    def __init__(self, compiled: CompiledRule, proofs: Proofs, shown: Sequence[EventSet]) -> None:
        self._rule = compiled.rule
        self._proofs = proofs
        self._positives: Positives = proofs.positives
        self._runs = Runs(compiled, self._positives.plan)
        self._observed: dict[tuple[object, ...], ObservedRun] = {}
        self._found: list[Kill] = []
        self._patience = MAX_CONDITIONS_ASKED
        base = proofs.base
        self._last = base.start + (len(base.candidates) - 1) * base.step  # when the last event of the base happens
        self._surviving = surviving(self._runs, [self._observe(event_set) for event_set in shown])
        self._runs.spent = 0

    def kills(self) -> list[Kill]:
        base = self._proofs.base
        if len(base.candidates) >= CROWD:
            self._adjacent()
        for event_set, change in groupings(self._positives, base, self._rule):
            self._take(event_set, change, [mutant for mutant in self._surviving if mutant.node is None])
        for mutant in list(self._surviving):
            if mutant in self._surviving and mutant.node is not None and not self._is_exhausted:
                self._pursue(mutant)
        for edit in edits(base, deciding_fields(self._positives.plan), bounds_of(self._positives)):
            if self._is_exhausted or not self._surviving:
                break
            self._take(edit.event_set, edit.change, list(self._surviving))
        self._climb()
        return self._found

    @property
    def _is_exhausted(self) -> bool:
        return self._runs.spent > MAX_EVENTS_RUN

    def _observe(self, event_set: EventSet) -> ObservedRun:
        """What happens over an event set; others that hold the same have the same key."""
        key = event_set.key
        if key not in self._observed:
            bench = self._positives.bench
            self._observed[key] = self._runs.observed(bench.events(event_set), bench.outside(event_set))
        return self._observed[key]

    def _take(self, event_set: EventSet, change: str, mutants: Sequence[Mutant], wanted: Mutant | None = None) -> bool:
        """Note the mutants that an event set kills, if it kills the one that is wanted; whether there are any."""
        if self._is_exhausted or not mutants:
            return False
        observed = self._observe(event_set)
        if wanted is not None and not self._runs.kills(observed, wanted):
            return False
        killed = [mutant for mutant in mutants if mutant is wanted or self._runs.kills(observed, mutant)]
        if killed:
            self._found.append(Kill(event_set, change, killed))
        for mutant in killed:
            del self._surviving[mutant]
        return bool(killed)

    def _adjacent(self) -> None:
        """Beside the many events of an alert, for each mutant one that it alone takes in or leaves out."""
        base = self._proofs.base
        variants = {
            mutant: replace(with_values(candidate, patch), instant=self._last)
            for mutant in self._surviving
            if mutant.segment == 0 and mutant.node is not None
            for candidate, patch, _ in self._variants(mutant, base)
        }
        candidates = list(variants.values())
        for first in range(0, len(candidates), MAX_EVENTS_BESIDE):
            varied = candidates[first : first + MAX_EVENTS_BESIDE]
            change = f"beside the alert's events stand {len(varied)} with one other value each"
            if self._take(replace(base, candidates=(*base.candidates, *varied)), change, list(self._surviving)):
                self._found[-1].is_of_many = True

    # One mutant

    def _pursue(self, mutant: Mutant) -> None:
        """Try what the solver says of events to which the mutant gives another truth."""
        for event_set, change in (found for base in self._bases(mutant) for found in self._candidates(mutant, base)):
            if self._is_exhausted or self._take(event_set, change, list(self._surviving), mutant):
                return

    def _bases(self, mutant: Mutant) -> list[EventSet]:
        """The event set of the first alert, and those that hang on a condition which the mutant changes."""
        proofs = self._proofs
        below = {id(node) for node in mutant.node.walk()} if mutant.node is not None else set[int]()
        atoms = [each for each in proofs.atoms if any(id(found.node) in below for found in each.occurrences)]
        found = [known[atom] for known in (proofs.holders, proofs.keepers) for atom in atoms if atom in known]
        keyed = {event_set.key: event_set for event_set in (proofs.base, *found)}
        return list(keyed.values())[:MAX_SEEDS]

    def _candidates(self, mutant: Mutant, base: EventSet) -> Iterator[tuple[EventSet, str]]:
        if mutant.segment > 0:
            for condition in differing(self._positives, mutant, self._positives.whole) or ():
                targets = self._positives.builder.solve(condition)
                if targets is not None:
                    found = list(islice(self._positives.event_sets(targets), MAX_POPULATIONS))
                    yield from ((event_set, "the events are other ones") for event_set in found)
                    for length in lengths_of(self._positives.lowering, targets):
                        yield from (stretched(self._positives.plan, each, length) for each in (base, *found[:1]))
            return
        for candidate, patch, positions in self._variants(mutant, base):
            change = change_of({name: candidate.values.get(name, ()) for name in patch}, patch)
            for event_set in patched(base, patch, positions):
                yield event_set, change
            if len(base.candidates) > 1:
                extra = replace(with_values(candidate, patch), instant=self._last)
                yield replace(base, candidates=(*base.candidates, extra)), f"one event more, of which {change}"

    def _climb(self) -> None:
        """Search step by step for rows of which a mutant says something else."""
        goals, guided = Goals(self._positives.view), GuidedSearch(self._positives, self._proofs.atoms, EFFORT)
        for mutant in list(self._surviving):
            for objective in goals.of_mutant(mutant):
                for base in self._bases(mutant):
                    if mutant not in self._surviving or self._is_exhausted:
                        break
                    found = guided.reach(base, objective, self._seeds(mutant))
                    if found is not None:
                        self._take(found, "the events are other ones", list(self._surviving), mutant)

    def _seeds(self, mutant: Mutant) -> list[FieldPatch]:
        names = self._read(mutant) if mutant.node is not None else []
        return [{names[0]: held} for held in seed_values(mutant)] if len(names) == 1 else []

    def _variants(self, mutant: Mutant, base: EventSet) -> Iterator[tuple[Candidate, FieldPatch, Sequence[int]]]:
        """For events of each kind, what they have to hold instead for the mutant to judge them otherwise."""
        every = range(len(base.candidates))
        names = self._read(mutant)
        for held in seed_values(mutant) if len(names) == 1 else ():
            yield base.candidates[0], {names[0]: held}, every
        for condition, positions in base.kinds():
            for wanted in differing(self._positives, mutant, condition) or ():
                yield from self._variant(mutant, wanted, base, positions)
        if len(base.candidates) > 1:
            for wanted in unequal(self._positives, mutant):
                yield from self._variant(mutant, wanted, base, every)

    def _variant(
        self, mutant: Mutant, wanted: Condition, base: EventSet, positions: Sequence[int]
    ) -> Iterator[tuple[Candidate, FieldPatch, Sequence[int]]]:
        self._patience -= sum(1 for _ in wanted.leaves())
        candidate = base.candidates[positions[0]]
        patch = self._field_patch(candidate, wanted, self._free(mutant)) if self._patience > 0 else {}
        keys = {name for names in self._positives.keys for name in names if candidate.values.get(name)}
        kept = {name: values for name, values in patch.items() if name not in keys or not values}
        if kept and kept != patch:
            yield candidate, kept, positions
        if patch:
            yield candidate, patch, positions

    def _read(self, mutant: Mutant) -> list[str]:
        """The fields that a mutant's node reads."""
        assert mutant.node is not None  # Invariant: `kills` sees to it
        return raw_fields(self._positives.view, mutant.node, mutant.segment)

    def _free(self, mutant: Mutant) -> frozenset[str]:
        """The fields that a mutant's node reads, and the uninterpreted variables for what is made of them."""
        assert mutant.node is not None  # Invariant: `kills` sees to it
        condition = self._positives.lowering.true(mutant.node, mutant.segment)
        asked = (read.name for read in condition.fields())
        return frozenset((*asked, *self._read(mutant)))

    def _field_patch(self, candidate: Candidate, condition: Condition, free: Collection[str]) -> FieldPatch:
        """What the fields `free` have to hold instead; all fields, if they alone cannot bring it about."""
        builder = self._positives.builder
        if builder.refuses(condition):
            return {}
        pins = [
            Leaf(read, Equals(values[0]), "")
            for read in dict.fromkeys(read for read in condition.fields())
            if read.name not in free
            and len(values := candidate.values.get(read.name, ())) == 1
            and values[0] is not None
        ]
        solved = builder.solve(all_of([condition, *pins])) or builder.solve(condition)
        if solved is None:
            return {}
        made = builder.candidate(solved, self._positives.later)
        return changed_fields(candidate.values, made.values, made.decided)
