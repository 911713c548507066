"""Query text to syntax, and every mistake on the way."""

from dataclasses import dataclass

from rulewright_engine.esql.syntax.ast import Query
from rulewright_engine.esql.syntax.pipeline import PipelineParser
from rulewright_engine.esql.syntax.tokens import tokenize
from rulewright_schema.diagnostics import Diagnostic, Level

__all__ = ["Syntax", "parse"]

MAX_ESQL_LENGTH = 1_000_000
"""Characters of a query that are read; the longest published rule has 9,858."""


@dataclass(frozen=True, slots=True)
class Syntax:
    """What could be read. Commands that could not are `Unsupported("")`, and then a diagnostic says why."""

    query: Query
    diagnostics: tuple[Diagnostic, ...]

    @property
    def has_errors(self) -> bool:
        return any(diagnostic.level is Level.ERROR for diagnostic in self.diagnostics)


def parse(text: str) -> Syntax:
    """Parse a whole query. Never raises for bad input; spans of the diagnostics are offsets into `text`."""
    tokens, diagnostics = tokenize(text[:MAX_ESQL_LENGTH])
    parser = PipelineParser(text, tokens)
    settings = parser.settings()
    commands = parser.query()
    later = (each for each in parser.diagnostics if not _follows(each, diagnostics, text))
    return Syntax(Query(text, commands, settings), (*diagnostics, *later))


def _follows(diagnostic: Diagnostic, unreadable: list[Diagnostic], text: str) -> bool:
    """Whether a syntax error only follows from characters before it, in the same command, that could not be read."""
    if diagnostic.code != "RW580" or diagnostic.span is None:
        return False
    starts = (each.span.start for each in unreadable if each.code == "RW580" and each.span is not None)
    own = diagnostic.span.start
    return any(start <= own and "|" not in text[start + 1 : own].replace("||", "") for start in starts)
