"""Texts within a few edits of a term, as an automaton: what `fuzziness` and Lucene's `~` ask.

An edit inserts, drops or replaces one character, or swaps two neighbours; a swapped pair is not edited again (optimal
string alignment, as Lucene's automata have it). The first `prefix_length` characters are never edited.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache

__all__ = ["FuzzyAutomaton", "compile_fuzzy"]

Position = tuple[int, int, bool]
"""Characters of the term that are behind, edits that are left, and whether the second of a swapped pair must follow."""


class FuzzyAutomaton:
    """The texts within `edits` of a term, as an automaton whose state is an int: see `automaton.Automaton`.

    A state is a set of positions in the term; the sets that were met are numbered.
    """

    __slots__ = ("_numbers", "_prefix", "_sets", "_steps", "_swaps", "_text", "cuts", "start")

    def __init__(self, text: str, edits: int, *, prefix_length: int = 0, transpositions: bool = True) -> None:
        self._text, self._swaps = text, transpositions
        self._prefix = min(prefix_length, len(text))
        self._sets: list[frozenset[Position]] = []
        self._numbers: dict[frozenset[Position], int] = {}
        self._steps: dict[tuple[int, str], int] = {}
        self.cuts = frozenset(cut for char in text for cut in (ord(char), ord(char) + 1))
        self.start = self._number([(0, edits, False)])

    def step(self, state: int, char: str) -> int:
        key = state, char if char in self._text else ""
        after = self._steps.get(key)
        if after is None:
            after = self._number(found for each in self._sets[state] for found in self._moves(each, char))
            self._steps[key] = after
        return after

    def _moves(self, position: Position, char: str) -> Iterator[Position]:
        """Where a character leads from one position; dropped characters of the term are `_number`'s."""
        at, left, swapped = position
        if swapped:
            if char == self._text[at]:
                yield at + 2, left, False
            return
        expected = self._text[at : at + 1]
        if char == expected:
            yield at + 1, left, False
        if left and at >= self._prefix:
            yield at, left - 1, False
            if expected:
                yield at + 1, left - 1, False
            if self._swaps and char == self._text[at + 1 : at + 2]:
                yield at, left - 1, True

    def _number(self, positions: Iterable[Position]) -> int:
        """The state of these positions, and of those that dropping characters of the term leads to."""
        reached = set(positions)
        for at, left, swapped in tuple(reached):
            if not swapped and at >= self._prefix:
                dropped = min(left, len(self._text) - at)
                reached.update((at + count, left - count, False) for count in range(1, dropped + 1))
        found = frozenset(reached)
        number = self._numbers.setdefault(found, len(self._sets))
        if number == len(self._sets):
            self._sets.append(found)
        return number

    def accepts(self, state: int) -> bool:
        return any(at == len(self._text) for at, _, _ in self._sets[state])

    def is_dead(self, state: int) -> bool:
        return not self._sets[state]

    def is_full(self, state: int) -> bool:
        return False

    def remaining(self, state: int) -> int:
        missing = (len(self._text) - at - left - swapped for at, left, swapped in self._sets[state])
        return max(0, min(missing, default=0))

    def classify(self, char: str) -> Hashable:
        return char if char in self._text else None


@lru_cache(maxsize=1024)
def compile_fuzzy(text: str, edits: int, prefix_length: int, transpositions: bool) -> Callable[[str], bool]:
    """A matcher of whole texts."""
    automaton = FuzzyAutomaton(text, edits, prefix_length=prefix_length, transpositions=transpositions)

    def match(candidate: str) -> bool:
        if candidate == text:
            return True
        if abs(len(candidate) - len(text)) > edits:
            return False
        state = automaton.start
        for char in candidate:
            state = automaton.step(state, char)
            if automaton.is_dead(state):
                return False
        return automaton.accepts(state)

    return match
