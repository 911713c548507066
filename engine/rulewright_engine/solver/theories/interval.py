"""Numbers, dates, booleans and addresses: a few points stand for all values.

Between two neighbouring bounds that conditions name, one value is like another; so one point for each bound and each
gap decides every conjunction, and a refusal is a proof.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from rulewright_engine.ir.expression import (
    Between,
    Compare,
    Equals,
    FieldType,
    InNetwork,
    Leaf,
    Scalar,
    Test,
)
from rulewright_engine.solver.formula import bits_of
from rulewright_engine.solver.theories.field_theory import Element, FieldDomain
from rulewright_engine.solver.theories.protocol import Refusal
from rulewright_engine.values.addresses import address_text, parse_address, parse_network

__all__ = ["PointDomain", "points_of"]

SMALLEST_LONG, LARGEST_LONG = -(2**63), 2**63 - 1
LARGEST_ADDRESS = 2**128 - 1


class PointDomain(FieldDomain):
    """`points` decide all questions, unless `open_ended` says why they may miss one."""

    def __init__(
        self,
        *,
        atoms: int,
        present: int,
        absent: int,
        suggestions: Sequence[Scalar],
        several: bool | None,
        judge: Callable[[Scalar], int],
        points: Sequence[Scalar],
        open_ended: str = "",
    ) -> None:
        super().__init__(atoms, present, absent, suggestions, several)
        self._judge = judge
        self.points = points
        self._open_ended = open_ended

    def judge_one(self, value: Scalar) -> int:
        return self._judge(value)

    def find(self, yes: int, no: int) -> Element | Refusal:
        violations = []
        for point in self.points:
            truth = self.truth(point)
            missing, extra = yes & ~truth, no & truth
            if not missing and not extra:
                return Element(point)
            violations.append((missing, extra))
        if self._open_ended:
            return Refusal(yes, no, self._open_ended)
        return _cover(violations)


def _cover(violations: list[tuple[int, int]]) -> Refusal:
    """Few demands of which every point violates one (greedily the demand that rules out most points)."""
    chosen_yes = chosen_no = 0
    while violations:
        counts: dict[tuple[int, bool], int] = {}
        for missing, extra in violations:
            for bit in bits_of(missing):
                counts[bit, True] = counts.get((bit, True), 0) + 1
            for bit in bits_of(extra):
                counts[bit, False] = counts.get((bit, False), 0) + 1
        bit, holds = max(counts, key=lambda literal: (counts[literal], -literal[0], literal[1]))
        if holds:
            chosen_yes |= 1 << bit
        else:
            chosen_no |= 1 << bit
        violations = [(m, e) for m, e in violations if not ((m if holds else e) >> bit & 1)]
    return Refusal(chosen_yes, chosen_no)


def points_of(type: FieldType, leaves: Iterable[Leaf]) -> Sequence[Scalar]:  # noqa: A002 (the word for it)
    """Points that stand for all values of a field of this type under the plain tests of `leaves`."""
    bounds = {bound for leaf in leaves for bound in _bounds_of(leaf.test)}
    match type:
        case FieldType.BOOLEAN:
            return [True, False]
        case FieldType.IP:
            return _addresses(bounds)
        case FieldType.DOUBLE:
            return _doubles(sorted(float(bound) for bound in bounds))
        case _:
            below, above = map(math.floor, bounds), map(math.ceil, bounds)
            around = {end + step for end in (*below, *above) for step in (-1, 0, 1)}
            return sorted(point for point in around if SMALLEST_LONG <= point <= LARGEST_LONG) or [1]


def _bounds_of(test: Test) -> list[int]:
    match test:
        case Between(low, high):
            return [*_bounds_of(low), *_bounds_of(high)]
        case Equals(value) | Compare(bound=value) if isinstance(value, str):
            number = parse_address(value)
            return [] if number is None else [number]
        case Equals(value) | Compare(bound=value):
            return [value]  # type: ignore[list-item]  # a float where the field is one
        case InNetwork(network):
            parsed = parse_network(network)
            return [] if parsed is None else [parsed.first, parsed.last]
        case _:
            return []


def _addresses(bounds: Iterable[int]) -> list[Scalar]:
    """Addresses at and beside each bound, and one of each family away from all of them."""
    ipv4 = parse_network("0.0.0.0/0")
    assert ipv4 is not None
    bounds = [*bounds, ipv4.first, ipv4.last]
    around = {near for bound in bounds for near in (bound, bound + 1, bound - 1) if 0 <= near <= LARGEST_ADDRESS}
    mapped_last = sorted(around, key=lambda number: (not ipv4.first <= number <= ipv4.last, number))
    return [address_text(number) for number in mapped_last]


def _doubles(bounds: list[float]) -> list[Scalar]:
    if not bounds:
        return [1.0]
    points = [bounds[0] - 1, *bounds, bounds[-1] + 1]
    points += [(low + high) / 2 for low, high in pairwise(bounds)]
    points += [math.nextafter(bound, side) for bound in bounds for side in (-math.inf, math.inf)]
    return list(dict.fromkeys(points))
