"""Query text to syntax, and every mistake on the way."""

from collections.abc import Sequence

from rulewright_engine.esql.syntax.ast import Query
from rulewright_engine.esql.syntax.pipeline import PipelineParser
from rulewright_engine.esql.syntax.tokens import tokenize
from rulewright_engine.languages.problems import Problems
from rulewright_schema.diagnostics import Diagnostic

__all__ = ["parse"]

MAX_ESQL_LENGTH = 1_000_000
"""Characters of a query that are read; the longest published rule has 9,858."""


def parse(text: str, found: Problems) -> Query:
    """What can be read of a whole query. Commands that cannot are `Unsupported("")`, and then `found` says why.

    Never raises for bad input; spans are offsets into `text`.
    """
    tokens = tokenize(text[:MAX_ESQL_LENGTH], found)
    unreadable = tuple(found)
    parser = PipelineParser(text, tokens, found)
    settings = parser.settings()
    commands = parser.query()
    found.withdraw(len(unreadable), lambda problem: _follows(problem, unreadable, text))
    return Query(text, commands, settings)


def _follows(diagnostic: Diagnostic, unreadable: Sequence[Diagnostic], text: str) -> bool:
    """Whether a syntax error only follows from characters before it, in the same command, that could not be read."""
    if diagnostic.code != "RW580" or diagnostic.span is None:
        return False
    starts = (each.span.start for each in unreadable if each.code == "RW580" and each.span is not None)
    own = diagnostic.span.start
    return any(start <= own and "|" not in text[start + 1 : own].replace("||", "") for start in starts)
