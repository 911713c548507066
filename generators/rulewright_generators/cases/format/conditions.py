"""The conditions of a query and the names of their leaves; what a rule asks of events beside its conditions."""

from collections import Counter
from collections.abc import Iterable

from rulewright_engine.ir.expression import (
    Leaf,
)
from rulewright_engine.ir.query import (
    AnyQuery,
)

__all__ = ["condition_names", "names_of"]


def names_of(leaves: Iterable[Leaf]) -> tuple[str, ...]:
    """A name of its own for each leaf, in order."""
    met: Counter[str] = Counter()
    names = []
    for leaf in leaves:
        met[leaf.text] += 1
        names.append(leaf.text if met[leaf.text] == 1 else f"{leaf.text} #{met[leaf.text]}")
    return tuple(names)


def condition_names(query: AnyQuery | None) -> tuple[str, ...]:
    """The names of all leaves of a query, in the order of its text."""
    return names_of(query.leaves()) if query else ()
