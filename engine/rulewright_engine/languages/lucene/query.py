"""From the text of a query to what it asks."""

from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.ir.limits import MAX_QUERY_PROBLEMS
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.languages.field_problems import is_fatal
from rulewright_engine.languages.lucene.lower import lower
from rulewright_engine.languages.lucene.parser import parse
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.source import Span

__all__ = ["parse_lucene"]


def parse_lucene(text: str, fields: FieldTypes, *, now: int) -> tuple[EventQuery | None, tuple[Diagnostic, ...]]:
    """The query and its problems by place; None where it cannot run. Never raises for bad input."""
    node, problems = parse(text)
    if node is None:
        return None, problems[:MAX_QUERY_PROBLEMS]
    condition, more = lower(node, text, fields, now=now)
    if any(map(is_fatal, problems)):  # what a misread query seems to say is no reason for a warning
        more = tuple(problem for problem in more if problem.level is Level.ERROR)
    found = tuple(sorted((*problems, *more), key=lambda problem: problem.span or Span(0, 0)))
    return None if any(map(is_fatal, found)) else EventQuery(condition), found[:MAX_QUERY_PROBLEMS]
