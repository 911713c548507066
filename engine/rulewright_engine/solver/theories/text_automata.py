"""Which texts pass a test of one text, as an automaton."""

from rulewright_engine.ir.expression import Equals, MatchesFuzzy, MatchesGlob, MatchesRegex, Test
from rulewright_engine.values.patterns.automaton import Automaton, fuzzy, glob, literal, regex

__all__ = ["automaton_of"]


def automaton_of(test: Test) -> Automaton | None:
    """The automaton of the texts that pass a test of one text; None for tests of anything else."""
    match test:
        case Equals(str() as text, insensitive):
            return literal(text, insensitive=insensitive)
        case MatchesGlob(parts, insensitive):
            return glob(parts, insensitive=insensitive)
        case MatchesRegex(pattern, insensitive):
            return regex(pattern, insensitive=insensitive)
        case MatchesFuzzy(text, edits, prefix_length, transpositions):
            return fuzzy(text, edits, prefix_length=prefix_length, transpositions=transpositions)
        case _:
            return None
