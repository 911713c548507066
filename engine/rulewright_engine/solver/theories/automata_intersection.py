"""Find a text that belongs to some languages and to none of others, or prove that there is none.

Best-first search over the product of the automata. An excluded language enters only when a text that was found belongs
to it, so that of a hundred exclusions a few take part. Characters that no automaton tells apart are tried once: one
character for each class, so an exhausted search is a proof.
"""

from collections.abc import Callable, Iterable, Sequence
from heapq import heappop, heappush
from itertools import repeat

from rulewright_engine.values.patterns import Language, representatives

__all__ = ["NoWord", "Unfinished", "find_word"]

PREFERRED = "xabcdefghijklmnopqrstuvwyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_. /\\:"
"""Characters that read well, the best first."""

STATES = 20_000
"""States that one question may visit."""

STEPS = 200_000
"""Steps of single automata that one question may take: what a state costs grows with the conditions."""


States = tuple[int, ...]


class NoWord(Exception):
    """No text does it. `excluded` are the numbers of the excluded languages that the proof needs."""

    def __init__(self, excluded: frozenset[int]) -> None:
        super().__init__(excluded)
        self.excluded = excluded


class Unfinished(Exception):
    """The budget was spent."""


def find_word(
    required: Sequence[Language],
    excluded: Callable[[int], Language],
    violated: Callable[[str], int | None],
    *,
    shortest: int = 0,
    budget: int = STATES,
) -> str:
    """A text of at least `shortest` characters in all of `required` and none of the excluded languages.

    `violated` gives the number of an excluded language that holds a text, or None, and `excluded` that language: of
    thousands only a few are ever asked for. Raises `NoWord`, which is a proof, and `Unfinished`.
    """
    active: list[int] = []
    steps = STEPS
    while True:
        product = _Product(required, [excluded(number) for number in active], steps)
        word = product.search(shortest, budget)
        steps = product.steps
        if word is None:
            raise NoWord(frozenset(active))
        number = violated(word)
        if number is None:
            return word
        if number in active:  # the automaton and the matcher disagree: claim nothing
            raise Unfinished
        active.append(number)


class _Product:
    """`steps` are those that the search may still take."""

    def __init__(self, required: Sequence[Language], excluded: Sequence[Language], steps: int) -> None:
        self._required = required
        self._excluded = excluded
        self._alphabet = representatives([*required, *excluded], PREFERRED)
        self._width = (len(required) + len(excluded)) * len(self._alphabet)
        self._rows: dict[tuple[int, int], list[int]] = {}
        self.steps = steps - self._width

    def search(self, shortest: int, budget: int) -> str | None:
        start = (tuple(lang.start for lang in self._required), tuple(lang.start for lang in self._excluded))
        if self._hopeless(*start):
            return None
        queue: list[tuple[int, int, str, States, States]] = []
        seen = {(*start, 0)}
        heappush(queue, (0, 0, "", *start))
        count = 0
        while queue:
            _, _, word, inside, outside = heappop(queue)
            self.steps -= self._width
            if self.steps < 0:
                raise Unfinished
            if len(word) >= shortest and self._accepts(inside, outside):
                return word
            afters = self._after(self._required, inside)
            for char, after, beyond in zip(self._alphabet, afters, self._after(self._excluded, outside), strict=False):
                key = (after, beyond, min(shortest, len(word) + 1))
                if key in seen:
                    continue
                seen.add(key)
                if self._hopeless(after, beyond):
                    continue
                count += 1
                if count > budget:
                    raise Unfinished
                heappush(queue, (self._distance(after) * 4 + len(word), count, word + char, after, beyond))
        return None

    def _after(self, languages: Sequence[Language], states: States) -> Iterable[States]:
        """The states after each character of the alphabet."""
        return zip(*map(self._row, languages, states), strict=True) if languages else repeat(())

    def _row(self, language: Language, state: int) -> list[int]:
        key = (id(language), state)
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = [language.step(state, char) for char in self._alphabet]
        return row

    def _hopeless(self, inside: States, outside: States) -> bool:
        for lang, state in zip(self._required, inside, strict=True):
            if lang.is_dead(state):
                return True
        for lang, state in zip(self._excluded, outside, strict=True):  # noqa: SIM110 (faster than `any`)
            if lang.is_full(state):
                return True
        return False

    def _accepts(self, inside: States, outside: States) -> bool:
        return all(lang.accepts(state) for lang, state in zip(self._required, inside, strict=True)) and not any(
            lang.accepts(state) for lang, state in zip(self._excluded, outside, strict=True)
        )

    def _distance(self, inside: States) -> int:
        return sum(lang.remaining(state) for lang, state in zip(self._required, inside, strict=True))
