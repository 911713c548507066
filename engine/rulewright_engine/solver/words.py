"""Find a text that belongs to some languages and to none of others, or prove that there is none.

Best-first search over the product of the automata. An excluded language enters only when a text that was found belongs
to it, so that of a hundred exclusions a few take part. Characters that no automaton tells apart are tried once: one
character for each class, so an exhausted search is a proof.
"""

from collections.abc import Callable, Sequence
from heapq import heappop, heappush

from rulewright_engine.patterns import Language, representatives

__all__ = ["NoWord", "Unfinished", "find_word"]

PREFERRED = "xabcdefghijklmnopqrstuvwyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_. /\\:"
"""Characters that read well, the best first."""

STATES = 20_000
"""States that one question may visit."""


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
    while True:
        word = _Product(required, [excluded(number) for number in active]).search(shortest, budget)
        if word is None:
            raise NoWord(frozenset(active))
        number = violated(word)
        if number is None:
            return word
        if number in active:  # the automaton and the matcher disagree: claim nothing
            raise Unfinished
        active.append(number)


class _Product:
    def __init__(self, required: Sequence[Language], excluded: Sequence[Language]) -> None:
        self._required = required
        self._excluded = excluded
        self._alphabet = representatives([*required, *excluded], PREFERRED)

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
            if len(word) >= shortest and self._accepts(inside, outside):
                return word
            for char in self._alphabet:
                after = tuple(lang.step(state, char) for lang, state in zip(self._required, inside, strict=True))
                beyond = tuple(lang.step(state, char) for lang, state in zip(self._excluded, outside, strict=True))
                key = (after, beyond, min(shortest, len(word) + 1))
                if key in seen or self._hopeless(after, beyond):
                    continue
                seen.add(key)
                count += 1
                if count > budget:
                    raise Unfinished
                heappush(queue, (self._distance(after) * 4 + len(word), count, word + char, after, beyond))
        return None

    def _hopeless(self, inside: States, outside: States) -> bool:
        return any(lang.is_dead(state) for lang, state in zip(self._required, inside, strict=True)) or any(
            lang.is_full(state) for lang, state in zip(self._excluded, outside, strict=True)
        )

    def _accepts(self, inside: States, outside: States) -> bool:
        return all(lang.accepts(state) for lang, state in zip(self._required, inside, strict=True)) and not any(
            lang.accepts(state) for lang, state in zip(self._excluded, outside, strict=True)
        )

    def _distance(self, inside: States) -> int:
        return sum(lang.remaining(state) for lang, state in zip(self._required, inside, strict=True))
