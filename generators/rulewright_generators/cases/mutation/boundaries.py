"""Events just beside those that matter, for the mutants that the pairs of the leaves leave alive, and no event more.

Where two events do not match and the leaves are as true of both, one can stand in for the other in a pair; so of all
events together only those stay that some mutant or some pair needs.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Field
from rulewright_engine.solver import Exhausted
from rulewright_engine.solver.formula import bits_of
from rulewright_generators.cases.events.documents import Values
from rulewright_generators.cases.format.wording import boundary_sentence
from rulewright_generators.cases.mutation.candidates import Draft, Drafts, Pair
from rulewright_generators.cases.mutation.condition_mutants import Mutant, Mutants
from rulewright_generators.cases.mutation.minimisation import few
from rulewright_generators.cases.mutation.operators import Operator
from rulewright_generators.cases.mutation.variations import variations

__all__ = ["sharpen"]

OF_VALUES = (Operator.NUMBER, Operator.BOUND, Operator.NETWORK)
"""What changes the numbers and addresses that a field's values are compared with."""

MOST_BASES = 3
"""Pairs that are varied for a mutant that changes several leaves."""


def sharpen(
    drafts: Drafts,
    mutants: Mutants,
    names: Sequence[str],
    pairs: Sequence[Pair | None],
    needed: Collection[str] = (),
) -> None:
    """Add the events that kill the mutants which can be killed, and drop those that nothing needs.

    `names` and `pairs` are those of the leaves, in order; an event without one of the fields in `needed` kills nothing.
    """
    if any(True for _ in drafts):
        _Sharpening(drafts, mutants, names, pairs, needed).run()


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """An event that may join the drafts: `values` beside those of `base`, meant for `mutant`."""

    values: Values
    base: Draft
    mutant: Mutant
    changed: frozenset[str]
    """The fields that tell it from `base`; others may follow."""


