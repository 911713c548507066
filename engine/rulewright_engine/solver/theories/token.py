"""Analysed text: conditions ask which tokens a text holds, so each wanted piece can be found by itself.

Invariant: a test of tokens that is true of a text stays true when tokens are added before or behind. So demands can be
met together exactly when each piece can be found without what must not be there.
"""

from collections.abc import Callable, Iterable

from rulewright_engine.ir.expression import (
    Equals,
    Field,
    MatchesText,
    MatchesToken,
    Scalar,
    Test,
)
from rulewright_engine.solver.formula import bits_of
from rulewright_engine.solver.theories.automata_intersection import NoWord, Unfinished, find_word
from rulewright_engine.solver.theories.candidate_texts import instances
from rulewright_engine.solver.theories.field_theory import Element, FieldDomain
from rulewright_engine.solver.theories.protocol import Refusal
from rulewright_engine.solver.theories.test_automata import automaton_of
from rulewright_engine.solver.value_hints import Hints
from rulewright_engine.values.patterns import Language
from rulewright_engine.values.text_analyzer import tokens
from rulewright_schema.errors import LimitExceeded

__all__ = ["TokenDomain"]

FILLERS = ("", "and", "then", "with", "x1")
"""What may stand between two pieces so that no phrase arises across them."""


class TokenDomain(FieldDomain):
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
        tests: dict[int, Test],
    ) -> None:
        super().__init__(atoms, present, absent, hints.values(field), several)
        self._judge = judge
        self._tests = tests

    def judge_one(self, value: Scalar) -> int:
        return self._judge(value)

    def find(self, yes: int, no: int) -> Element | Refusal:
        pieces: list[str] = []
        for position in bits_of(yes & ~self._present):
            piece = self._piece(1 << position, no)
            if isinstance(piece, Refusal):
                return piece
            pieces.append(piece)
        for filler in FILLERS:
            text = (f" {filler} " if filler else " ").join(pieces) or filler
            truth = self.truth(text)
            if not (yes & ~truth or no & truth):
                return Element(text)
        return Refusal(yes, no, "the words that the conditions ask for could not be put together")

    def _piece(self, bit: int, no: int) -> str | Refusal:
        """A text that meets one demand and holds nothing that must not be there."""
        forbidden = 0
        for text in self._texts(self._tests[bit]):
            truth = self.truth(text)
            if bit & truth and not no & truth:
                return text
            forbidden |= no & truth
        match self._tests[bit]:
            case MatchesText():
                return Refusal(bit, forbidden)
            case MatchesToken(test):
                return self._token(bit, test, no)
            case _:
                return Refusal(bit, no, "a condition on the whole text and one on its words meet in one field")

    def _texts(self, test: Test) -> Iterable[str]:
        match test:
            case MatchesText(words, phrase):
                return [" ".join(words)] if phrase else words
            case MatchesToken(inner):
                return instances(inner, lambda before, after: "")
            case _:
                return instances(test, lambda before, after: "")

    def _token(self, bit: int, test: Test, no: int) -> str | Refusal:
        """One token that passes `test` and no test of a token in `no`."""
        required = automaton_of(test)
        excluded = [(1 << position, lang) for position in bits_of(no) if (lang := self._of_token(1 << position))]

        def violated(text: str) -> int | None:
            wrong = no & self.truth(text)
            if tokens(text) != (text,):
                raise Unfinished
            return next((place for place, (other, _) in enumerate(excluded) if other & wrong), None) if wrong else None

        if required is None:
            return Refusal(bit, no, "a condition on the words of the field cannot be solved for it")
        try:
            return find_word([required], lambda place: excluded[place][1], violated, shortest=1)
        except NoWord as proof:
            return Refusal(bit, sum(excluded[place][0] for place in proof.excluded))
        except (Unfinished, LimitExceeded):
            return Refusal(bit, no, "the search for a word was given up")

    def _of_token(self, bit: int) -> Language | None:
        match self._tests[bit]:
            case MatchesToken(inner):
                return automaton_of(inner)
            case MatchesText((word,)):
                return automaton_of(Equals(word))
            case _:
                return None
