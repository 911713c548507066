"""The names of the atomic conditions of a query; what a rule asks of events beside its conditions."""

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
    """A name of its own for each condition, in order."""
    met: Counter[str] = Counter()
    names = []
    for leaf in leaves:
        met[leaf.text] += 1
        names.append(leaf.text if met[leaf.text] == 1 else f"{leaf.text} #{met[leaf.text]}")
    return tuple(names)


def condition_names(query: AnyQuery | None) -> tuple[str, ...]:
    """The names of all conditions of a query, in the order of its text."""
    return names_of(query.leaves()) if query else ()
