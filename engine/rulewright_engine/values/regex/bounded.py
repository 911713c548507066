"""A backtracking matcher that never tries the same step at the same place twice.

It takes the path that `re` would take, so groups capture the same, but a step that has been tried at a place is not
tried there again. So the time is bounded by length of text times length of program, whatever the expression. With a
backreference the outcome depends on more than the place; such a program counts its steps instead.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from rulewright_engine.values.patterns.characters import CharacterSet, contains
from rulewright_engine.values.regex.syntax import (
    Alternation,
    Anchor,
    Assertion,
    Atomic,
    Backreference,
    Characters,
    Group,
    Mode,
    Node,
    RegexSyntaxError,
    Repeat,
    Sequence,
    Where,
)

__all__ = ["Program", "TooCostly", "compile_bounded"]

MAX_PROGRAM_SIZE = 20_000
"""Instructions of a program: nested repetitions multiply."""
MAX_MATCH_STEPS = 2_000_000
"""Steps of one match: an expression that backtracks for more fails instead of hanging."""

Captures = tuple[tuple[int, int] | None, ...]


class TooCostly(Exception):
    """A match would take more steps than are allowed."""


# Instructions: a step reads `text` at `position` and says where to go on, or None


@dataclass(frozen=True, slots=True)
class _Char:
    test: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class _Split:
    """Go on at `preferred`; if that fails, at `other`."""

    preferred: int
    other: int


@dataclass(frozen=True, slots=True)
class _Save:
    slot: int


@dataclass(frozen=True, slots=True)
class _Test:
    """A condition on a place; consumes nothing."""

    test: Callable[[str, int], bool]


@dataclass(frozen=True, slots=True)
class _Inner:
    """A program of its own, matched once and for all: `consumes` as an atomic group does."""

    program: "Program"
    ahead: bool
    negative: bool
    consumes: bool


@dataclass(frozen=True, slots=True)
class _Reference:
    number: int
    ignore_case: bool


_Instruction = _Char | _Split | _Save | _Test | _Inner | _Reference


@dataclass(slots=True)
class Program:
    """Instructions in order; the end of the list is a match."""

    instructions: list[_Instruction] = field(default_factory=list)
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
                    case _Char(test):
                        if position >= len(text) or not test(text[position]):
                            break
                        position += 1
                        step += 1
                    case _Split(preferred, other):
                        pending.append((other, position, saved))
                        step = preferred
                    case _Save(slot):
                        saved = (*saved[:slot], position, *saved[slot + 1 :])
                        step += 1
                    case _Test(test):
                        if not test(text, position):
                            break
                        step += 1
                    case _Inner() as inner:
                        end = _match_inner(inner, text, position, saved)
                        if end is None:
                            break
                        position, saved = end
                        step += 1
                    case _Reference() as reference:
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
    inner: _Inner, text: str, position: int, saved: tuple[int | None, ...]
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


def _match_reference(reference: _Reference, text: str, position: int, saved: tuple[int | None, ...]) -> int | None:
    start, end = saved[2 * reference.number], saved[2 * reference.number + 1]
    if start is None or end is None:
        return None
    wanted, given = text[start:end], text[position : position + end - start]
    same = wanted.lower() == given.lower() if reference.ignore_case else wanted == given
    return end - start if same else None


def compile_bounded(node: Node, groups: int) -> Program:
    """The program of an expression; raises `RegexSyntaxError` where it would be too long."""
    program = Program(groups=groups)
    _Compiler(program).add(node)
    return program


class _Compiler:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.code = program.instructions

    def add(self, node: Node) -> None:
        if len(self.code) > MAX_PROGRAM_SIZE:
            raise RegexSyntaxError("its repetitions multiply to more than can be matched")
        match node:
            case Characters(characters):
                self.code.append(_Char(_membership(characters)))
            case Sequence(items):
                for item in items:
                    self.add(item)
            case Alternation(branches):
                self._alternation(branches)
            case Repeat():
                self._repeat(node)
            case Group(child, number):
                self.code.append(_Save(2 * number))
                self.add(child)
                self.code.append(_Save(2 * number + 1))
            case Anchor():
                self.code.append(_Test(_place(node)))
            case Atomic(child):
                self._inner(child, ahead=True, negative=False, consumes=True)
            case Assertion(child, ahead, negative):
                self._inner(child, ahead=ahead, negative=negative, consumes=False)
            case Backreference(number, ignore_case):
                self.program.has_reference = True
                self.code.append(_Reference(number, ignore_case))

    def _inner(self, child: Node, *, ahead: bool, negative: bool, consumes: bool) -> None:
        inner = compile_bounded(child, self.program.groups)
        self.program.has_reference = self.program.has_reference or inner.has_reference
        self.code.append(_Inner(inner, ahead, negative, consumes))

    def _alternation(self, branches: tuple[Node, ...]) -> None:
        jumps: list[int] = []
        for branch in branches[:-1]:
            split = self._reserve()
            self.add(branch)
            jumps.append(self._reserve())
            self.code[split] = _Split(split + 1, len(self.code))
        self.add(branches[-1])
        for jump in jumps:
            self.code[jump] = _Split(len(self.code), len(self.code))

    def _repeat(self, node: Repeat) -> None:
        if node.mode is Mode.POSSESSIVE:
            greedy = Repeat(node.child, node.least, node.most, Mode.GREEDY)
            self._inner(greedy, ahead=True, negative=False, consumes=True)
            return
        for _ in range(node.least):
            self.add(node.child)
        if node.most is None:
            split = self._reserve()
            self.add(node.child)
            self.code.append(_Split(split, split))
            self.code[split] = self._choice(split + 1, len(self.code), node.mode)
            return
        splits = []
        for _ in range(node.most - node.least):
            splits.append(self._reserve())
            self.add(node.child)
        for split in splits:
            self.code[split] = self._choice(split + 1, len(self.code), node.mode)

    def _reserve(self) -> int:
        self.code.append(_Split(0, 0))
        return len(self.code) - 1

    @staticmethod
    def _choice(inside: int, behind: int, mode: Mode) -> _Split:
        return _Split(behind, inside) if mode is Mode.LAZY else _Split(inside, behind)


def _membership(characters: CharacterSet) -> Callable[[str], bool]:
    known: dict[str, bool] = {}

    def test(char: str) -> bool:
        answer = known.get(char)
        if answer is None:
            answer = known[char] = contains(characters, ord(char))
        return answer

    return test


def _place(anchor: Anchor) -> Callable[[str, int], bool]:
    newline, word = _membership(anchor.newlines), _membership(anchor.word)

    def splits_pair(text: str, at: int) -> bool:
        return newline("\r") and text[at - 1 : at + 1] == "\r\n" and at > 0

    def line_end(text: str, at: int) -> bool:
        return at == len(text) or (newline(text[at]) and not splits_pair(text, at))

    def last_line_end(text: str, at: int) -> bool:
        rest = text[at:]
        return not rest or (line_end(text, at) and (len(rest) == 1 or (rest == "\r\n" and newline("\r"))))

    def boundary(text: str, at: int) -> bool:
        before = at > 0 and word(text[at - 1])
        return before != (at < len(text) and word(text[at]))

    def line_start(text: str, at: int) -> bool:
        return at == 0 or (at < len(text) and newline(text[at - 1]) and not splits_pair(text, at))

    return {
        Where.TEXT_START: lambda _, at: at == 0,
        Where.TEXT_END: lambda text, at: at == len(text),
        Where.LINE_START: line_start,
        Where.LINE_START_IN_TEXT: lambda text, at: at < len(text) and line_start(text, at),
        Where.LINE_END: line_end,
        Where.LAST_LINE_END: last_line_end,
        Where.WORD_BOUNDARY: boundary,
        Where.NO_WORD_BOUNDARY: lambda text, at: not boundary(text, at),
    }[anchor.where]
