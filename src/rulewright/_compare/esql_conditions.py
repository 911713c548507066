"""A condition of ES|QL in the form that edits are found in: ANDs, ORs and negations of atomic texts, and back to text.

Nothing here is evaluated; but what holds of the form holds of the query, since three-valued logic keeps De Morgan's
laws, and the rows for which an AND (an OR) is true are the intersection (the union) of those of its operands.
"""

from collections.abc import Mapping

from rulewright_engine.esql.syntax.ast import (
    Call,
    Column,
    Expression,
    ListLiteral,
    Literal,
    MapLiteral,
    Star,
    TimeSpan,
)
from rulewright_engine.esql.syntax.tokens import TokenKind, tokenize
from rulewright_engine.ir.expression import And, Condition, Constant, Equals, Field, FieldType, Leaf, Not, Or
from rulewright_engine.ir.expression import Call as Several
from rulewright_engine.ir.operators import Operator
from rulewright_engine.languages.problems import Problems

__all__ = ["canonical_text", "condition_of", "query_text"]

LISTS: Mapping[str, str] = {Operator.IN: "==", Operator.LIKE: "LIKE", Operator.RLIKE: "RLIKE"}
"""What takes a list of alternatives, and how one of them is asked for."""


def condition_of(expression: Expression, text: str) -> Condition:
    """The form of a condition of the query `text`; each element of a list is a condition of its own."""

    def said(part: Expression) -> str:
        return _source(part, text)

    match expression:
        case Literal(bool(value)):
            return Constant(value)
        case Call(Operator.AND | Operator.OR as operator, arguments):
            operands = tuple(condition_of(each, text) for each in arguments)
            return And(operands) if operator is Operator.AND else Or(operands)
        case Call(Operator.NOT, (inner,)):
            return Not(condition_of(inner, text))
        case Call(function, (asked, *items)) if function in LISTS and items:
            elements = tuple(_element(asked, function, item, text) for item in items)
            return elements[0] if len(elements) == 1 else Or(elements, listed=True)
        case Call(Operator.NOT_EQUALS, (left, right) as sides):
            return Not(_leaf(Call(Operator.EQUALS, sides, expression.span), f"{said(left)} == {said(right)}"))
        case Call(Operator.IS_NOT_NULL, (inner,) as sides):
            return Not(_leaf(Call(Operator.IS_NULL, sides, expression.span), f"{said(inner)} IS NULL"))
        case _:
            return _leaf(expression, said(expression))


def _element(asked: Expression, function: str, item: Expression, text: str) -> Leaf:
    test = Call(Operator.EQUALS if function == Operator.IN else function, (asked, item), asked.span)
    return _leaf(test, f"{_source(asked, text)} {LISTS[function]} {_source(item, text)}")


def _leaf(expression: Expression, text: str) -> Leaf:
    """Its value stands for the columns that it asks, its test for all else."""
    names = dict.fromkeys(column.name for column in expression.find(Column))
    columns = tuple(Field(name, FieldType.KEYWORD) for name in names)
    value = columns[0] if len(columns) == 1 else Several("columns", columns)
    return Leaf(value, Equals(canonical_text(expression)), text)


def _source(expression: Expression, text: str) -> str:
    """What the query says; the place of an operator does not hold the parentheses around its operands."""
    said = text[expression.span.start : expression.span.end]
    if "(" not in said and ")" not in said:
        return said
    symbols = [token.text for token in tokenize(said, Problems()) if token.kind is TokenKind.SYMBOL]
    missing = symbols.count(")") - symbols.count("(")
    return "(" * missing + said + ")" * -missing


def canonical_text(expression: Expression) -> str:
    """A text that is equal for expressions that differ in blanks, comments, parentheses and case of keywords alone."""
    match expression:
        case Call(function, arguments):
            return f"{function}({', '.join(map(canonical_text, arguments))})"
        case Column(name):
            return f"`{name}`"
        case Literal(value):
            return repr(value)
        case ListLiteral(items):
            return f"[{', '.join(map(canonical_text, items))}]"
        case MapLiteral(items):
            return f"{{{', '.join(f'{key!r}: {canonical_text(value)}' for key, value in items)}}}"
        case TimeSpan(amount, unit):
            return f"{amount} {unit.removesuffix('s')}"
        case Star():
            return "*"
        case _:
            return "?"


def query_text(condition: Condition) -> str:
    """The form as a condition of a query again."""
    match condition:
        case Constant(value):
            return str(value).upper()
        case Not(child):
            return f"NOT ({query_text(child)})"
        case And(operands) | Or(operands):
            word = " AND " if isinstance(condition, And) else " OR "
            return word.join(f"({query_text(each)})" for each in operands)
        case Leaf(text=text):
            return text
        case _:
            raise TypeError(condition)
