"""How much work a backtracking matcher may have with an expression, as a power of the length of the text.

A repetition multiplies the work only if the matcher can move its end: if what must follow can begin inside of what
it repeats. If something inside a repetition can be matched in several ways, the time may be exponential. Both are
upper bounds.
"""

from dataclasses import dataclass

from rulewright_engine.values.patterns.characters import ANY, CharacterSet, union
from rulewright_engine.values.regex.syntax import (
    Alternation,
    Anchor,
    Assertion,
    Atomic,
    Backreference,
    Characters,
    Group,
    Mode,
    Node,
    Repeat,
    Sequence,
    children_of,
)

__all__ = ["EXPONENTIAL", "degree"]

EXPONENTIAL = 99
_LONG = 64
"""A repetition that may go on for longer counts as unbounded."""


def degree(node: Node) -> int:
    """The power for a match at one place; EXPONENTIAL or more if it may be worse than any small power."""
    return _facts(node, ()).power


@dataclass(frozen=True, slots=True)
class _Facts:
    """`first`: characters that a match may begin with. `moves`: the same text may be matched in several ways."""

    power: int
    first: CharacterSet
    is_empty: bool
    moves: bool


def _facts(node: Node, follow: CharacterSet) -> _Facts:
    """`follow` holds the characters that what stands behind the node may begin with; empty: nothing has to follow."""
    match node:
        case Characters(characters):
            return _Facts(0, characters, is_empty=False, moves=False)
        case Sequence(items):
            return _of_sequence(items, follow)
        case Alternation(branches):
            return _of_alternation(branches, follow)
        case Repeat():
            return _of_repeat(node, follow)
        case Group(child):
            return _facts(child, follow)
        case Atomic(child):
            inner = _facts(child, ())
            return _Facts(inner.power, inner.first, inner.is_empty, moves=False)
        case Assertion(child):
            return _Facts(_facts(child, ()).power, (), is_empty=True, moves=False)
        case Backreference():
            return _Facts(EXPONENTIAL, ANY, is_empty=True, moves=True)
        case Anchor():
            return _Facts(0, (), is_empty=True, moves=False)


def _of_sequence(items: tuple[Node, ...], follow: CharacterSet) -> _Facts:
    power, behind, is_empty, moves = 0, follow, True, False
    begins: CharacterSet = ()
    for item in reversed(items):
        facts = _facts(item, behind)
        power += facts.power
        moves = moves or facts.moves
        begins = union((*facts.first, *begins)) if facts.is_empty else facts.first
        behind = union((*facts.first, *behind)) if facts.is_empty else facts.first
        is_empty = is_empty and facts.is_empty
    return _Facts(power, begins, is_empty, moves)


def _of_alternation(branches: tuple[Node, ...], follow: CharacterSet) -> _Facts:
    facts = [_facts(branch, follow) for branch in branches]
    seen: CharacterSet = ()
    moves = any(fact.moves for fact in facts)
    for fact in facts:
        moves = moves or fact.is_empty or _overlap(fact.first, seen)
        seen = union((*seen, *fact.first))
    return _Facts(max(fact.power for fact in facts), seen, any(fact.is_empty for fact in facts), moves)


def _of_repeat(node: Repeat, follow: CharacterSet) -> _Facts:
    alone = _facts(node.child, ())
    inner = _facts(node.child, union((*alone.first, *follow)))
    is_empty = node.least == 0 or inner.is_empty
    if node.mode is Mode.POSSESSIVE:
        return _Facts(inner.power, inner.first, is_empty, moves=False)
    is_long = node.most is None or node.most > _LONG
    can_end_early = node.least != node.most and _overlap(_all(node.child), follow)
    if is_long and (inner.moves or inner.is_empty):
        return _Facts(EXPONENTIAL, inner.first, is_empty, moves=True)
    power = inner.power + (1 if is_long and can_end_early else 0)
    return _Facts(power, inner.first, is_empty, inner.moves or can_end_early)


def _all(node: Node) -> CharacterSet:
    """Every character that a match may hold."""
    if isinstance(node, Characters):
        return node.set
    if isinstance(node, Backreference):
        return ANY
    if isinstance(node, Assertion):
        return ()
    return union(bounds for child in children_of(node) for bounds in _all(child))


def _overlap(left: CharacterSet, right: CharacterSet) -> bool:
    return any(first <= last_right and first_right <= last for first, last in left for first_right, last_right in right)
