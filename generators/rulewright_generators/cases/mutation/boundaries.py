"""Events just beside those that matter, for the mutants that the independence pairs let survive, and no more.

Where two events do not match and the conditions are as true of both, one can stand in for the other in a pair; so of
all events together only those stay that some mutant or some pair needs.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Field
from rulewright_engine.solver import BudgetExceeded
from rulewright_engine.solver.formula import bits_of
from rulewright_generators.cases.events.documents import Values
from rulewright_generators.cases.format.naming import plain_name
from rulewright_generators.cases.format.wording import boundary_sentence, boundary_subject
from rulewright_generators.cases.mutation.candidates import Candidate, Candidates, Pair
from rulewright_generators.cases.mutation.condition_mutants import Mutant, Mutants
from rulewright_generators.cases.mutation.minimisation import minimal_cover
from rulewright_generators.cases.mutation.operators import Operator
from rulewright_generators.cases.mutation.variations import variations

__all__ = ["kill_survivors"]

OF_VALUES = (Operator.NUMBER, Operator.BOUND, Operator.NETWORK)
"""What changes the numbers and addresses that a field's values are compared with."""

MAX_BASES = 3
"""Pairs that are varied for a mutant that changes several conditions."""


def kill_survivors(
    candidates: Candidates,
    mutants: Mutants,
    names: Sequence[str],
    pairs: Sequence[Pair | None],
    needed: Collection[str] = (),
) -> None:
    """Add the events that kill the mutants which can be killed, and drop those that nothing needs.

    `names` and `pairs` are those of the conditions, in order; an event without one of the fields in `needed` kills
    nothing.
    """
    if any(True for _ in candidates):
        _Sharpening(candidates, mutants, names, pairs, needed).run()


@dataclass(frozen=True, slots=True, eq=False)
class _Boundary:
    """An event that may join the candidates: `values` beside those of `base`, meant for `mutant`."""

    values: Values
    base: Candidate
    mutant: Mutant
    changed: frozenset[str]
    """The fields that tell it from `base`; others may follow."""


