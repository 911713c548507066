"""The stages of two sequences side by side: which of them are one and the same, which came and which went."""

from collections.abc import Iterator, Sequence

from rulewright._compare.edits import Profile, flat
from rulewright_engine.ir.query import Stage

__all__ = ["aligned"]

Pair = tuple[int, Stage | None, Stage | None]

MAX_PAIRS = 2_500
"""Pairs of stages whose likeness is asked for; of more, none are taken for the same."""


def aligned(old: Sequence[Stage], new: Sequence[Stage]) -> Iterator[Pair]:
    """The stages side by side, in order, so that they are as like as can be; numbered as the new rule has them, and
    those that are gone as the old rule had them."""
    if len(old) == len(new):
        yield from ((number, *pair) for number, pair in enumerate(zip(old, new, strict=True), 1))
        return
    one = other = 0
    for before, after in _pairs(old, new):
        yield from _unpaired(old, new, range(one, before), range(other, after))
        yield after + 1, old[before], new[after]
        one, other = before + 1, after + 1
    yield from _unpaired(old, new, range(one, len(old)), range(other, len(new)))


def _unpaired(old: Sequence[Stage], new: Sequence[Stage], gone: Sequence[int], came: Sequence[int]) -> Iterator[Pair]:
    yield from ((number + 1, old[number], None) for number in gone)
    yield from ((number + 1, None, new[number]) for number in came)


def _pairs(old: Sequence[Stage], new: Sequence[Stage]) -> list[tuple[int, int]]:
    """The positions of those that are one and the same: the pairs in order that have the most in common together."""
    if len(old) * len(new) > MAX_PAIRS:
        return []
    before, after = ([Profile.of(flat(stage.condition)) for stage in stages] for stages in (old, new))
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])] * (len(new) + 1)
    for one, profile in enumerate(before):
        row = [best[0]]
        for other, counterpart in enumerate(after):
            alike = profile.likeness(counterpart, conjunctive=True) if old[one].missing == new[other].missing else 0
            total, pairs = best[other]
            paired = (total + alike, [*pairs, (one, other)]) if alike else (0.0, [])
            row.append(max(row[-1], best[other + 1], paired, key=lambda each: each[0]))
        best = row
    return best[-1][1]
