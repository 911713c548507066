"""From EQL text to a typed query, in one pass over it."""

from rulewright_engine.eql.lower import lower
from rulewright_engine.eql.parser import parse_statement
from rulewright_engine.eql.problems import GiveUp, Problems
from rulewright_engine.fields import FieldTypes
from rulewright_engine.languages import Parsed, QueryOptions

__all__ = ["read"]


def read(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed:
    """Parse, type and lower an EQL query; every problem is a diagnostic."""
    problems = Problems()
    query = None
    statement = parse_statement(text, problems)
    if statement is not None and not problems.has_errors:
        try:
            query = lower(statement, fields, options, problems)
        except GiveUp:
            query = None
    return Parsed(query if problems.is_executable else None, problems.in_order())
