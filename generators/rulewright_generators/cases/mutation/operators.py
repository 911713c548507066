"""The small changes that a mutant may have: of one condition, of one list, of one AND, OR or NOT.

A value that the schema enumerates is never missing, and never spelled in another way: over valid documents,
`event.type : "start"` and `event.type : "start*"` mean the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from rulewright_engine.evaluate.functions import FUNCTIONS
from rulewright_engine.ir.expression import (
    And,
    Between,
    Call,
    Compare,
    Comparison,
    Condition,
    Constant,
    Equals,
    Exists,
    Field,
    FieldType,
    InNetwork,
    Leaf,
    MatchesGlob,
    MatchesRegex,
    Nested,
    Not,
    Or,
    Test,
    Value,
)
from rulewright_engine.ir.tree import Path
from rulewright_engine.values.addresses import parse_network
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.source import Span

__all__ = ["Change", "Operator", "changes_of", "distinguishing_condition", "with_prefix"]


class Operator(StrEnum):
    """The kinds of change."""

    TRUE = "condition always true"
    FALSE = "condition always false"
    NEGATED = "condition negated"
    BEGINNING = "exact text to a beginning"
    CASE = "case minded or ignored"
    WILDCARD = "wildcard at an end dropped"
    FILLED = "wildcard at an end needs a character"
    NUMBER = "number off by one"
    BOUND = "bound left out or let in"
    NETWORK = "network wider or narrower"
    MISSING = "missing field counts"
    CONNECTIVE = "and to or, or to and"
    NOT = "not dropped"


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """`node` takes the place of another; `what` completes "it dies if"."""

    operator: Operator
    path: Path
    node: Condition
    what: str
    span: Span


STRICT = {
    Comparison.LESS: Comparison.LESS_EQUAL,
    Comparison.LESS_EQUAL: Comparison.LESS,
    Comparison.GREATER: Comparison.GREATER_EQUAL,
    Comparison.GREATER_EQUAL: Comparison.GREATER,
}


def distinguishing_condition(condition: Condition, path: Path, node: Condition) -> Condition:
    """What is true of exactly the events to which `node`, in the place of what stands there, gives another verdict.

    The siblings on the path to the node must leave the decision to it: those in an AND are true, those in an OR false.
    """
    around: list[Condition] = []
    for position in path:
        siblings = [child for at, child in enumerate(condition.children) if at != position]
        around += siblings if isinstance(condition, And) else [Not(child) for child in siblings]
        condition = condition.children[position]
    return And((*around, Or((And((condition, Not(node))), And((node, Not(condition)))))))


def changes_of(condition: Condition, is_open: Callable[[Leaf], bool]) -> Iterator[Change]:
    """Every change, in the order of the text. `is_open`: whether a condition's field holds any values, or none."""
    return _changes(condition, (), _Surroundings(is_open))


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """`removed`: the constant that a node becomes where it is taken out of its AND or OR; `listed`: within a list."""

    is_open: Callable[[Leaf], bool]
    removed: bool | None = None
    listed: bool = False


def _changes(node: Condition, path: Path, around: _Surroundings) -> Iterator[Change]:
    match node:
        case Leaf():
            yield from _of_condition(node, path, around)
        case Constant():
            return
        case Not(child):
            if not isinstance(child, Leaf):
                yield Change(Operator.NOT, path, child, f"the `not` before {_named(child)} is dropped", node.span)
            removed = None if around.removed is None else not around.removed
            yield from _changes(child, (*path, 0), replace(around, removed=removed))
        case Nested(child=child):
            yield from _changes(child, (*path, 0), _Surroundings(around.is_open))
        case And(children) | Or(children):
            is_list = isinstance(node, Or) and _is_list(node)
            yield from _of_list(node, path, around) if is_list else _of_connective(node, path)
            inner = _Surroundings(around.is_open, isinstance(node, And), is_list)
            for position, child in enumerate(children):
                yield from _changes(child, (*path, position), inner)


