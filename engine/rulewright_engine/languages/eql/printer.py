"""Expressions back to text: literals and fields as they were written, the rest on one line with single blanks."""

from collections.abc import Iterable

from rulewright_engine.languages.eql.ast import (
    Arithmetic,
    Comparison,
    Expression,
    FieldName,
    FunctionCall,
    Literal,
    Logical,
    Matching,
    Negation,
    Negative,
    Unreadable,
)

__all__ = ["quote", "text_of"]

_PRIMARY = (FieldName, Literal, FunctionCall)
"""What needs no parentheses anywhere."""


def text_of(expression: Expression) -> str:
    """Text that reads back as the same expression."""
    match expression:
        case FieldName() | Literal():
            return expression.text
        case FunctionCall():
            tilde = "~" if expression.insensitive else ""
            return f"{expression.name}{tilde}({_joined(expression.arguments)})"
        case Negative(operand):
            return f"-{_enclosed(operand)}"
        case Arithmetic() | Comparison():
            return f"{_enclosed(expression.left)} {expression.operator} {_enclosed(expression.right)}"
        case Matching():
            return _matching(expression)
        case Negation(operand):
            return f"not {_enclosed(operand)}"
        case Logical():
            return f" {expression.operator} ".join(map(_enclosed, expression.operands))
        case Unreadable():
            return ""


def quote(text: str) -> str:
    """The text as a string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"{}"'.format("".join(char if char.isprintable() else f"\\u{{{ord(char):02x}}}" for char in escaped))


def _matching(matching: Matching) -> str:
    operator = f" {'not ' if matching.negated else ''}{matching.operator} "
    elements = _joined(matching.elements)
    operand = text_of(matching.operand)
    if not isinstance(matching.operand, _PRIMARY):
        operand = f"({operand})"
    return f"{operand}{operator}{f'({elements})' if matching.is_list else elements}"


def _enclosed(expression: Expression) -> str:
    text = text_of(expression)
    return text if isinstance(expression, (*_PRIMARY, Negative)) else f"({text})"


def _joined(expressions: Iterable[Expression]) -> str:
    return ", ".join(map(text_of, expressions))
