"""Which index patterns can name the same index, and which name every index that others do."""

from collections.abc import Sequence
from functools import lru_cache

from rulewright_engine.solver.analysis.relation import Relation
from rulewright_engine.solver.theories.automata_intersection import NoWord, Unfinished, find_word
from rulewright_engine.values.patterns import Language
from rulewright_engine.values.patterns.automaton import glob, matches
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["compare_indices", "cover", "meet"]

_RELATIONS = {(True, True): Relation.EQUAL, (True, False): Relation.WIDER, (False, True): Relation.NARROWER}


def compare_indices(old: Sequence[str], new: Sequence[str]) -> Relation:
    """How the indices that the new patterns name lie to those that the old ones name."""
    return _RELATIONS.get((cover(new, old), cover(old, new)), Relation.CHANGED)


def meet(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether some index may be named by both; a rule without patterns may read any."""
    return not one or not other or any(_meet(left, right) for left in one for right in other)


def cover(wide: Sequence[str], narrow: Sequence[str]) -> bool:
    """Whether it is proven that every index that `narrow` names is named by `wide`."""
    if set(narrow) == set(wide) or not wide:
        return True
    if not narrow or any(pattern.startswith("-") for pattern in (*wide, *narrow)):
        return False  # with exclusions, the order counts: claim nothing
    return all(pattern in wide or _covers(tuple(wide), pattern) for pattern in narrow)


@lru_cache(maxsize=16_384)
def _meet(left: str, right: str) -> bool:
    try:
        find_word([_language(left), _language(right)], [].__getitem__, lambda text: None)
    except NoWord:
        return False
    except Unfinished:
        pass
    return True


@lru_cache(maxsize=4096)
def _covers(wide: tuple[str, ...], narrow: str) -> bool:
    languages = [_language(pattern) for pattern in wide]

    def violated(text: str) -> int | None:
        return next((place for place, language in enumerate(languages) if matches(language, text)), None)

    try:
        find_word([_language(narrow)], languages.__getitem__, violated)
    except NoWord:
        return True
    except Unfinished:
        pass
    return False


@lru_cache(maxsize=4096)
def _language(pattern: str) -> Language:
    """Index patterns know one wildcard, `*`."""
    return glob([Wild.ANY if part == "*" else part for part in _parts(pattern)])


def _parts(pattern: str) -> list[str]:
    first, *rest = pattern.split("*")
    return [part for part in (first, *(piece for text in rest for piece in ("*", text))) if part]
