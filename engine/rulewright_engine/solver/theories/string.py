"""Texts: each condition on a field is a regular language, so a conjunction of them is a question about automata."""

from collections.abc import Callable, Sequence
from functools import partial

from rulewright_engine.evaluate.functions.preimages import PlainTest
from rulewright_engine.ir.expression import (
    Equals,
    Exists,
    Field,
    MatchesGlob,
    MatchesRegex,
    Scalar,
    Test,
)
from rulewright_engine.solver.formula import bits_of
from rulewright_engine.solver.theories.automata_intersection import NoWord, Unfinished, find_word
from rulewright_engine.solver.theories.candidate_texts import combined, instances
from rulewright_engine.solver.theories.field_theory import Element, FieldDomain
from rulewright_engine.solver.theories.protocol import Refusal
from rulewright_engine.solver.theories.test_automata import automaton_of
from rulewright_engine.solver.value_hints import Hints
from rulewright_engine.values.patterns import Language
from rulewright_schema.errors import LimitExceeded

__all__ = ["StringDomain"]

NEW_WORDS = ("sample", "other", "value-1", "x")
"""Texts that meet no particular condition."""


class StringDomain(FieldDomain):
    """`tests` holds each atom's meaning as a test of the text itself; an atom without one is only ever tried out."""

    def __init__(
        self,
        *,
        field: Field,
        atoms: int,
        present: int,
        absent: int,
        hints: Hints,
        several: bool | None,
        judge: Callable[[Scalar], int],
        tests: dict[int, PlainTest],
        tries: Sequence[str],
    ) -> None:
        """`tests` is by bit; `tries` are texts that atoms without a test may be true of."""
        super().__init__(atoms, present, absent, hints.values(field), several)
        self._judge = judge
        self._tests = tests
        self._caseless = sum(bit for bit, plain in tests.items() if _ignores_case(plain.test))
        self._tries = tries
        self._fill = partial(hints.fill, field)
        self._field = field
        self._searched = hints.searched
        self._instances: dict[int, list[str]] = {}
        solved = {bit: plain.holds for bit, plain in tests.items() if _has_language(plain.test)}
        self._direct = sum(bit for bit, holds in solved.items() if holds)
        self._inverse = sum(bit for bit, holds in solved.items() if not holds)
        self._languages: dict[int, Language] = {}

    def judge_one(self, value: Scalar) -> int:
        return self._judge(value)

    def find(self, yes: int, no: int) -> Element | Refusal:
        for bit in bits_of(yes):
            plain = self._tests.get(1 << bit)
            if plain and plain.holds and isinstance(plain.test, Equals):
                only = self._only(1 << bit, plain.test, yes, no)
                if only is not None:
                    return only
        for text in self._candidates(yes):
            if not self._wrong(text, yes, no):
                return Element(text)
        return self._search(yes, no)

    def _wrong(self, text: str, yes: int, no: int) -> int:
        """The demands that a text violates."""
        truth = self.truth(text)
        return yes & ~truth | no & truth

    def _only(self, bit: int, test: Equals, yes: int, no: int) -> Element | Refusal | None:
        """The text that equals a constant; None when another spelling of it may do better."""
        truth = self.truth(test.value)
        decisive = self._caseless if test.insensitive else self.atoms
        if missing := yes & ~truth & decisive:
            return Refusal(bit | missing & -missing, 0)
        if extra := no & truth & decisive:
            return Refusal(bit, extra & -extra)
        return None if yes & ~truth or no & truth else Element(test.value)

    def _candidates(self, yes: int) -> list[str]:
        bits = [1 << position for position in bits_of(yes & ~self._present)]
        texts = [text for bit in bits for text in self._instances_of(bit)]
        if len(bits) > 1:
            plain = [self._tests[bit].test for bit in bits if bit in self._tests and self._tests[bit].holds]
            texts += combined([test for test in plain if isinstance(test, MatchesGlob)], self._fill)
        return [*texts, *self._tries, *NEW_WORDS] if len(bits) != 1 else [*texts, *self._tries]

    def _instances_of(self, bit: int) -> list[str]:
        if bit not in self._instances:
            plain = self._tests.get(bit)
            self._instances[bit] = instances(plain.test, self._fill) if plain and plain.holds else []
        return self._instances[bit]

    def _search(self, yes: int, no: int) -> Element | Refusal:
        """A text by its automata, or what another domain of the same field found for the same tests."""
        bits = [1 << position for position in bits_of(yes | no)]
        if self._searched is None or not all(bit in self._tests for bit in bits):
            return self._search_anew(yes, no)
        demands = tuple((self._tests[bit], bool(bit & yes), bool(bit & no), bool(bit & self._present)) for bit in bits)
        question = self._field, demands
        known = self._searched.get(question)
        if known is None:
            known = self._search_anew(yes, no)
            self._searched[question] = _moved(known, bits, [1 << rank for rank in range(len(bits))])
            return known
        return _moved(known, [1 << rank for rank in range(len(bits))], bits)

    def _search_anew(self, yes: int, no: int) -> Element | Refusal:
        """A text by its automata: `direct` atoms hold of what their language holds, `inverse` ones of the rest."""
        inside = yes & self._direct | no & self._inverse
        outside = no & self._direct | yes & self._inverse

        def violated(text: str) -> int | None:
            wrong = self._wrong(text, yes, no)
            if wrong and not wrong & outside:
                raise Unfinished
            return next(bits_of(wrong & outside), None)

        try:
            required = [self._language(position) for position in bits_of(inside)]
            word = find_word(required, self._language, violated, shortest=0 if required else 1)
        except NoWord as proof:
            if not inside:
                return self._empty_text(yes, no)
            involved = inside | sum(1 << position for position in proof.excluded)
            return Refusal(yes & involved, no & involved)
        except (Unfinished, LimitExceeded):
            is_opaque = (yes | no) & ~(self._present | self._direct | self._inverse)
            out_of_reach = "a condition on the field cannot be solved for it"
            return Refusal(yes, no, out_of_reach if is_opaque else "the search for a text was given up")
        longer = NEW_WORDS[0] + word  # a word before it reads better, where the conditions leave room for one
        return Element(word if self._wrong(longer, yes, no) else longer)

    def _empty_text(self, yes: int, no: int) -> Element | Refusal:
        return Refusal(yes, no) if self._wrong("", yes, no) else Element("")

    def _language(self, position: int) -> Language:
        if position not in self._languages:
            self._languages[position] = self._language_of(self._tests[1 << position].test)
        return self._languages[position]

    def _language_of(self, test: Test) -> Language:
        language = None if self._searched is None else self._searched.get(test)
        if language is None:
            language = automaton_of(test)
            assert language is not None  # Invariant: `_direct` and `_inverse` have one
            if self._searched is not None:
                self._searched[test] = language
        return language


def _moved(found: Element | Refusal, bits: Sequence[int], places: Sequence[int]) -> Element | Refusal:
    """The same answer, with each of `bits` at its place in `places`."""
    if isinstance(found, Element):
        return found
    pairs = list(zip(bits, places, strict=True))
    yes, no = (sum(place for bit, place in pairs if bit & mask) for mask in (found.yes, found.no))
    return Refusal(yes, no, found.unproven)


def _has_language(test: Test) -> bool:
    return isinstance(test, Equals | MatchesGlob | MatchesRegex)


def _ignores_case(test: Test) -> bool:
    """Whether texts that differ in case alone are the same to a test: never to `[a-z]`, whatever the regex ignores."""
    match test:
        case Equals(_, insensitive) | MatchesGlob(_, insensitive):
            return insensitive
        case _:
            return isinstance(test, Exists)
