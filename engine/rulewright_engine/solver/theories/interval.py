"""Numbers, dates, booleans and addresses: the bounds that conditions name cut the values into intervals.

Within one interval every condition about the value itself has one truth. So one representative for each bound and each
gap between two bounds decides every conjunction, and to have tried all of them without success is a proof. Conditions
about computed values have no such bounds: with one of them, a failure proves nothing.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rulewright_engine.ir.expression import (
    Between,
    Compare,
    Equals,
    Exists,
    Field,
    FieldType,
    InNetwork,
    IsTrue,
    Leaf,
    Scalar,
    Test,
)
from rulewright_engine.solver.formula import bits_of
from rulewright_engine.solver.reasons import only_tried_out
from rulewright_engine.solver.theories.field_atoms import FieldAtoms
from rulewright_engine.solver.theories.field_theory import Element, FieldTheory
from rulewright_engine.solver.theories.protocol import Conflict
from rulewright_engine.values.addresses import address_text, parse_address, parse_network

__all__ = ["IntervalTheory"]

SMALLEST_LONG, LARGEST_LONG = -(2**63), 2**63 - 1
LARGEST_ADDRESS = 2**128 - 1

VALUELESS = frozenset({FieldType.OBJECT, FieldType.NULL})


class IntervalTheory(FieldTheory):
    """`representatives` decide all questions, unless `_unknown` says why they may miss one."""

    def __init__(self, atoms: FieldAtoms) -> None:
        super().__init__(atoms)
        leaves = atoms.leaves.values()
        type_ = atoms.field.type
        self.representatives = [] if type_ in VALUELESS else _representatives(type_, leaves)
        self._unknown = next((only_tried_out(leaf.text) for leaf in leaves if not _has_bounds(leaf)), "")

    def find(self, yes: int, no: int) -> Element | Conflict:
        violations = []
        for value in self.representatives:
            truth = self.truth(value)
            missing, extra = yes & ~truth, no & truth
            if not missing and not extra:
                return Element(value)
            violations.append((missing, extra))
        if self._unknown:
            return Conflict(yes, no, self._unknown)
        return _core(violations)


def _has_bounds(leaf: Leaf) -> bool:
    """Whether a condition compares the value itself with bounds."""
    bounded = (Equals, Compare, Between, InNetwork, Exists, IsTrue)
    return isinstance(leaf.value, Field) and isinstance(leaf.test, bounded)


def _core(violations: list[tuple[int, int]]) -> Conflict:
    """Few atoms of which every representative violates one (greedy set cover: the atom that rules out most first)."""
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
    return Conflict(chosen_yes, chosen_no)


def _representatives(type_: FieldType, leaves: Iterable[Leaf]) -> Sequence[Scalar]:
    """Values that stand for all values of a field of this type under those `leaves` that have bounds."""
    bounds = {bound for leaf in leaves for bound in _bounds_of(leaf.test)}
    match type_:
        case FieldType.BOOLEAN:
            return [True, False]
        case FieldType.GEO:
            return ["POINT (4.9 52.4)"]
        case FieldType.IP:
            return _addresses(int(bound) for bound in bounds)
        case FieldType.DOUBLE:
            return _doubles(sorted(float(bound) for bound in bounds))
        case _:
            below, above = map(math.floor, bounds), map(math.ceil, bounds)
            around = {end + step for end in (*below, *above) for step in (-1, 0, 1)}
            return sorted(value for value in around if SMALLEST_LONG <= value <= LARGEST_LONG) or [1]


def _bounds_of(test: Test) -> list[float]:
    match test:
        case Between(low, high):
            return [*_bounds_of(low), *_bounds_of(high)]
        case Equals(str(address)) | Compare(bound=str(address)):
            number = parse_address(address)
            return [] if number is None else [number]
        case Equals(int() | float() as number) | Compare(bound=int() | float() as number):
            return [number]
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
    values = [bounds[0] - 1, *bounds, bounds[-1] + 1]
    values += [(low + high) / 2 for low, high in pairwise(bounds)]
    values += [math.nextafter(bound, side) for bound in bounds for side in (-math.inf, math.inf)]
    return list(dict.fromkeys(values))
