"""Which index patterns can name the same index, and which name every index that others do."""

from collections.abc import Sequence
from functools import lru_cache

from rulewright_engine.solver.analysis.relation import Relation
from rulewright_engine.solver.theories.automata_intersection import EmptyIntersection, IntersectionUnknown, intersect
from rulewright_engine.values.patterns import Automaton
from rulewright_engine.values.patterns.automaton import glob, matches
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["compare_indices", "intersects", "subsumes"]

_RELATIONS = {(True, True): Relation.EQUAL, (True, False): Relation.WIDER, (False, True): Relation.NARROWER}


def compare_indices(old: Sequence[str], new: Sequence[str]) -> Relation:
    """How the indices that the new patterns name lie to those that the old ones name."""
    return _RELATIONS.get((subsumes(new, old), subsumes(old, new)), Relation.CHANGED)


def intersects(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether some index may be named by both; a rule without patterns may read any.

    >>> intersects(["logs-*"], ["*-endpoint.events.*"])
    True
    >>> intersects(["logs-*"], ["winlogbeat-*"])
    False
    """
    return not one or not other or any(_intersect(left, right) for left in one for right in other)


def subsumes(wide: Sequence[str], narrow: Sequence[str]) -> bool:
    """Whether it is proven that every index that `narrow` names is named by `wide`.

    >>> subsumes(["logs-*", "auditbeat-*"], ["logs-endpoint.events.*"])
    True
    >>> subsumes(["logs-endpoint.*"], ["logs-*"])
    False
    """
    if set(narrow) == set(wide) or not wide:
        return True
    if not narrow or any(pattern.startswith("-") for pattern in (*wide, *narrow)):
        return False  # with exclusions, the order counts: claim nothing
    return all(pattern in wide or _subsumes(tuple(wide), pattern) for pattern in narrow)


@lru_cache(maxsize=16_384)
def _intersect(left: str, right: str) -> bool:
    try:
        intersect([_automaton(left), _automaton(right)], [].__getitem__, lambda text: None)
    except EmptyIntersection:
        return False
    except IntersectionUnknown:
        pass
    return True


@lru_cache(maxsize=4096)
def _subsumes(wide: tuple[str, ...], narrow: str) -> bool:
    automata = [_automaton(pattern) for pattern in wide]

    def violated(text: str) -> int | None:
        return next((number for number, automaton in enumerate(automata) if matches(automaton, text)), None)

    try:
        intersect([_automaton(narrow)], automata.__getitem__, violated)
    except EmptyIntersection:
        return True
    except IntersectionUnknown:
        pass
    return False


@lru_cache(maxsize=4096)
def _automaton(pattern: str) -> Automaton:
    """Index patterns know one wildcard, `*`."""
    return glob([Wild.ANY if part == "*" else part for part in _parts(pattern)])


def _parts(pattern: str) -> list[str]:
    first, *rest = pattern.split("*")
    return [part for part in (first, *(piece for text in rest for piece in ("*", text))) if part]
