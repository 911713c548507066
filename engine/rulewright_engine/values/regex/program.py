"""A backtracking matcher that never tries the same step at the same position twice.

It takes the path that `re` would take, so groups capture the same, but a step that has been tried at a position is
not tried there again. So the time is bounded by length of text times length of program, whatever the expression. With a
backreference the outcome depends on more than the position; such a program counts its steps instead.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Captures", "Char", "Inner", "Program", "Reference", "Save", "Split", "Test", "TooCostly"]

MAX_MATCH_STEPS = 2_000_000
"""Steps of one match: an expression that backtracks for more fails instead of hanging."""

Captures = tuple[tuple[int, int] | None, ...]


class TooCostly(Exception):
    """A match would take more steps than are allowed."""


# Instructions: a step reads `text` at `position` and says where to go on, or None


@dataclass(frozen=True, slots=True)
class Char:
    test: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Split:
    """Go on at `preferred`; if that fails, at `other`."""

    preferred: int
    other: int


@dataclass(frozen=True, slots=True)
class Save:
    slot: int


@dataclass(frozen=True, slots=True)
class Test:
    """A condition on a position; consumes nothing."""

    test: Callable[[str, int], bool]


@dataclass(frozen=True, slots=True)
class Inner:
    """A program of its own, matched once and for all: `consumes` as an atomic group does."""

    program: "Program"
    ahead: bool
    negative: bool
    consumes: bool


@dataclass(frozen=True, slots=True)
class Reference:
    number: int
    ignore_case: bool


Instruction = Char | Split | Save | Test | Inner | Reference


@dataclass(slots=True)
class Program:
    """Instructions in order; the end of the list is a match."""

    instructions: list[Instruction] = field(default_factory=list)
    groups: int = 0
    has_reference: bool = False

    def search(self, text: str, start: int = 0) -> Captures | None:
        """The leftmost match at or after `start`: spans of the whole and of each group."""
        tried: set[tuple[int, int]] = set()
        for position in range(start, len(text) + 1):
            found = self._run(text, position, tried, (None,) * (2 * self.groups + 2))
            if found is not None:
                return _spans(found, position)
        return None

    def _run(
        self, text: str, start: int, tried: set[tuple[int, int]], saved: tuple[int | None, ...]
    ) -> tuple[int | None, ...] | None:
        """Match at `start`; the result's slot 1 is where the match ends."""
        pending = [(0, start, saved)]
        budget = MAX_MATCH_STEPS
        while pending:
            step, position, saved = pending.pop()
            while True:
                budget -= 1
                if budget < 0:
                    raise TooCostly
                if step == len(self.instructions):
                    return (saved[0], position, *saved[2:])
                if not self.has_reference:
                    if (step, position) in tried:
                        break
                    tried.add((step, position))
                match self.instructions[step]:
                    case Char(test):
                        if position >= len(text) or not test(text[position]):
                            break
                        position += 1
                        step += 1
                    case Split(preferred, other):
                        pending.append((other, position, saved))
                        step = preferred
                    case Save(slot):
                        saved = (*saved[:slot], position, *saved[slot + 1 :])
                        step += 1
                    case Test(test):
                        if not test(text, position):
                            break
                        step += 1
                    case Inner() as inner:
                        end = _match_inner(inner, text, position, saved)
                        if end is None:
                            break
                        position, saved = end
                        step += 1
                    case Reference() as reference:
                        length = _match_reference(reference, text, position, saved)
                        if length is None:
                            break
                        position += length
                        step += 1
        return None


def _spans(saved: tuple[int | None, ...], start: int) -> Captures:
    pairs = [(saved[i], saved[i + 1]) for i in range(2, len(saved), 2)]
    end = saved[1]
    assert end is not None
    return ((start, end), *((a, b) if a is not None and b is not None else None for a, b in pairs))


def _match_inner(
    inner: Inner, text: str, position: int, saved: tuple[int | None, ...]
) -> tuple[int, tuple[int | None, ...]] | None:
    run = inner.program._run
    found: tuple[int | None, ...] | None = None
    if inner.ahead:
        found = run(text, position, set(), saved)
    else:
        for start in range(position, -1, -1):
            found = run(text[:position], start, set(), saved)
            if found is not None and found[1] == position:
                break
            found = None
    if (found is None) is not inner.negative:
        return None
    if found is None:
        return position, saved
    end = found[1]
    assert end is not None
    return (end if inner.consumes else position), found


def _match_reference(reference: Reference, text: str, position: int, saved: tuple[int | None, ...]) -> int | None:
    start, end = saved[2 * reference.number], saved[2 * reference.number + 1]
    if start is None or end is None:
        return None
    wanted, given = text[start:end], text[position : position + end - start]
    same = wanted.lower() == given.lower() if reference.ignore_case else wanted == given
    return end - start if same else None
