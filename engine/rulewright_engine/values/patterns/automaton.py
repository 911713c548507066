"""Sets of texts as automata that are walked one character at a time, for the solver and as a witness of the matchers.

An `Automaton` never changes what it says (it may remember what it computed). Its states are ints, meaningful to it
alone. Characters that it cannot tell apart have one class; its `cuts` are the code points where the class may change.
The classes of several automata together, each with one character, are given by `representatives`.

    glob(parts)  literal(text)  prefix(text)  suffix(text)  contains(text)  length(least, most)  regex(pattern)
"""

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Protocol

from rulewright_engine.values.patterns.glob import GlobAutomaton, Wild
from rulewright_engine.values.patterns.lucene import RegexError, parse_regex
from rulewright_engine.values.patterns.nodes import Node
from rulewright_engine.values.patterns.regex_automaton import RegexAutomaton, compile_node
from rulewright_schema.errors import UsageError

__all__ = [
    "Automaton",
    "compile_regex",
    "contains",
    "glob",
    "length",
    "literal",
    "matches",
    "prefix",
    "regex",
    "representatives",
    "suffix",
]


class Automaton(Protocol):
    """A set of texts. Walk: begin in `start`, `step` by each character, then ask whether the state `accepts`."""

    @property
    def start(self) -> int: ...

    @property
    def cuts(self) -> frozenset[int]:
        """Code points where the class of characters may change: all from one cut up to the next are of one class."""
        ...

    def step(self, state: int, char: str) -> int: ...

    def accepts(self, state: int) -> bool: ...

    def is_dead(self, state: int) -> bool:
        """True proves that no text is accepted from here; false proves nothing for a regular expression with `&`."""
        ...

    def is_full(self, state: int) -> bool:
        """True proves that every text is accepted from here; false proves nothing."""
        ...

    def remaining(self, state: int) -> int:
        """At least so many characters are missing before a text is accepted: a bound from below, which may be 0."""
        ...

    def classify(self, char: str) -> Hashable:
        """The class of a character: two of one class take every state to the same state."""
        ...


def matches(automaton: Automaton, text: str) -> bool:
    """Whether the automaton accepts the text."""
    state = automaton.start
    for char in text:
        state = automaton.step(state, char)
    return automaton.accepts(state)


def representatives(automata: Sequence[Automaton], preferred: str = "") -> tuple[str, ...]:
    """One character of each joint class of the automata: no other character behaves differently in all of them.

    The first of `preferred` that is of a class stands for it, else the first by code point. The order is that of
    `preferred`, then of code points. Surrogates are no characters.
    """
    cuts = sorted({0}.union(*(automaton.cuts for automaton in automata)))
    candidates = dict.fromkeys(preferred)
    candidates.update(dict.fromkeys(chr(cut) for cut in cuts if cut <= 0x10FFFF and not 0xD800 <= cut <= 0xDFFF))
    found: dict[tuple[Hashable, ...], str] = {}
    for char in candidates:
        found.setdefault(tuple(automaton.classify(char) for automaton in automata), char)
    return tuple(found.values())


# Constructors


def glob(parts: Sequence[str | Wild], *, insensitive: bool = False) -> Automaton:
    return GlobAutomaton(parts, insensitive=insensitive)


def literal(text: str, *, insensitive: bool = False) -> Automaton:
    return GlobAutomaton((text,), insensitive=insensitive)


def prefix(text: str, *, insensitive: bool = False) -> Automaton:
    """The texts that start with `text`."""
    return GlobAutomaton((text, Wild.ANY), insensitive=insensitive)


def suffix(text: str, *, insensitive: bool = False) -> Automaton:
    """The texts that end with `text`."""
    return GlobAutomaton((Wild.ANY, text), insensitive=insensitive)


def contains(text: str, *, insensitive: bool = False) -> Automaton:
    """The texts that hold `text` somewhere."""
    return GlobAutomaton((Wild.ANY, text, Wild.ANY), insensitive=insensitive)


def length(least: int, most: int | None = None) -> Automaton:
    """The texts of `least` to `most` characters; `most` None is without bound."""
    return _Length(least, most)


def regex(pattern: str, *, insensitive: bool = False) -> Automaton:
    """The texts that match a regular expression of Lucene's dialect; `UsageError` when the pattern is none."""
    return RegexAutomaton(_parsed(pattern, insensitive))


@lru_cache(maxsize=4096)
def compile_regex(pattern: str, insensitive: bool = False) -> Callable[[str], bool]:
    """A matcher of whole texts, in bounded time; `UsageError` when the pattern is none."""
    return compile_node(_parsed(pattern, insensitive))


def _parsed(pattern: str, insensitive: bool) -> Node:
    node = parse_regex(pattern, insensitive=insensitive)
    if isinstance(node, RegexError):
        raise UsageError(f"`{pattern}` is no regular expression: {node.message} (offset {node.offset})")
    return node


class _Length:
    """State: how many characters were met, up to the first number from where nothing changes any more."""

    __slots__ = ("_last", "_least", "_most", "cuts", "start")

    def __init__(self, least: int, most: int | None) -> None:
        self._least, self._most = least, most
        self._last = least if most is None else most + 1
        self.start = 0
        self.cuts: frozenset[int] = frozenset()

    def step(self, state: int, char: str) -> int:
        return min(state + 1, self._last)

    def accepts(self, state: int) -> bool:
        return state >= self._least and (self._most is None or state <= self._most)

    def is_dead(self, state: int) -> bool:
        return self._most is not None and (state > self._most or self._least > self._most)

    def is_full(self, state: int) -> bool:
        return self._most is None and state >= self._least

    def remaining(self, state: int) -> int:
        return max(self._least - state, 0)

    def classify(self, char: str) -> Hashable:
        return None
