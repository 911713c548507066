"""Compiles a regular expression to a program: see `program`."""

from collections.abc import Callable

from rulewright_engine.values.patterns.characters import CharacterSet, contains
from rulewright_engine.values.regex.program import Char, Inner, Program, Reference, Save, Split, Test
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

__all__ = ["compile_bounded"]

MAX_PROGRAM_SIZE = 20_000
"""Instructions of a program: nested repetitions multiply."""


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
                self.code.append(Char(_membership(characters)))
            case Sequence(items):
                for item in items:
                    self.add(item)
            case Alternation(branches):
                self._alternation(branches)
            case Repeat():
                self._repeat(node)
            case Group(child, number):
                self.code.append(Save(2 * number))
                self.add(child)
                self.code.append(Save(2 * number + 1))
            case Anchor():
                self.code.append(Test(_anchor_test(node)))
            case Atomic(child):
                self._inner(child, ahead=True, negative=False, consumes=True)
            case Assertion(child, ahead, negative):
                self._inner(child, ahead=ahead, negative=negative, consumes=False)
            case Backreference(number, ignore_case):
                self.program.has_reference = True
                self.code.append(Reference(number, ignore_case))

    def _inner(self, child: Node, *, ahead: bool, negative: bool, consumes: bool) -> None:
        inner = compile_bounded(child, self.program.groups)
        self.program.has_reference = self.program.has_reference or inner.has_reference
        self.code.append(Inner(inner, ahead, negative, consumes))

    def _alternation(self, branches: tuple[Node, ...]) -> None:
        jumps: list[int] = []
        for branch in branches[:-1]:
            split = self._reserve()
            self.add(branch)
            jumps.append(self._reserve())
            self.code[split] = Split(split + 1, len(self.code))
        self.add(branches[-1])
        for jump in jumps:
            self.code[jump] = Split(len(self.code), len(self.code))

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
            self.code.append(Split(split, split))
            self.code[split] = self._choice(split + 1, len(self.code), node.mode)
            return
        splits = []
        for _ in range(node.most - node.least):
            splits.append(self._reserve())
            self.add(node.child)
        for split in splits:
            self.code[split] = self._choice(split + 1, len(self.code), node.mode)

    def _reserve(self) -> int:
        self.code.append(Split(0, 0))
        return len(self.code) - 1

    @staticmethod
    def _choice(inside: int, behind: int, mode: Mode) -> Split:
        return Split(behind, inside) if mode is Mode.LAZY else Split(inside, behind)


def _membership(characters: CharacterSet) -> Callable[[str], bool]:
    known: dict[str, bool] = {}

    def test(char: str) -> bool:
        answer = known.get(char)
        if answer is None:
            answer = known[char] = contains(characters, ord(char))
        return answer

    return test


def _anchor_test(anchor: Anchor) -> Callable[[str, int], bool]:
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