class _Sharpening:
    def __init__(
        self,
        drafts: Drafts,
        mutants: Mutants,
        names: Sequence[str],
        pairs: Sequence[Pair | None],
        needed: Collection[str],
    ) -> None:
        self._needed = needed
        self._drafts = drafts
        self._mutants = mutants
        self._names = names
        self._pairs = pairs
        self._first = list(drafts)
        self._candidates: list[_Candidate] = []
        self._truths: list[int] = []
        self._kills = [0] * len(mutants.all)
        self._judge([Event(draft.document) for draft in self._first])

    def run(self) -> None:
        self._consider([candidate for mutant in self._alive() for candidate in self._beside(mutant)])
        self._consider([candidate for mutant in self._alive() for candidate in self._solved(mutant)])
        while True:
            taken = few([*self._kills, *self._roles()])
            unconfirmed = self._draft(taken)
            if not unconfirmed:
                break
            self._kills = [killers & ~unconfirmed for killers in self._kills]
        self._keep(taken)

    def _alive(self) -> list[Mutant]:
        return [mutant for mutant, killers in zip(self._mutants.all, self._kills, strict=True) if not killers]

    def _consider(self, candidates: list[_Candidate]) -> None:
        self._judge([self._event(candidate) for candidate in candidates])
        self._candidates += candidates

    def _judge(self, events: list[Event]) -> None:
        known = len(self._truths)
        truths = [self._mutants.solver.truth(event) for event in events]
        counts = sum(1 << place for place, event in enumerate(events) if self._counts(event))
        killers = [killed & counts for killed in self._mutants.kills(events, truths)]
        self._kills = [before | more << known for before, more in zip(self._kills, killers, strict=True)]
        self._truths += truths

    def _counts(self, event: Event) -> bool:
        read = {field.name for field in self._mutants.solver.fields} if self._needed else ()
        return all(event.raw(name) for name in self._needed if name in read)

    def _event(self, candidate: _Candidate) -> Event:
        if self._mutants.solver.formula.nested:  # objects in an array show only in a document
            return Event(self._drafts.document(candidate.values, candidate.base))
        return Event(candidate.values)

    # Candidates

    def _beside(self, mutant: Mutant) -> Iterator[_Candidate]:
        """The events of the pairs of the changed leaves, with other values of their fields."""
        varied = 0
        for position in mutant.leaves:
            pair = self._pairs[position]
            found = list(self._of_pair(mutant, position, pair)) if pair is not None else []
            yield from found
            varied += bool(found)
            if varied == MOST_BASES:
                return

    def _of_pair(self, mutant: Mutant, position: int, pair: Pair) -> Iterator[_Candidate]:
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
                yield _Candidate({**base.values, read.name: other}, base, mutant, frozenset({read.name}))

    def _solved(self, mutant: Mutant) -> Iterator[_Candidate]:
        """What the solver finds."""
        pair = next((pair for position in mutant.leaves if (pair := self._pairs[position]) is not None), None)
        base = pair.holding if pair else self._first[0]
        with suppress(Exhausted):
            found = self._mutants.witness(mutant, base.values)
            if found is not None:
                changed = frozenset(name for name, held in found.items() if held != base.values.get(name, ()))
                yield _Candidate(dict(found), base, mutant, changed)

    # Selection

    def _roles(self) -> Iterator[int]:
        """The events of the pairs that match; for one that does not, the events of which the leaves are as true."""
        truths = self._own_truths()
        roles: dict[int, int] = {}
        for position, truth in enumerate(truths):
            roles[truth] = roles.get(truth, 0) | 1 << position
        for position, draft in enumerate(self._first):
            yield 1 << position if draft.matches else roles[truths[position]]

    def _own_truths(self) -> list[int]:
        own = (1 << len({occurrence.atom for occurrence in self._mutants.solver.formula.occurrences})) - 1
        return [truth & own for truth in self._truths]

    @property
    def _of_pairs(self) -> int:
        return (1 << len(self._first)) - 1

    def _draft(self, taken: int) -> int:
        """Make documents of the candidates that are taken; those are returned that it does not become."""
        unconfirmed = 0
        for position in bits_of(taken & ~self._of_pairs):
            at = position - len(self._first)
            candidate = self._candidates[at] = self._believable(self._candidates[at])
            matches = self._mutants.solver.matches(self._event(candidate))
            draft = self._drafts.add(candidate.values, matches=matches, beside=candidate.base)
            if draft is None or self._mutants.solver.truth(Event(draft.document)) != self._truths[position]:
                unconfirmed |= 1 << position
        return unconfirmed

    def _believable(self, candidate: _Candidate) -> _Candidate:
        """The candidate with what follows from its change, as far as this decides nothing."""
        changed, same = candidate.changed, self._mutants.solver.same
        return replace(candidate, values=self._drafts.writer.following(candidate.values, changed, same))

    def _keep(self, taken: int) -> None:
        """Let only those drafts stay that are taken, each with its reason and with what it takes over from others."""
        stays = {position: self._draft_at(position) for position in bits_of(taken)}
        truths = self._own_truths()
        of_truth = {truths[position]: draft for position, draft in reversed(stays.items())}
        reasons = self._reasons(taken)
        for position, draft in stays.items():
            if position >= len(self._first):
                self._explain(draft, self._candidates[position - len(self._first)], reasons.get(position, []))
        for position, draft in enumerate(self._first):
            if position not in stays:
                of_truth[truths[position]].take_over(draft)
        positions = {name: position for position, name in enumerate(self._names)}
        self._drafts.keep(
            sorted(stays.values(), key=lambda draft: min(map(positions.__getitem__, draft.leaves), default=0))
        )

    def _draft_at(self, position: int) -> Draft:
        if position < len(self._first):
            return self._first[position]
        return self._drafts.known(self._candidates[position - len(self._first)].values)

    def _reasons(self, taken: int) -> dict[int, list[Mutant]]:
        """For each event the mutants that it alone kills."""
        reasons: dict[int, list[Mutant]] = {}
        for mutant, killers in zip(self._mutants.all, self._kills, strict=True):
            met = killers & taken
            if met.bit_count() == 1:
                reasons.setdefault(met.bit_length() - 1, []).append(mutant)
        return reasons

    def _explain(self, draft: Draft, candidate: _Candidate, reasons: Sequence[Mutant]) -> None:
        reason = candidate.mutant if candidate.mutant in reasons else next(iter(reasons), None)
        what = reason.change.what if reason else ""
        before = {name: held for name, held in candidate.base.values.items() if name in candidate.changed}
        draft.why = boundary_sentence(before, candidate.values, what, self._drafts.writer.dates)
        draft.name_leaf(self._names[(reason or candidate.mutant).leaves[0]])
