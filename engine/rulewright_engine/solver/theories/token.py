"""Analysed text: conditions ask which tokens a text holds, so each piece that is wanted can be found by itself.

Invariant: a test of tokens that is true of a text stays true when tokens are added before or behind. So the conditions
of a question can be met together exactly when each wanted piece can be found without what must not be there: a piece
that always brings a forbidden token with it is a proof. To join the pieces must make no forbidden phrase across them;
where no filler prevents that, nothing is claimed.
"""

from collections.abc import Iterable

from rulewright_engine.ir.expression import (
    Equals,
    MatchesText,
    MatchesToken,
    Test,
)
from rulewright_engine.solver.formula import bits_of
from rulewright_engine.solver.reasons import UnknownReason
from rulewright_engine.solver.theories.automata_intersection import EmptyIntersection, IntersectionUnknown, intersect
from rulewright_engine.solver.theories.candidate_texts import instances
from rulewright_engine.solver.theories.field_atoms import FieldAtoms
from rulewright_engine.solver.theories.field_theory import Element, FieldTheory
from rulewright_engine.solver.theories.protocol import Conflict
from rulewright_engine.solver.theories.text_automata import automaton_of
from rulewright_engine.values.patterns import Automaton
from rulewright_engine.values.text_analyzer import tokens
from rulewright_schema.errors import LimitExceeded

__all__ = ["TokenTheory"]

FILLERS = ("", "and", "then", "with", "x1")
"""What may stand between two pieces so that no phrase arises across them."""


class TokenTheory(FieldTheory):
    def __init__(self, atoms: FieldAtoms) -> None:
        super().__init__(atoms)
        self._tests = {bit: leaf.test for bit, leaf in atoms.leaves.items()}

    def find(self, yes: int, no: int) -> Element | Conflict:
        pieces: list[str] = []
        for number in bits_of(yes & ~self.atoms.present):
            piece = self._piece(1 << number, no)
            if isinstance(piece, Conflict):
                return piece
            pieces.append(piece)
        for filler in FILLERS:
            text = (f" {filler} " if filler else " ").join(pieces) or filler
            truth = self.truth(text)
            if not (yes & ~truth or no & truth):
                return Element(text)
        return Conflict(yes, no, UnknownReason.TOKENS_NOT_JOINED)

    def _piece(self, bit: int, no: int) -> str | Conflict:
        """A text of which one atom is true and none of `no`."""
        forbidden = 0
        for text in self._texts(self._tests[bit]):
            truth = self.truth(text)
            if bit & truth and not no & truth:
                return text
            forbidden |= no & truth
        match self._tests[bit]:
            case MatchesText():
                return Conflict(bit, forbidden)
            case MatchesToken(test):
                return self._token(bit, test, no)
            case _:
                return Conflict(bit, no, UnknownReason.TEXT_AND_TOKENS)

    def _texts(self, test: Test) -> Iterable[str]:
        match test:
            case MatchesText(words, phrase):
                return [" ".join(words)] if phrase else words
            case MatchesToken(inner):
                return instances(inner, lambda before, after: "")
            case _:
                return instances(test, lambda before, after: "")

    def _token(self, bit: int, test: Test, no: int) -> str | Conflict:
        """One token that passes `test` and no test of a token in `no`."""
        required = automaton_of(test)
        others = ((1 << number, self._of_token(1 << number)) for number in bits_of(no))
        excluded = [(other, automaton) for other, automaton in others if automaton]

        def violated(text: str) -> int | None:
            wrong = no & self.truth(text)
            if tokens(text) != (text,):
                raise IntersectionUnknown
            return next((index for index, (other, _) in enumerate(excluded) if other & wrong), None) if wrong else None

        if required is None:
            return Conflict(bit, no, UnknownReason.UNSOLVABLE_TOKEN_TEST)
        try:
            return intersect([required], lambda index: excluded[index][1], violated, shortest=1)
        except EmptyIntersection as proof:
            return Conflict(bit, sum(excluded[index][0] for index in proof.excluded))
        except (IntersectionUnknown, LimitExceeded):
            return Conflict(bit, no, UnknownReason.TOKEN_BUDGET)

    def _of_token(self, bit: int) -> Automaton | None:
        """The automaton of the tokens of which an atom is true, where one token decides it."""
        match self._tests[bit]:
            case MatchesToken(inner):
                return automaton_of(inner)
            case MatchesText((word,)):
                return automaton_of(Equals(word))
            case _:
                return None
