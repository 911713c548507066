"""How what a rule finds now lies to what it found before."""

from collections.abc import Iterable
from enum import StrEnum

__all__ = ["Relation", "combined", "of_numbers", "of_sets", "reversed_"]


class Relation(StrEnum):
    EQUAL = "equal"
    NARROWER = "narrower"  # what it finds, it found before
    WIDER = "wider"  # what it found, it still finds
    BOTH = "both"  # it finds something new, and something no longer
    CHANGED = "changed"  # it is another one, and nobody says in which direction
    UNDECIDED = "undecided"  # the search for a difference was given up


def combined(parts: Iterable[Relation]) -> Relation:
    """The relation of wholes that agree in all but these parts."""
    found = set(parts) - {Relation.EQUAL}
    for unclear in (Relation.CHANGED, Relation.UNDECIDED):
        if unclear in found:
            return unclear
    if len(found) > 1:
        return Relation.BOTH
    return next(iter(found), Relation.EQUAL)


def reversed_(relation: Relation) -> Relation:
    """That of what is excluded to what then is left."""
    turned = {Relation.NARROWER: Relation.WIDER, Relation.WIDER: Relation.NARROWER}
    return turned.get(relation, relation)


def of_sets(old: Iterable[str], new: Iterable[str]) -> Relation:
    """The relation of what is demanded by all elements of a set: the more, the narrower."""
    before, after = set(old), set(new)
    if before == after:
        return Relation.EQUAL
    if before < after:
        return Relation.NARROWER
    return Relation.WIDER if after < before else Relation.CHANGED


def of_numbers(old: float, new: float) -> Relation:
    """The relation of what demands at least a number."""
    if old == new:
        return Relation.EQUAL
    return Relation.NARROWER if new > old else Relation.WIDER
