"""The expressions of a command, and every call in them."""

from collections.abc import Iterator

from rulewright_engine.esql.syntax.ast import (
    Assignment,
    Call,
    Command,
    Completion,
    Dissect,
    Enrich,
    Eval,
    Expression,
    Grok,
    InlineStats,
    Limit,
    LookupJoin,
    Parts,
    Row,
    Sort,
    Stats,
    Where,
)

__all__ = ["assignments_of", "calls_of", "expressions_of"]


def expressions_of(command: Command) -> Iterator[Expression]:
    """The outermost expressions of a command, in the order of the text."""
    match command:
        case Where(condition):
            yield condition
        case Eval() | Row() | Stats() | InlineStats():
            for assignment in assignments_of(command):
                yield assignment.expression
                if assignment.where is not None:
                    yield assignment.where
        case Sort(orders):
            yield from (order.expression for order in orders)
        case Limit(count):
            yield count
        case Grok(input) | Dissect(input) | Parts(input=input):
            yield input
        case LookupJoin(on=on, condition=condition):
            yield from on
            if condition is not None:
                yield condition
        case Enrich(on=on) if on is not None:
            yield on
        case Completion(prompt=prompt):
            yield prompt
        case _:
            return


def assignments_of(command: Command) -> tuple[Assignment, ...]:
    """The columns that a command computes; the grouping ones last."""
    match command:
        case Eval(fields) | Row(fields):
            return fields
        case Stats(aggregates, by) | InlineStats(aggregates, by):
            return (*aggregates, *by)
        case _:
            return ()


def calls_of(command: Command) -> Iterator[Call]:
    """Every call in a command, outer ones first."""
    for expression in expressions_of(command):
        yield from expression.find(Call)
