"""Texts: most conditions on a field are regular languages, so a conjunction of them is a question about automata.

A value is sought in three steps, the cheapest first: the constant that an equality asks for, texts that are likely to
do (`candidate_texts`), and last the intersection of the automata. Each text is judged by evaluation, so what is found
is right. Only two things are proofs that there is none: an equality whose constant violates another condition, and an
empty intersection. A condition without an automaton (an order, a computed value) is only ever tried out; if one is
violated, nothing is claimed.
"""

from collections.abc import Sequence
from functools import partial

from rulewright_engine.evaluate.functions.preimages import PlainTest
from rulewright_engine.ir.expression import (
    Call,
    Equals,
    Exists,
    Literal,
    MatchesGlob,
    MatchesRegex,
    Test,
    Value,
)
from rulewright_engine.solver.formula import bits_of
from rulewright_engine.solver.reasons import UnknownReason
from rulewright_engine.solver.theories.automata_intersection import EmptyIntersection, IntersectionUnknown, intersect
from rulewright_engine.solver.theories.candidate_texts import combined, instances
from rulewright_engine.solver.theories.field_atoms import FieldAtoms
from rulewright_engine.solver.theories.field_theory import Element, FieldTheory
from rulewright_engine.solver.theories.plain_tests import plain_test
from rulewright_engine.solver.theories.protocol import Conflict
from rulewright_engine.solver.theories.text_automata import automaton_of
from rulewright_engine.values.patterns import Automaton
from rulewright_schema.errors import LimitExceeded

__all__ = ["StringTheory"]

NEW_TEXTS = ("sample", "other", "value-1", "x")
"""Texts that meet no particular condition."""


