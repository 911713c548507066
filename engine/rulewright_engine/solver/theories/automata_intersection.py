"""Find a text that some automata accept and others reject, or prove that there is none.

The search walks the product of the automata: a state of it is one state of each, and it accepts where all required
ones do and no excluded one does.

Soundness: a text that is returned was checked by `violated`, the matcher itself. Completeness: at each state one
character of each joint class is tried, and no automaton tells characters of one class apart; a state is dropped only
if an automaton proves that nothing can follow. So a search that ends without a text has seen every reachable state,
and the intersection is empty. Excluded automata that take no part only make it smaller. Budgets cut the search short,
which proves nothing.

Two measures keep it small. An excluded automaton takes part only after a text that it accepts was found, so of a
hundred exclusions a few are ever walked (counterexample-guided refinement). And the state is expanded first that is
nearest to acceptance by what the required automata say is still missing (best-first search).
"""

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from itertools import repeat

from rulewright_engine.ir.work import spend
from rulewright_engine.values.patterns import Automaton, representatives

__all__ = ["EmptyIntersection", "IntersectionUnknown", "intersect"]

PREFERRED = "xabcdefghijklmnopqrstuvwyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_. /\\:"
"""Characters that read well, the best first."""

MAX_PRODUCT_STATES = 20_000
"""States that one question may visit."""

MAX_PRODUCT_STEPS = 200_000
"""Steps of single automata that one question may take: what a state costs grows with the conditions."""

States = tuple[int, ...]
"""One state of each automaton."""


class EmptyIntersection(Exception):
    """Proof that there is no text. `excluded` are the numbers of the excluded automata that the proof needs."""

    def __init__(self, excluded: frozenset[int]) -> None:
        super().__init__(excluded)
        self.excluded = excluded


class IntersectionUnknown(Exception):
    """Neither a text nor a proof: the budget was spent, or an automaton and its matcher disagree."""


def intersect(
    required: Sequence[Automaton],
    excluded: Callable[[int], Automaton],
    violated: Callable[[str], int | None],
    *,
    shortest: int = 0,
    budget: int = MAX_PRODUCT_STATES,
) -> str:
    """A text of at least `shortest` characters that all of `required` accept and none of the excluded automata does.

    `violated` gives the number of an excluded automaton that accepts a text, or None, and `excluded` that automaton:
    of thousands only a few are ever asked for. Raises `EmptyIntersection`, which is a proof, and
    `IntersectionUnknown`.

    >>> from rulewright_engine.values.patterns.automaton import matches, prefix, suffix
    >>> excluded = [prefix("cmd")]
    >>> def violated(text):
    ...     return next((number for number, each in enumerate(excluded) if matches(each, text)), None)
    >>> intersect([prefix("c"), suffix(".exe")], excluded.__getitem__, violated)
    'c.exe'
    """
    active: list[int] = []
    steps = MAX_PRODUCT_STEPS
    while True:
        product = _Product(required, [excluded(number) for number in active], steps)
        text = product.search(shortest, budget)
        steps = product.steps
        if text is None:
            raise EmptyIntersection(frozenset(active))
        number = violated(text)
        if number is None:
            return text
        if number in active:  # the automaton and the matcher disagree: claim nothing
            raise IntersectionUnknown
        active.append(number)


class _Product:
    """The product automaton, walked lazily. `steps` are those that the search may still take."""

    def __init__(self, required: Sequence[Automaton], excluded: Sequence[Automaton], steps: int) -> None:
        self._required = required
        self._excluded = excluded
        self._alphabet = representatives([*required, *excluded], PREFERRED)
        self._width = (len(required) + len(excluded)) * len(self._alphabet)
        self._rows: dict[tuple[int, int], list[int]] = {}
        self.steps = steps - self._width

    def search(self, shortest: int, budget: int) -> str | None:
        start = (tuple(each.start for each in self._required), tuple(each.start for each in self._excluded))
        if self._is_hopeless(*start):
            return None
        queue: list[tuple[int, int, str, States, States]] = []
        # Invariant: a state is queued at most once for each length up to `shortest`; longer texts are all long enough
        seen = {(*start, 0)}
        heappush(queue, (0, 0, "", *start))
        count = 0
        while queue:
            _, _, text, inside, outside = heappop(queue)
            self.steps -= self._width
            spend(self._width)
            if self.steps < 0:
                raise IntersectionUnknown
            if len(text) >= shortest and self._accepts(inside, outside):
                return text
            afters = self._after(self._required, inside)
            for char, after, beyond in zip(self._alphabet, afters, self._after(self._excluded, outside), strict=False):
                key = (after, beyond, min(shortest, len(text) + 1))
                if key in seen:
                    continue
                seen.add(key)
                if self._is_hopeless(after, beyond):
                    continue
                count += 1
                if count > budget:
                    raise IntersectionUnknown
                heappush(queue, (self._distance(after) * 4 + len(text), count, text + char, after, beyond))
        return None

    def _after(self, automata: Sequence[Automaton], states: States) -> Iterable[States]:
        """The states after each character of the alphabet."""
        return zip(*map(self._row, automata, states), strict=True) if automata else repeat(())

    def _row(self, automaton: Automaton, state: int) -> list[int]:
        key = (id(automaton), state)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = [automaton.step(state, char) for char in self._alphabet]
        return row

    def _is_hopeless(self, inside: States, outside: States) -> bool:
        """Whether some automaton proves that no text that continues from here will do."""
        for each, state in zip(self._required, inside, strict=True):
            if each.is_dead(state):
                return True
        for each, state in zip(self._excluded, outside, strict=True):  # noqa: SIM110 (faster than `any`)
            if each.is_full(state):
                return True
        return False

    def _accepts(self, inside: States, outside: States) -> bool:
        return all(each.accepts(state) for each, state in zip(self._required, inside, strict=True)) and not any(
            each.accepts(state) for each, state in zip(self._excluded, outside, strict=True)
        )

    def _distance(self, inside: States) -> int:
        return sum(each.remaining(state) for each, state in zip(self._required, inside, strict=True))
