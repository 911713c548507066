"""Regular expressions as states: the store of them, and Brzozowski's derivatives.

The derivative of an expression by a character is what the rest of a text must match. So expressions are states, the
derivative is the step, and intersection and complement need no construction of their own. Expressions are numbers in
an `Expressions` store: equal expressions are one number (hash-consing), and the constructors simplify, so that the
derivatives of a pattern are finitely many. Nothing backtracks: a step costs at most the size of the state.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum, auto
from functools import reduce
from operator import and_, or_

from rulewright_engine.values.patterns.characters import CharacterSet
from rulewright_engine.values.patterns.nodes import (
    Alternation,
    Characters,
    Complement,
    Concatenation,
    Intersection,
    Node,
    Repetition,
)
from rulewright_schema.errors import LimitExceeded

__all__ = ["ANYTHING", "MAX_STORE_SIZE", "NOTHING", "Alphabet", "Expressions"]

MAX_STORE_SIZE = 400_000
"""Operands and transitions that one store holds; a few hundred bytes each."""


class _NodeKind(IntEnum):
    CHARACTERS = auto()  # bits of the alphabet's classes
    CONCATENATION = auto()  # head, tail; the head is no concatenation
    ALTERNATION = auto()  # ascending numbers, no alternation among them
    INTERSECTION = auto()  # ascending numbers, no intersection among them
    COMPLEMENT = auto()  # child
    REPETITION = auto()  # child, least, most (-1: without bound)


NOTHING, ANYTHING, EMPTY = 0, 1, 2  # the numbers of: no text, any text, the empty text

_NodeKey = tuple[_NodeKind, tuple[int, ...]]


class Alphabet:
    """The classes of characters that a pattern cannot tell apart; class sets are bits."""

    def __init__(self, sets: Iterable[CharacterSet]) -> None:
        distinct = sorted(set(sets))
        changes: dict[int, int] = {0: 0}  # code point -> the sets that begin or end there, as bits
        for index, ranges in enumerate(distinct):
            for first, last in ranges:
                changes[first] = changes.get(first, 0) ^ 1 << index
                changes[last + 1] = changes.get(last + 1, 0) ^ 1 << index
        self.cuts = sorted(changes)
        self._of_cut: list[int] = []
        classes: dict[int, int] = {}
        members = 0
        for cut in self.cuts:
            members ^= changes[cut]
            self._of_cut.append(classes.setdefault(members, len(classes)))
        self.bits = {
            ranges: sum(1 << number for members, number in classes.items() if members >> index & 1)
            for index, ranges in enumerate(distinct)
        }
        self.all = (1 << len(classes)) - 1

    def class_of(self, char: str) -> int:
        return self._of_cut[bisect_right(self.cuts, ord(char)) - 1]


class Expressions:
    """The store of expressions over one alphabet."""

    def __init__(self, alphabet: Alphabet) -> None:
        self._all = alphabet.all
        self._keys: list[_NodeKey] = []
        self._numbers: dict[_NodeKey, int] = {}
        self._nullable: list[bool] = []
        self._derivatives: dict[tuple[int, int], int] = {}
        self.size = 0
        self._intern((_NodeKind.CHARACTERS, (0,)), False)  # NOTHING
        self._intern((_NodeKind.COMPLEMENT, (NOTHING,)), True)  # ANYTHING
        self._intern((_NodeKind.REPETITION, (NOTHING, 0, 0)), True)  # EMPTY

    def _intern(self, key: _NodeKey, nullable: bool) -> int:
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self._keys)
            self._keys.append(key)
            self._nullable.append(nullable)
            self.size += 1 + len(key[1])
            if self.size > MAX_STORE_SIZE:
                raise LimitExceeded("a regular expression needs too many states; make its repetitions smaller")
        return number

    def nullable(self, number: int) -> bool:
        """Whether the expression matches the empty text."""
        return self._nullable[number]

    # Constructors: each returns the number of an equivalent, simplified expression

    def characters(self, bits: int) -> int:
        return self._intern((_NodeKind.CHARACTERS, (bits,)), False)

    def concatenation(self, head: int, tail: int) -> int:
        heads: list[int] = []
        while True:  # keep concatenations leaning right
            kind, operands = self._keys[head]
            if kind is not _NodeKind.CONCATENATION:
                heads.append(head)
                break
            heads.append(operands[0])
            head = operands[1]
        for head in reversed(heads):
            tail = self._prepended(head, tail)
        return tail

    def _prepended(self, head: int, tail: int) -> int:
        if head == NOTHING or tail == NOTHING:
            return NOTHING
        if head == EMPTY:
            return tail
        if tail == EMPTY or head == tail == ANYTHING:
            return head
        return self._intern((_NodeKind.CONCATENATION, (head, tail)), self._nullable[head] and self._nullable[tail])

    def alternation(self, branches: Iterable[int]) -> int:
        operands = self._flattened(_NodeKind.ALTERNATION, branches, or_)
        operands.discard(NOTHING)
        if ANYTHING in operands:
            return ANYTHING
        if EMPTY in operands and any(self._nullable[other] for other in operands if other != EMPTY):
            operands.discard(EMPTY)
        if len(operands) < 2:
            return operands.pop() if operands else NOTHING
        nullable = any(self._nullable[operand] for operand in operands)
        return self._intern((_NodeKind.ALTERNATION, tuple(sorted(operands))), nullable)

    def intersection(self, branches: Iterable[int]) -> int:
        operands = self._flattened(_NodeKind.INTERSECTION, branches, and_)
        operands.discard(ANYTHING)
        nullable = all(self._nullable[operand] for operand in operands)
        if NOTHING in operands or (EMPTY in operands and not nullable):
            return NOTHING
        if len(operands) < 2:
            return operands.pop() if operands else ANYTHING
        return EMPTY if EMPTY in operands else self._intern((_NodeKind.INTERSECTION, tuple(sorted(operands))), nullable)

    def _flattened(self, kind: _NodeKind, branches: Iterable[int], combine: Callable[[int, int], int]) -> set[int]:
        """The operands of all branches, their sets of characters combined into one."""
        operands: set[int] = set()
        for branch in branches:
            branch_kind, parts = self._keys[branch]
            operands.update(parts if branch_kind is kind else (branch,))
        sets = [operand for operand in operands if self._keys[operand][0] is _NodeKind.CHARACTERS]
        if len(sets) > 1:
            operands.difference_update(sets)
            operands.add(self.characters(reduce(combine, (self._keys[operand][1][0] for operand in sets))))
        return operands

    def complement(self, child: int) -> int:
        kind, operands = self._keys[child]
        if kind is _NodeKind.COMPLEMENT:
            return operands[0]
        if child in (NOTHING, ANYTHING):
            return ANYTHING - child
        return self._intern((_NodeKind.COMPLEMENT, (child,)), not self._nullable[child])

    def repetition(self, child: int, least: int, most: int) -> int:
        """`most` -1 is without bound."""
        if most == 0 or child == EMPTY or (child == NOTHING and least == 0):
            return EMPTY
        if child == NOTHING or least == most == 1:
            return child
        if self._nullable[child]:
            least = 0
        kind, operands = self._keys[child]
        if (least, most) == (0, -1) and kind is _NodeKind.CHARACTERS and operands[0] == self._all:
            return ANYTHING
        if child == ANYTHING or (kind is _NodeKind.REPETITION and operands[1:] == (0, -1)):
            return child
        return self._intern((_NodeKind.REPETITION, (child, least, most)), least == 0)

    # Derivatives

    def derivative(self, number: int, symbol: int) -> int:
        """What must follow a character of class `symbol`."""
        found = self._derivatives.get((number, symbol))
        if found is None:
            found = self._derive(number, symbol)
            self._derivatives[number, symbol] = found
            self.size += 1
        return found

    def _derive(self, number: int, symbol: int) -> int:
        kind, operands = self._keys[number]
        match kind:
            case _NodeKind.CHARACTERS:
                return EMPTY if operands[0] >> symbol & 1 else NOTHING
            case _NodeKind.CONCATENATION:
                return self.alternation(self._derive_concatenation(number, symbol))
            case _NodeKind.ALTERNATION:
                return self.alternation([self.derivative(operand, symbol) for operand in operands])
            case _NodeKind.INTERSECTION:
                return self.intersection([self.derivative(operand, symbol) for operand in operands])
            case _NodeKind.COMPLEMENT:
                return self.complement(self.derivative(operands[0], symbol))
            case _NodeKind.REPETITION:
                child, least, most = operands
                rest = self.repetition(child, max(least - 1, 0), most - (most > 0))
                return self._distributed(self.derivative(child, symbol), rest)

    def _derive_concatenation(self, number: int, symbol: int) -> Iterator[int]:
        """The derivative of each part that the character may fall into; parts before it match the empty text."""
        while True:
            kind, operands = self._keys[number]
            if kind is not _NodeKind.CONCATENATION:
                yield self.derivative(number, symbol)
                return
            head, tail = operands
            yield self._distributed(self.derivative(head, symbol), tail)
            if not self._nullable[head]:
                return
            number = tail

    def _distributed(self, head: int, tail: int) -> int:
        """`(a|b)c` as `ac|bc`: keeps the number of different derivatives small (Antimirov)."""
        kind, operands = self._keys[head]
        if kind is not _NodeKind.ALTERNATION:
            return self.concatenation(head, tail)
        return self.alternation([self.concatenation(operand, tail) for operand in operands])

    # Building and copying

    def of(self, node: Node, alphabet: Alphabet) -> int:
        """The number of a parsed expression."""
        match node:
            case Characters(set=ranges):
                return self.characters(alphabet.bits[ranges])
            case Concatenation(parts):
                number = EMPTY
                for part in reversed(parts):
                    number = self.concatenation(self.of(part, alphabet), number)
                return number
            case Alternation(branches):
                return self.alternation([self.of(branch, alphabet) for branch in branches])
            case Intersection(branches):
                return self.intersection([self.of(branch, alphabet) for branch in branches])
            case Complement(child):
                return self.complement(self.of(child, alphabet))
            case Repetition(child, least, most):
                return self.repetition(self.of(child, alphabet), least, -1 if most is None else most)

    def copied(self, number: int, source: "Expressions") -> int:
        """The expression that is `number` in another store of the same alphabet."""
        numbers = {NOTHING: NOTHING, ANYTHING: ANYTHING, EMPTY: EMPTY}
        for old in sorted(source.reachable(number)):  # operands have smaller numbers than what they stand in
            kind, operands = source._keys[old]
            if old not in numbers:
                numbers[old] = self._intern((kind, _renumbered(kind, operands, numbers)), source._nullable[old])
        return numbers[number]

    def reachable(self, number: int) -> set[int]:
        seen: set[int] = set()
        pending = [number]
        while pending:
            current = pending.pop()
            if current not in seen:
                seen.add(current)
                kind, operands = self._keys[current]
                pending.extend(_children(kind, operands))
        return seen


def _children(kind: _NodeKind, operands: tuple[int, ...]) -> tuple[int, ...]:
    match kind:
        case _NodeKind.CHARACTERS:
            return ()
        case _NodeKind.REPETITION:
            return operands[:1]
        case _:
            return operands


def _renumbered(kind: _NodeKind, operands: tuple[int, ...], numbers: dict[int, int]) -> tuple[int, ...]:
    children = _children(kind, operands)
    renumbered = tuple(numbers[child] for child in children)
    if kind in (_NodeKind.ALTERNATION, _NodeKind.INTERSECTION):
        renumbered = tuple(sorted(renumbered))
    return renumbered + operands[len(children) :]
