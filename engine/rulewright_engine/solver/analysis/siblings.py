"""The siblings of a node: what stands beside it, and beside each node above it; where nodes stand in the text."""

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

__all__ = ["Sibling", "is_single_condition", "siblings", "span_of"]


@dataclass(frozen=True, slots=True)
class Sibling:
    """A node beside the path to another one, and the truth that it must have for the other one to decide.

    `required`: without that truth, the verdict is false whatever the other node is; else the sibling is an alternative
    that must not decide first. `assumption` says its truth as a condition.
    """

    node: Condition
    truth: bool
    required: bool
    assumption: Condition


def siblings(root: Condition, path: Path, among: Container[int] | None = None) -> Iterator[Sibling]:
    """The siblings of the node at `path` and of each node above it, in pieces as small as they can be.

    With `among`, only those that hold one of these conditions, each given by its `id`.
    """
    positive = True
    for step in path:
        if isinstance(root, And | Or):
            is_and = isinstance(root, And)
            for index, child in enumerate(root.children):
                if index == step or not _has_condition(child, among):
                    continue
                for node, truth in child.signed_conjuncts(is_and):
                    if _has_condition(node, among):
                        yield Sibling(node, truth, is_and == positive, node if truth else Not(node))
        elif isinstance(root, Not):
            positive = not positive
        root = root.children[step]


def _has_condition(node: Condition, among: Container[int] | None) -> bool:
    if isinstance(node, Leaf):
        return among is None or id(node) in among
    if isinstance(node, Constant):
        return among is None
    return among is None or any(id(leaf) in among for leaf in node.leaves())


def span_of(node: Condition) -> Span:
    """The span of a node in the text; of one that was made of several, the span of all of them."""
    if node.span != NOWHERE:
        return node.span
    spans = [leaf.span for leaf in node.leaves()]
    return Span(min(span.start for span in spans), max(span.end for span in spans)) if spans else NOWHERE


def is_single_condition(node: Condition) -> bool:
    """Whether a node was written as one condition, whatever it means (`azure.*.name : x`, a filter)."""
    return isinstance(node, Leaf) or len({leaf.span for leaf in node.leaves()}) <= 1
