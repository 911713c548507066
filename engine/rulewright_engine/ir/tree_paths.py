"""Nodes of a condition by their place."""

from collections.abc import Iterator
from dataclasses import replace

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Nested,
    Not,
    Or,
)

__all__ = ["Place", "children_of", "node_at", "nodes_of", "replaced"]

Place = tuple[int, ...]
"""Where a node stands: the position of the child at each level, from the root."""


def children_of(condition: Condition) -> tuple[Condition, ...]:
    match condition:
        case And(children) | Or(children):
            return children
        case Not(child) | Nested(child=child):
            return (child,)
        case _:
            return ()


def node_at(condition: Condition, place: Place) -> Condition:
    for position in place:
        condition = children_of(condition)[position]
    return condition


def nodes_of(condition: Condition, place: Place = ()) -> Iterator[tuple[Place, Condition]]:
    """Every node and its place, outer ones first, in the order of the text."""
    yield place, condition
    for position, child in enumerate(children_of(condition)):
        yield from nodes_of(child, (*place, position))


def replaced(condition: Condition, place: Place, node: Condition) -> Condition:
    """The condition with another node at a place; all other places stay what they are."""
    if not place:
        return node
    position, *rest = place
    children = list(children_of(condition))
    children[position] = replaced(children[position], tuple(rest), node)
    match condition:
        case And() | Or():
            return replace(condition, children=tuple(children))
        case Not() | Nested():
            return replace(condition, child=children[0])
        case _:
            raise ValueError(place)