class _Sharpening:
    def __init__(
        self,
        candidates: Candidates,
        mutants: Mutants,
        names: Sequence[str],
        pairs: Sequence[Pair | None],
        needed: Collection[str],
    ) -> None:
        self._needed = needed
        self._candidates = candidates
        self._mutants = mutants
        self._names = names
        self._pairs = pairs
        self._first = list(candidates)
        self._boundaries: list[_Boundary] = []
        self._truths: list[int] = []
        self._kills = [0] * len(mutants.all)
        self._measure([Event(candidate.document) for candidate in self._first])

    def run(self) -> None:
        self._consider([boundary for mutant in self._surviving() for boundary in self._adjacent(mutant)])
        self._consider([boundary for mutant in self._surviving() for boundary in self._solved(mutant)])
        while True:
            taken = minimal_cover([*self._kills, *self._roles()])
            unconfirmed = self._make_documents(taken)
            if not unconfirmed:
                break
            self._kills = [killers & ~unconfirmed for killers in self._kills]
        self._keep(taken)

    def _surviving(self) -> list[Mutant]:
        return [mutant for mutant, killers in zip(self._mutants.all, self._kills, strict=True) if not killers]

    def _consider(self, boundaries: list[_Boundary]) -> None:
        self._measure([self._event(boundary) for boundary in boundaries])
        self._boundaries += boundaries

    def _measure(self, events: list[Event]) -> None:
        known = len(self._truths)
        truths = [self._mutants.solver.truth(event) for event in events]
        counts = sum(1 << index for index, event in enumerate(events) if self._counts(event))
        killers = [killed & counts for killed in self._mutants.kills(events, truths)]
        self._kills = [before | more << known for before, more in zip(self._kills, killers, strict=True)]
        self._truths += truths

    def _counts(self, event: Event) -> bool:
        read = {field.name for field in self._mutants.solver.fields} if self._needed else ()
        return all(event.raw(name) for name in self._needed if name in read)

    def _event(self, boundary: _Boundary) -> Event:
        if self._mutants.solver.formula.nested:  # objects in an array show only in a document
            return Event(self._candidates.document(boundary.values, boundary.base))
        return Event(boundary.values)

    # Candidates

    def _adjacent(self, mutant: Mutant) -> Iterator[_Boundary]:
        """The events of the pairs of the changed conditions, with other values of their fields."""
        varied = 0
        for position in mutant.conditions:
            pair = self._pairs[position]
            found = list(self._of_pair(mutant, position, pair)) if pair is not None else []
            yield from found
            varied += bool(found)
            if varied == MAX_BASES:
                return

    def _of_pair(self, mutant: Mutant, position: int, pair: Pair) -> Iterator[_Boundary]:
        operator = mutant.change.operator
        leaf = self._mutants.solver.formula.occurrences[position].leaf
        base = pair.matching if operator is Operator.MISSING else pair.holding
        check = compile_condition(leaf)
        if operator in OF_VALUES and not isinstance(leaf.value, Field):  # a length, say: its bounds are no values
            return
        for read in leaf.value.fields():
            held = base.values[read.name]
            met = [check(Event({**base.values, read.name: (value,)})) for value in held]
            for other in variations(operator, leaf.test, held, met):
                yield _Boundary({**base.values, read.name: other}, base, mutant, frozenset({read.name}))

    def _solved(self, mutant: Mutant) -> Iterator[_Boundary]:
        """What the solver finds."""
        pair = next((pair for position in mutant.conditions if (pair := self._pairs[position]) is not None), None)
        base = pair.holding if pair else self._first[0]
        with suppress(BudgetExceeded):
            found = self._mutants.witness(mutant, base.values)
            if found is not None:
                changed = frozenset(name for name, held in found.items() if held != base.values.get(name, ()))
                yield _Boundary(dict(found), base, mutant, changed)

    # Selection

    def _roles(self) -> Iterator[int]:
        """The events of the pairs that match; for one that does not, the events of which the conditions are as true."""
        truths = self._own_truths()
        roles: dict[int, int] = {}
        for position, truth in enumerate(truths):
            roles[truth] = roles.get(truth, 0) | 1 << position
        for position, candidate in enumerate(self._first):
            yield 1 << position if candidate.matches else roles[truths[position]]

    def _own_truths(self) -> list[int]:
        own = (1 << len({occurrence.atom for occurrence in self._mutants.solver.formula.occurrences})) - 1
        return [truth & own for truth in self._truths]

    @property
    def _of_pairs(self) -> int:
        return (1 << len(self._first)) - 1

    def _make_documents(self, taken: int) -> int:
        """Make documents of the candidates that are taken; those are returned that it does not become."""
        unconfirmed = 0
        for position in bits_of(taken & ~self._of_pairs):
            at = position - len(self._first)
            boundary = self._boundaries[at] = self._plausible(self._boundaries[at])
            matches = self._mutants.solver.matches(self._event(boundary))
            candidate = self._candidates.add(boundary.values, matches=matches, base=boundary.base)
            if candidate is None or self._mutants.solver.truth(Event(candidate.document)) != self._truths[position]:
                unconfirmed |= 1 << position
        return unconfirmed

    def _plausible(self, boundary: _Boundary) -> _Boundary:
        """The candidate with what follows from its change, as far as this decides nothing."""
        changed, same = boundary.changed, self._mutants.solver.same
        return replace(boundary, values=self._candidates.writer.following(boundary.values, changed, same))

    def _keep(self, taken: int) -> None:
        """Let only the candidates stay that are taken, each with its reason and what it takes over from others."""
        stays = {position: self._candidate_at(position) for position in bits_of(taken)}
        truths = self._own_truths()
        of_truth = {truths[position]: candidate for position, candidate in reversed(stays.items())}
        reasons = self._reasons(taken)
        for position, candidate in stays.items():
            if position >= len(self._first):
                self._explain(candidate, self._boundaries[position - len(self._first)], reasons.get(position, []))
        for position, candidate in enumerate(self._first):
            if position not in stays:
                of_truth[truths[position]].take_over(candidate)
        positions = {name: position for position, name in enumerate(self._names)}
        self._candidates.keep(
            sorted(
                stays.values(), key=lambda candidate: min(map(positions.__getitem__, candidate.conditions), default=0)
            )
        )

    def _candidate_at(self, position: int) -> Candidate:
        if position < len(self._first):
            return self._first[position]
        return self._candidates.known(self._boundaries[position - len(self._first)].values)

    def _reasons(self, taken: int) -> dict[int, list[Mutant]]:
        """For each event the mutants that it alone kills."""
        reasons: dict[int, list[Mutant]] = {}
        for mutant, killers in zip(self._mutants.all, self._kills, strict=True):
            met = killers & taken
            if met.bit_count() == 1:
                reasons.setdefault(met.bit_length() - 1, []).append(mutant)
        return reasons

    def _explain(self, candidate: Candidate, boundary: _Boundary, reasons: Sequence[Mutant]) -> None:
        reason = boundary.mutant if boundary.mutant in reasons else next(iter(reasons), None)
        what = reason.change.what if reason else ""
        before = {name: held for name, held in boundary.base.values.items() if name in boundary.changed}
        name, dates = self._names[(reason or boundary.mutant).conditions[0]], self._candidates.writer.dates
        candidate.why = boundary_sentence(before, boundary.values, what, dates)
        candidate.shows = boundary_subject(plain_name(name), before, boundary.values, dates)
        candidate.name_condition(name)
