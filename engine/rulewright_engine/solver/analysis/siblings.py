"""What stands beside a node of a condition on its way to the root, and where nodes stand in the text."""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from rulewright_engine.ir.expression import (
    And,
    Condition,
    Constant,
    Leaf,
    Not,
    Or,
)
from rulewright_engine.ir.tree import Path
from rulewright_schema.source import NOWHERE, Span

__all__ = ["Neighbour", "is_one", "neighbours", "span_of"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A node beside the way to another one, and the truth it must have so that the other one decides.

    `required`: the verdict is false without it whatever the other node is; else it is an alternative to the way.
    `demand` says its truth as a condition.
    """

    node: Condition
    truth: bool
    required: bool
    demand: Condition


def neighbours(root: Condition, place: Path, among: Container[int] | None = None) -> Iterator[Neighbour]:
    """What stands beside the node at `place` and beside each node above it, in pieces as small as they can be.

    With `among`, only those that hold one of these leaves, each given by its `id`.
    """
    positive = True
    for step in place:
        if isinstance(root, And | Or):
            together = isinstance(root, And)
            for position, child in enumerate(root.children):
                if position == step or not _holds_one(child, among):
                    continue
                for node, truth in child.signed_conjuncts(together):
                    if _holds_one(node, among):
                        yield Neighbour(node, truth, together == positive, node if truth else Not(node))
        elif isinstance(root, Not):
            positive = not positive
        root = root.children[step]


def _holds_one(node: Condition, among: Container[int] | None) -> bool:
    if isinstance(node, Leaf):
        return among is None or id(node) in among
    if isinstance(node, Constant):
        return among is None
    return among is None or any(id(leaf) in among for leaf in node.leaves())


def span_of(node: Condition) -> Span:
    """The place of a node in the text; of one that was made of several, the place of all of them."""
    if node.span != NOWHERE:
        return node.span
    spans = [leaf.span for leaf in node.leaves()]
    return Span(min(span.start for span in spans), max(span.end for span in spans)) if spans else NOWHERE


def is_one(node: Condition) -> bool:
    """Whether a node was written as one condition, whatever it means (`azure.*.name : x`, a filter)."""
    return isinstance(node, Leaf) or len({leaf.span for leaf in node.leaves()}) <= 1