def _is_list(node: Or) -> bool:
    """Whether alternatives read as one condition: those of one field."""
    leaves = [child for child in node.children if isinstance(child, Leaf)]
    return len(leaves) == len(node.children) and (node.listed or len({leaf.value for leaf in leaves}) == 1)


def _named(condition: Condition) -> str:
    """A node by the first atomic condition in it."""
    return next((f"`{leaf.text}`" for leaf in condition.leaves()), "`true`")


# Of one condition


def _of_condition(leaf: Leaf, path: Path, around: _Surroundings) -> Iterator[Change]:
    def change(operator: Operator, node: Condition, what: str) -> Change:
        return Change(operator, path, node, f"`{leaf.text}` {what}", leaf.span)

    for value, operator in ((True, Operator.TRUE), (False, Operator.FALSE)):
        what = "is removed" if value == around.removed else f"is always {'true' if value else 'false'}"
        yield change(operator, Constant(value), what)
    yield change(Operator.NEGATED, Not(leaf), "is negated")
    if not around.is_open(leaf):
        return
    for operator, test, what in _other_tests(leaf):
        yield change(operator, replace(leaf, test=test), what)
    if not around.listed:
        if (filled := _with_filled_ends(leaf)) is not None:
            yield change(Operator.FILLED, filled, "needs a character for the wildcard at its end")
        if (flipped := _with_other_case(leaf)) is not None:
            yield change(Operator.CASE, flipped, _case_of(leaf))
        if (absent := _or_absent(leaf, leaf)) is not None:
            yield change(Operator.MISSING, absent, "counts a missing field")


def _or_absent(node: Condition, leaf: Leaf) -> Condition | None:
    """A missing field meets the node: what another language, or another reading of null, would make of it."""
    field = next(leaf.value.fields(), None)
    if field is None or isinstance(leaf.test, Exists):
        return None
    return Or((node, Not(Leaf(field, Exists(), f"{field.name} != null"))))


def _other_tests(leaf: Leaf) -> Iterator[tuple[Operator, Test, str]]:
    match leaf.test:
        case Equals(str(text)) if _is_address(leaf.value):
            if other := with_prefix(text, -1):
                yield Operator.NETWORK, InNetwork(other), "is twice as wide"
        case Equals(str(text), insensitive) if text:
            yield Operator.BEGINNING, MatchesGlob((text, Wild.ANY), insensitive), "is only a beginning"
        case Equals(int(number)) if not isinstance(number, bool):
            yield Operator.NUMBER, Equals(number + 1), "is one more"
            yield Operator.NUMBER, Equals(number - 1), "is one less"
        case MatchesGlob(parts, insensitive) if len(parts) > 1:
            if parts[0] is Wild.ANY:
                yield Operator.WILDCARD, MatchesGlob(parts[1:], insensitive), "loses its first wildcard"
            if parts[-1] is Wild.ANY:
                yield Operator.WILDCARD, MatchesGlob(parts[:-1], insensitive), "loses its last wildcard"
        case Compare() as test if not isinstance(test.bound, str):
            yield from _other_bounds(test)
        case Between(low, high) if not isinstance(low.bound, str):
            yield from ((kind, Between(other, high), what) for kind, other, what in _other_bounds(low))
            yield from ((kind, Between(low, other), what) for kind, other, what in _other_bounds(high))
        case InNetwork(network):
            for change, what in ((-1, "is twice as wide"), (1, "is half as wide")):
                if other := with_prefix(network, change):
                    yield Operator.NETWORK, InNetwork(other), what


def _other_bounds(test: Compare) -> Iterator[tuple[Operator, Compare, str]]:
    assert not isinstance(test.bound, str)
    included = test.operator in (Comparison.LESS_EQUAL, Comparison.GREATER_EQUAL)
    what = "leaves its bound out" if included else "lets its bound in"
    yield Operator.BOUND, Compare(STRICT[test.operator], test.bound), what
    yield Operator.NUMBER, Compare(test.operator, test.bound + 1), "is one more"
    yield Operator.NUMBER, Compare(test.operator, test.bound - 1), "is one less"


