"""From a condition to the query that asks it, for the languages whose queries are one condition: KQL and Lucene."""

from collections.abc import Callable

from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.languages.field_problems import is_fatal
from rulewright_engine.languages.problems import GiveUp, Problems
from rulewright_schema.diagnostics import Diagnostic, Level

__all__ = ["TooManyConditions", "event_query"]


class TooManyConditions(Exception):
    """Ends the lowering of a query that asks too much."""


def event_query(lower: Callable[[], Condition], found: Problems, too_many: Diagnostic) -> EventQuery | None:
    """The query for the condition that `lower` makes; None where it cannot run.

    `found` holds what is wrong with the syntax, and `lower` adds to it what is wrong with fields and values.
    `too_many` is the only problem of a query that asks too much.
    """
    of_syntax = len(found)
    is_misread = any(map(is_fatal, found))
    try:
        condition = lower()
    except TooManyConditions:
        del found[of_syntax:]
        found.append(too_many)
        raise GiveUp from None
    if is_misread:  # what a misread query seems to say is no reason for a warning
        found.withdraw(of_syntax, lambda problem: problem.level is not Level.ERROR)
    return None if any(map(is_fatal, found)) else EventQuery(condition)
