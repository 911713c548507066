"""What is Kibana's in a filter: `meta` and `$state` around a clause, and the forms of earlier versions."""

from collections.abc import Mapping, Sequence
from typing import Any

from rulewright_engine.ir.expression import Condition, Not
from rulewright_engine.ir.fields import FieldTypes
from rulewright_engine.languages.field_problems import is_fatal
from rulewright_engine.languages.filters import codes
from rulewright_engine.languages.filters.clauses import Clauses
from rulewright_engine.languages.filters.located import Located
from rulewright_schema.files.positions import KeyPath

__all__ = ["lower_filters"]

_WRAPPING = frozenset({"meta", "$state"})


def lower_filters(
    filters: Sequence[Mapping[str, Any]], path: KeyPath, fields: FieldTypes, *, now: int
) -> tuple[tuple[Condition, ...] | None, tuple[Located, ...]]:
    """A condition for each filter that is not disabled, and what is wrong; None where one cannot be evaluated.

    `path` is where the list stands in the rule file: `("rule", "filters")`.
    """
    clauses = Clauses(fields, now=now)
    conditions = [
        condition
        for index, each in enumerate(filters)
        if (condition := _condition(each, (*path, index), clauses)) is not None
    ]
    problems = tuple(clauses.problems)
    return None if any(map(_is_fatal, problems)) else tuple(conditions), problems


def _condition(filter_: Mapping[str, Any], path: KeyPath, clauses: Clauses) -> Condition | None:
    meta = filter_.get("meta")
    options = meta if isinstance(meta, Mapping) else {}
    if options.get("disabled") is True:
        return None
    if "query" in filter_:
        condition = clauses.condition(filter_["query"], (*path, "query"))
    else:  # before Kibana 7 the clause stood beside `meta`
        rest = {name: body for name, body in filter_.items() if name not in _WRAPPING}
        condition = clauses.condition(rest, path)
    return Not(condition) if options.get("negate") is True else condition


def _is_fatal(located: Located) -> bool:
    return is_fatal(located.problem) or located.problem.code == codes.UNSUPPORTED_FILTER.code