def _is_address(value: Value) -> bool:
    return isinstance(value, Field) and value.type is FieldType.IP


def with_prefix(network: str, change: int) -> str | None:
    address, _, length = network.partition("/")
    wanted = int(length or (128 if ":" in address else 32)) + change
    text = f"{address}/{wanted}"
    return text if wanted > 0 and parse_network(text) is not None else None


def _with_other_case(leaf: Leaf) -> Leaf | None:
    """The condition that minds case where it did not, or the other way round; None where that makes no difference."""
    match leaf.test:
        case Equals() if _is_address(leaf.value):
            return None
        case Equals(str(text), insensitive) if text.swapcase() != text:
            return replace(leaf, test=Equals(text, not insensitive))
        case MatchesGlob(parts, insensitive) if any(
            part.swapcase() != part for part in parts if not isinstance(part, Wild)
        ):
            return replace(leaf, test=MatchesGlob(parts, not insensitive))
        case MatchesRegex(pattern, insensitive) if pattern.swapcase() != pattern:
            return replace(leaf, test=MatchesRegex(pattern, not insensitive))
    if isinstance(leaf.value, Call) and FUNCTIONS[leaf.value.function].minds_case:
        return replace(leaf, value=replace(leaf.value, insensitive=not leaf.value.insensitive))
    return None


def _with_filled_ends(leaf: Leaf) -> Leaf | None:
    """The condition with a character more wherever a wildcard stands at an end; None where there is none."""
    if not isinstance(leaf.test, MatchesGlob) or len(leaf.test.parts) < 2:
        return None
    parts = leaf.test.parts
    before = (Wild.ONE,) if parts[0] is Wild.ANY else ()
    after = (Wild.ONE, Wild.ANY) if parts[-1] is Wild.ANY else (parts[-1],)
    filled = (*before, *parts[:-1], *after)
    return None if filled == parts else replace(leaf, test=MatchesGlob(filled, leaf.test.insensitive))


def _case_of(leaf: Leaf) -> str:
    ignores = getattr(leaf.test, "insensitive", False) or getattr(leaf.value, "insensitive", False)
    return "minds case" if ignores else "ignores case"


# Of several


def _of_list(node: And | Or, path: Path, around: _Surroundings) -> Iterator[Change]:
    """The case and the wildcards of all elements, and what a missing field is to them."""
    leaves = [child for child in node.children if isinstance(child, Leaf)]
    if not any(map(around.is_open, leaves)):
        return
    named = f"the list with `{leaves[0].text}`"
    if (flipped := _each(leaves, _with_other_case)) is not None:
        first = next(leaf for leaf in leaves if _with_other_case(leaf))
        yield Change(Operator.CASE, path, flipped, f"{named} {_case_of(first)}", node.span)
    if (filled := _each(leaves, _with_filled_ends)) is not None:
        yield Change(
            Operator.FILLED, path, filled, f"{named} needs characters for the wildcards at its ends", node.span
        )
    if (absent := _or_absent(node, leaves[0])) is not None:
        yield Change(Operator.MISSING, path, absent, f"{named} counts a missing field", node.span)


def _each(leaves: list[Leaf], change: Callable[[Leaf], Leaf | None]) -> Condition | None:
    """A list of which every element is changed that can be; None where none can."""
    changed = [change(leaf) for leaf in leaves]
    return (
        Or(tuple(new or old for new, old in zip(changed, leaves, strict=True)), listed=True) if any(changed) else None
    )


def _of_connective(node: And | Or, path: Path) -> Iterator[Change]:
    if len(node.children) < 2:
        return
    first, second = _named(node.children[0]), _named(node.children[1])
    other = Or(node.children) if isinstance(node, And) else And(node.children)
    this, that = ("and", "or") if isinstance(node, And) else ("or", "and")
    what = f"`{this}` becomes `{that}` between {first} and {second}"
    yield Change(Operator.CONNECTIVE, path, other, what, node.span)