class StringTheory(FieldTheory):
    """`_tests` holds each atom's meaning as a test of the text itself; an atom without one is only ever tried out."""

    def __init__(self, atoms: FieldAtoms) -> None:
        super().__init__(atoms)
        tests = {bit: test for bit, leaf in atoms.leaves.items() if (test := plain_test(leaf))}
        self._tests: dict[int, PlainTest] = tests
        self._tries = [text for bit, leaf in atoms.leaves.items() if bit not in tests for text in _texts_in(leaf.value)]
        self._ignoring_case = sum(bit for bit, plain in tests.items() if _ignores_case(plain.test))
        self._fill = partial(atoms.hints.fill, atoms.field)
        self._cache = atoms.hints.cache
        self._instances: dict[int, list[str]] = {}
        regular = {bit: plain.holds for bit, plain in tests.items() if _is_regular(plain.test)}
        self._direct = sum(bit for bit, holds in regular.items() if holds)
        self._inverse = sum(bit for bit, holds in regular.items() if not holds)
        self._automata: dict[int, Automaton] = {}

    def find(self, yes: int, no: int) -> Element | Conflict:
        for bit in bits_of(yes):
            plain = self._tests.get(1 << bit)
            if plain and plain.holds and isinstance(plain.test, Equals):
                constant = self._constant(1 << bit, plain.test, yes, no)
                if constant is not None:
                    return constant
        for text in self._candidates(yes):
            if not self._wrong(text, yes, no):
                return Element(text)
        return self._search(yes, no)

    def _wrong(self, text: str, yes: int, no: int) -> int:
        """The atoms of a question of which a text has the wrong truth."""
        truth = self.truth(text)
        return yes & ~truth | no & truth

    def _constant(self, bit: int, test: Equals, yes: int, no: int) -> Element | Conflict | None:
        """The constant of an equality, or the condition that excludes it; None when another case may do better.

        Where the equality ignores case, only conditions that ignore it as well have one truth for all its spellings.
        """
        truth = self.truth(test.value)
        decisive = self._ignoring_case if test.insensitive else self.atoms.all
        if missing := yes & ~truth & decisive:
            return Conflict(bit | missing & -missing, 0)
        if extra := no & truth & decisive:
            return Conflict(bit, extra & -extra)
        return None if yes & ~truth or no & truth else Element(test.value)

    def _candidates(self, yes: int) -> list[str]:
        bits = [1 << number for number in bits_of(yes & ~self.atoms.present)]
        texts = [text for bit in bits for text in self._instances_of(bit)]
        if len(bits) > 1:
            plain = [self._tests[bit].test for bit in bits if bit in self._tests and self._tests[bit].holds]
            texts += combined([test for test in plain if isinstance(test, MatchesGlob)], self._fill)
        return [*texts, *self._tries, *NEW_TEXTS] if len(bits) != 1 else [*texts, *self._tries]

    def _instances_of(self, bit: int) -> list[str]:
        if bit not in self._instances:
            plain = self._tests.get(bit)
            self._instances[bit] = instances(plain.test, self._fill) if plain and plain.holds else []
        return self._instances[bit]

    def _search(self, yes: int, no: int) -> Element | Conflict:
        """A text by its automata, or what another theory of the same field found for the same tests."""
        bits = [1 << number for number in bits_of(yes | no)]
        if self._cache is None or not all(bit in self._tests for bit in bits):
            return self._search_anew(yes, no)
        asked = tuple(
            (self._tests[bit], bool(bit & yes), bool(bit & no), bool(bit & self.atoms.present)) for bit in bits
        )
        question = self.atoms.field, asked
        known = self._cache.get(question)
        if known is None:
            known = self._search_anew(yes, no)
            self._cache[question] = _renumbered(known, bits, [1 << rank for rank in range(len(bits))])
            return known
        return _renumbered(known, [1 << rank for rank in range(len(bits))], bits)

    def _search_anew(self, yes: int, no: int) -> Element | Conflict:
        """A text by its automata: `_direct` atoms are true of what their automaton accepts, `_inverse` of the rest."""
        inside = yes & self._direct | no & self._inverse
        outside = no & self._direct | yes & self._inverse

        def violated(text: str) -> int | None:
            wrong = self._wrong(text, yes, no)
            if wrong and not wrong & outside:
                raise IntersectionUnknown
            return next(bits_of(wrong & outside), None)

        try:
            required = [self._automaton(number) for number in bits_of(inside)]
            text = intersect(required, self._automaton, violated, shortest=0 if required else 1)
        except EmptyIntersection as proof:
            if not inside:
                return self._empty_text(yes, no)
            involved = inside | sum(1 << number for number in proof.excluded)
            return Conflict(yes & involved, no & involved)
        except (IntersectionUnknown, LimitExceeded):
            is_opaque = (yes | no) & ~(self.atoms.present | self._direct | self._inverse)
            reason = UnknownReason.UNSOLVABLE_TEST if is_opaque else UnknownReason.TEXT_BUDGET
            return Conflict(yes, no, reason)
        longer = NEW_TEXTS[0] + text  # a word before it reads better, where the conditions leave room for one
        return Element(text if self._wrong(longer, yes, no) else longer)

    def _empty_text(self, yes: int, no: int) -> Element | Conflict:
        return Conflict(yes, no) if self._wrong("", yes, no) else Element("")

    def _automaton(self, number: int) -> Automaton:
        if number not in self._automata:
            self._automata[number] = self._automaton_of(self._tests[1 << number].test)
        return self._automata[number]

    def _automaton_of(self, test: Test) -> Automaton:
        automaton = None if self._cache is None else self._cache.get(test)
        if automaton is None:
            automaton = automaton_of(test)
            assert automaton is not None  # Invariant: `_direct` and `_inverse` have one
            if self._cache is not None:
                self._cache[test] = automaton
        return automaton


def _renumbered(found: Element | Conflict, bits: Sequence[int], others: Sequence[int]) -> Element | Conflict:
    """The same answer, with each of `bits` replaced by its counterpart in `others`."""
    if isinstance(found, Element):
        return found
    pairs = list(zip(bits, others, strict=True))
    yes, no = (sum(other for bit, other in pairs if bit & mask) for mask in (found.yes, found.no))
    return Conflict(yes, no, found.unknown)


def _texts_in(value: Value) -> list[str]:
    """The texts that a value mentions, together and alone."""
    match value:
        case Literal(str(text)):
            return [text, text[1:], text[:-1], text[:1], text[-1:]]
        case Call(arguments=arguments):
            texts = [text for argument in arguments for text in _texts_in(argument)]
            return [*texts, "".join(texts), "".join(reversed(texts))] if len(texts) > 1 else texts
        case _:
            return []


def _is_regular(test: Test) -> bool:
    return isinstance(test, Equals | MatchesGlob | MatchesRegex)


def _ignores_case(test: Test) -> bool:
    """Whether texts that differ in case alone are the same to a test: never to `[a-z]`, whatever the regex ignores."""
    match test:
        case Equals(_, insensitive) | MatchesGlob(_, insensitive):
            return insensitive
        case _:
            return isinstance(test, Exists)
