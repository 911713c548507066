"""TBUCKET and TRANGE: functions that stand for an expression over `@timestamp`."""

from rulewright_engine.esql.syntax.ast import (
    Call,
    Column,
    Expression,
    TimeSpan,
)
from rulewright_engine.ir.operators import Operator

__all__ = ["IMPLIED", "spelled_out"]

IMPLIED = {"tbucket": "a span of time", "trange": "a span of time, or a start and an end"}
"""Name -> what it takes."""


def spelled_out(node: Call) -> Expression | None:
    """What such a call means; None where it has too few or too many arguments."""
    timestamp = Column("@timestamp", node.name)
    match node.function, node.arguments:
        case "tbucket", (_, *_):
            return Call("bucket", (timestamp, *node.arguments), node.span, node.name)
        case "trange", (TimeSpan() as back,):
            now = Call("now", (), node.span, node.name)
            return _between(node, Call(Operator.SUBTRACT, (now, back), node.span, node.name), now)
        case "trange", (start, end):
            return _between(node, *(Call("to_datetime", (each,), each.span, node.name) for each in (start, end)))
        case _:
            return None


def _between(node: Call, start: Expression, end: Expression) -> Call:
    """Both ends belong to the range."""
    timestamp = Column("@timestamp", node.name)
    bounds = ((Operator.GREATER_EQUAL, start), (Operator.LESS_EQUAL, end))
    return Call(
        Operator.AND,
        tuple(Call(name, (timestamp, bound), node.span, node.name) for name, bound in bounds),
        node.span,
        node.name,
    )
