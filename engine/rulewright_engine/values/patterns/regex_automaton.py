"""Regular expressions as automata: the states are expressions, the steps their derivatives; and a matcher of texts."""

from collections.abc import Callable, Hashable, Iterator

from rulewright_engine.values.patterns.characters import ANY, CharacterSet
from rulewright_engine.values.patterns.derivatives import ANYTHING, MAX_STORE_SIZE, NOTHING, Alphabet, Expressions
from rulewright_engine.values.patterns.nodes import (
    Alternation,
    Characters,
    Complement,
    Concatenation,
    Intersection,
    Node,
    Repetition,
)

__all__ = ["RegexAutomaton", "compile_node"]


def _sets(node: Node) -> Iterator[CharacterSet]:
    match node:
        case Characters(set=ranges):
            yield ranges
        case Concatenation(children) | Alternation(children) | Intersection(children):
            for child in children:
                yield from _sets(child)
        case Complement(child) | Repetition(child):
            yield from _sets(child)


class _Row(dict[str, int]):
    """The steps of one state, filled as characters are met."""

    __slots__ = ("_automaton", "_state")

    def __init__(self, automaton: "RegexAutomaton", state: int) -> None:
        self._automaton = automaton
        self._state = state

    def __missing__(self, char: str) -> int:
        self[char] = target = self._automaton.derive(self._state, char)
        return target


class RegexAutomaton:
    """The texts that match a regular expression, as an automaton whose state is an int: see `automaton.Automaton`.

    Raises `LimitExceeded` when the states met together are too large.
    """

    __slots__ = ("_alphabet", "_expressions", "_rows", "cuts", "start")

    def __init__(self, node: Node) -> None:
        self._alphabet = Alphabet((ANY, *_sets(node)))
        self._expressions = Expressions(self._alphabet)
        self._rows: dict[int, _Row] = {}
        self.cuts = frozenset(self._alphabet.cuts)
        self.start = self._expressions.of(node, self._alphabet)

    def row(self, state: int) -> _Row:
        row = self._rows.get(state)
        if row is None:
            row = self._rows[state] = _Row(self, state)
        return row

    def derive(self, state: int, char: str) -> int:
        """`step`, computed anew."""
        self._expressions.size += 1
        return self._expressions.derivative(state, self._alphabet.class_of(char))

    def step(self, state: int, char: str) -> int:
        return self.row(state)[char]

    def accepts(self, state: int) -> bool:
        return self._expressions.nullable(state)

    def is_dead(self, state: int) -> bool:
        return state == NOTHING

    def is_full(self, state: int) -> bool:
        return state == ANYTHING

    def remaining(self, state: int) -> int:
        return 0

    def classify(self, char: str) -> Hashable:
        return self._alphabet.class_of(char)

    @property
    def size(self) -> int:
        return self._expressions.size

    def restarted(self, state: int) -> int:
        """Forget all states but this one, and return its new number; earlier states are void."""
        fresh = Expressions(self._alphabet)
        start = fresh.copied(self.start, self._expressions)
        state = fresh.copied(state, self._expressions)
        self._expressions, self._rows, self.start = fresh, {}, start
        return state


def compile_node(node: Node) -> Callable[[str], bool]:
    """A matcher of whole texts. It remembers the states it met, and starts afresh when they are many."""
    automaton = RegexAutomaton(node)
    budget = automaton.size + MAX_STORE_SIZE // 2

    def match(text: str) -> bool:
        state = automaton.start
        for char in text:
            state = automaton.row(state)[char]
            if state <= ANYTHING:
                return state == ANYTHING
            if automaton.size > budget:
                state = automaton.restarted(state)
        return automaton.accepts(state)

    return match
