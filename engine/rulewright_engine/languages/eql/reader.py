"""From EQL text to what it means, in one pass over it."""

from rulewright_engine.ir.expression import Literal, Scalar
from rulewright_engine.ir.fields import FieldTypes, MappingFields
from rulewright_engine.ir.query import Parsed, Query, QueryOptions
from rulewright_engine.languages.eql import codes
from rulewright_engine.languages.eql.cursor import Cursor
from rulewright_engine.languages.eql.expressions import parse_expression
from rulewright_engine.languages.eql.lower import lower
from rulewright_engine.languages.eql.parser import parse_statement
from rulewright_engine.languages.eql.problems import GiveUp, Problems
from rulewright_engine.languages.eql.tokens import END, tokenize
from rulewright_engine.languages.eql.values import Values
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span

__all__ = ["fold_constant", "read"]


def read(text: str, fields: FieldTypes, options: QueryOptions) -> Parsed[Query]:
    """Parse, type and lower an EQL query; every problem is a diagnostic.

    Wrong syntax is typed, too, as far as it was mended. One mistake, one diagnostic: what typing says of a place that
    is wrong already is left out.
    """
    problems = Problems()
    query = None
    try:
        statement = parse_statement(text, problems)
        wrong = [problem.span for problem in problems.found if problem.span]
        query = lower(statement, fields, options, problems)
        problems.found[len(wrong) :] = [
            problem for problem in problems.found[len(wrong) :] if not _overlaps(problem.span, wrong)
        ]
    except GiveUp:
        query = None
    return Parsed(query if problems.is_executable else None, problems.in_order())


def _overlaps(span: Span | None, others: list[Span]) -> bool:
    return span is not None and any(span.start < other.end and other.start < span.end for other in others)


def fold_constant(text: str) -> tuple[Scalar, tuple[Diagnostic, ...]]:
    """What an expression without fields is, and what is wrong with it; null where something is."""
    problems = Problems()
    value: Scalar = None
    try:
        cursor = Cursor(tokenize(text, problems), problems)
        expression = parse_expression(cursor)
        if cursor.kind is not END:
            cursor.report(codes.SYNTAX, f"unexpected {cursor.describe()}", help="remove it")
        if not problems.has_errors:
            typed = Values(MappingFields({}), problems).typed(expression)
            value = typed.value.value if isinstance(typed.value, Literal) else None
    except GiveUp:
        value = None
    return value if problems.is_executable else None, problems.in_order()
