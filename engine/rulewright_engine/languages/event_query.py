"""What KQL and Lucene share: their queries are one condition, and may look for one value in many fields."""

from collections.abc import Callable, Sequence

from rulewright_engine.ir.expression import Condition, InOtherFields, Leaf, Literal, Or
from rulewright_engine.ir.limits import MAX_FIELDS_APART
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.languages.field_problems import is_fatal
from rulewright_engine.languages.problems import GiveUp, Problems
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.source import Span

__all__ = ["TooManyConditions", "event_query", "some_field"]

_APART = 8
"""Of too many fields, those that stay apart: events that alert are made with one of them."""


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


def some_field(conditions: Sequence[Condition], asked: str, span: Span) -> Condition:
    """One of `conditions` holds, each of which asks one field for what `asked` says.

    Of very many, all but a few with the shortest names are one condition: each event is still asked in full, and
    nobody has to look into thousands of fields that a value without a field may stand in.
    """
    if len(conditions) == 1:
        return conditions[0]
    if len(conditions) > MAX_FIELDS_APART:
        ordered = sorted((each for each in conditions if any(each.fields())), key=_name_of)
        others = tuple(ordered[_APART:])
        text = f"{asked} in some of {len(others):,} other fields"
        conditions = [*ordered[:_APART], Leaf(Literal(None), InOtherFields(others, asked), text, span)]
    return Or(tuple(conditions), listed=True, span=span)


def _name_of(condition: Condition) -> tuple[int, str]:
    name = next(condition.fields()).name
    return name.count("."), name
