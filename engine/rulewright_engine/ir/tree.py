"""Trees of immutable nodes: what one asks of any of them, and how one makes another of it."""

from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar, cast

__all__ = ["Path", "Tree"]

Path = tuple[int, ...]
"""Where a node stands: the position of the child at each level, from the root."""

Node = TypeVar("Node", bound="Tree[Any]")
Kind = TypeVar("Kind")
Result = TypeVar("Result")


class Tree(Generic[Node]):
    """A node and all below it; `Node` is the union of the classes that its tree is made of.

    A class whose nodes have children overrides `children` and `with_children`.

        >>> from rulewright_engine.ir.expression import And, Exists, Field, FieldType, Leaf, Not, Or
        >>> a, b, c = (Leaf(Field(name, FieldType.KEYWORD), Exists(), name) for name in "abc")
        >>> tree = And((a, Not(Or((b, c)))))

    Look at it:

        >>> [type(node).__name__ for node in tree.walk()]
        ['And', 'Leaf', 'Not', 'Or', 'Leaf', 'Leaf']
        >>> [node.text for node in tree.find(Leaf)]
        ['a', 'b', 'c']
        >>> [path for path, node in tree.walk_paths() if node == c]
        [(1, 0, 1)]
        >>> tree.at((1, 0, 1)) is c
        True

    Make another tree of it; what stays the same stays the same object:

        >>> tree.replace((1,), b) == And((a, b))
        True
        >>> changed = tree.transform(lambda node: b if isinstance(node, Or) else node)
        >>> changed == And((a, Not(b))), changed.at((0,)) is a
        (True, True)

    Compute something of it, here its height:

        >>> tree.fold(lambda node, below: 1 + max(below, default=0))
        4

    Take apart what one operator joins, however it is nested:

        >>> nested = And((And((a, b)), Or((b, c))))
        >>> list(nested.flatten(lambda node: isinstance(node, And))) == [a, b, Or((b, c))]
        True
    """

    __slots__ = ()

    @property
    def children(self) -> tuple[Node, ...]:
        """The nodes directly below, in the order of the text."""
        return ()

    def with_children(self, children: tuple[Node, ...]) -> Node:
        """This node above others, of which there are as many as before."""
        assert not children  # Invariant: a class whose nodes have children overrides this
        return cast("Node", self)

    def walk(self) -> Iterator[Node]:
        """This node and all below it, outer ones first, in the order of the text."""
        pending = [cast("Node", self)]
        while pending:
            node = pending.pop()
            yield node
            if children := node.children:
                pending += children[::-1]

    def walk_paths(self) -> Iterator[tuple[Path, Node]]:
        """As `walk`, each node with its path."""
        pending: list[tuple[Path, Node]] = [((), cast("Node", self))]
        while pending:
            path, node = pending.pop()
            yield path, node
            below = [((*path, position), child) for position, child in enumerate(node.children)]
            pending += below[::-1]

    def find(self, kind: type[Kind]) -> Iterator[Kind]:
        """Every node of a class, in the order of `walk`."""
        pending: list[Tree[Node]] = [self]
        while pending:
            node = pending.pop()
            if isinstance(node, kind):
                yield node
            if children := node.children:
                pending += children[::-1]

    def at(self, path: Path) -> Node:
        """The node at a path."""
        node = cast("Node", self)
        for position in path:
            node = node.children[position]
        return node

    def replace(self, path: Path, node: Node) -> Node:
        """The tree with another node at a path; all other paths stay what they are."""
        if not path:
            return node
        position, *below = path
        children = self.children
        changed: Node = children[position].replace(tuple(below), node)
        return self.with_children((*children[:position], changed, *children[position + 1 :]))

    def transform(self, change: Callable[[Node], Node]) -> Node:
        """The tree with `change` applied to every node, inner ones first: a node is changed with its new children."""
        node, children = cast("Node", self), self.children
        changed: tuple[Node, ...] = tuple([child.transform(change) for child in children])
        if any(new is not old for new, old in zip(changed, children, strict=True)):
            node = self.with_children(changed)
        return change(node)

    def fold(self, combine: Callable[[Node, tuple[Result, ...]], Result]) -> Result:
        """What `combine` makes of this node and of what it made of each child."""
        below: tuple[Result, ...] = tuple([child.fold(combine) for child in self.children])
        return combine(cast("Node", self), below)

    def flatten(self, joins: Callable[[Node], bool]) -> Iterator[Node]:
        """This node, or where it `joins` its children, these, taken apart in the same way."""
        pending = [cast("Node", self)]
        while pending:
            node = pending.pop()
            if joins(node):
                pending += node.children[::-1]
            else:
                yield node
