"""Leaves about a function of one text field, said as a plain test of the field itself.

`startsWith(f, "a")` is `f like "a*"`, `length(f) >= 3` is `f like "???*"`, `indexOf(f, "a") != null` is
`f like "*a*"`. What has no such form stays as it is, and is solved by trying values.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rulewright_engine.ir.expression import (
    Call,
    Compare,
    Comparison,
    Equals,
    Exists,
    Field,
    FieldType,
    IsTrue,
    Leaf,
    Literal,
    MatchesGlob,
    Test,
    Value,
)
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["PlainTest", "plain_test"]

LONGEST = 100_000
"""Lengths beyond this are not written as wildcards."""

TEXTUAL = frozenset({FieldType.KEYWORD, FieldType.WILDCARD})

Parts = tuple[str | Wild, ...]


@dataclass(frozen=True, slots=True)
class PlainTest:
    """The leaf is true of a value exactly when `test` is (`holds`), or is not."""

    test: Test
    holds: bool = True


def plain_test(leaf: Leaf) -> PlainTest | None:
    """The test of the leaf's only field that means the same for every value that is there; None where there is none."""
    match leaf.value, leaf.test:
        case Field(), test:
            return PlainTest(test)
        case Call("string", (Field(type=type_),)), test if type_ in TEXTUAL:
            return PlainTest(test)
        case Call(name, (Field(type=type_), Literal(str(text))), insensitive), IsTrue() if type_ in TEXTUAL:
            return _affix(name, text, insensitive)
        case Call("indexof", (Field(type=type_), Literal(str(text))), insensitive), Exists() if type_ in TEXTUAL:
            return PlainTest(MatchesGlob((Wild.ANY, text, Wild.ANY) if text else (Wild.ANY,), insensitive))
        case Call("length", (Field(type=type_),)), test if type_ in TEXTUAL:
            return _length(test)
        case Call("substring", (Field(type=type_), *bounds)), Equals(str(text), insensitive) if type_ in TEXTUAL:
            return _substring(bounds, text, insensitive)
        case Call("concat", arguments), test:
            return _concat(arguments, test)
        case _:
            return None


def _affix(name: str, text: str, insensitive: bool) -> PlainTest | None:
    parts: Parts
    match name:
        case "startswith":
            parts = (text, Wild.ANY)
        case "endswith":
            parts = (Wild.ANY, text)
        case "stringcontains" if text:
            parts = (Wild.ANY, text, Wild.ANY)
        case _:
            return None
    return PlainTest(MatchesGlob(_joined(parts), insensitive))


def _length(test: Test) -> PlainTest | None:
    match test:
        case Equals(int(length)) if 0 <= length <= LONGEST:
            return PlainTest(MatchesGlob((Wild.ONE,) * length))
        case Compare(operator, bound) if isinstance(bound, int | float) and abs(bound) <= LONGEST:
            match operator:
                case Comparison.GREATER_EQUAL | Comparison.LESS:
                    least = int(-(-bound // 1))
                case Comparison.GREATER | Comparison.LESS_EQUAL:
                    least = int(bound // 1) + 1
            at_least = MatchesGlob((Wild.ONE,) * max(least, 0) + (Wild.ANY,))
            return PlainTest(at_least, holds=operator in (Comparison.GREATER, Comparison.GREATER_EQUAL))
        case _:
            return None


def _substring(bounds: Sequence[Value], text: str, insensitive: bool) -> PlainTest | None:
    """`substring(f, a, b) == text`, for a piece that a glob can pin down."""
    numbers = [bound.value for bound in bounds if isinstance(bound, Literal)]
    if len(numbers) != len(bounds):
        return None
    start, end = numbers[0], numbers[1] if len(numbers) > 1 else None
    parts: Parts
    match start, end:
        case int(start), None if 0 <= start <= LONGEST and text:
            parts = (Wild.ONE,) * start + (text,)
        case int(start), None if start < 0 and len(text) == -start:
            parts = (Wild.ANY, text)
        case int(start), int(end) if 0 <= start <= LONGEST and text and end == start + len(text):
            parts = (Wild.ONE,) * start + (text, Wild.ANY)
        case int(start), int(end) if 0 <= start <= LONGEST and text and end > start + len(text):
            parts = (Wild.ONE,) * start + (text,)
        case _:
            return None
    return PlainTest(MatchesGlob(_joined(parts), insensitive))


def _concat(arguments: tuple[Value, ...], test: Test) -> PlainTest | None:
    """`concat("a", f, "b") == "axb"`: the constant ends are cut from the test."""
    places = [position for position, argument in enumerate(arguments) if isinstance(argument, Field)]
    if len(places) != 1 or not isinstance(test, Equals) or not isinstance(test.value, str) or test.insensitive:
        return None
    field = arguments[places[0]]
    sides = [argument for argument in arguments if argument is not field]
    if not isinstance(field, Field) or field.type not in TEXTUAL:
        return None
    if not all(isinstance(side, Literal) and isinstance(side.value, str) for side in sides):
        return None
    texts = [side.value if isinstance(side, Literal) and isinstance(side.value, str) else "" for side in sides]
    before, after = "".join(texts[: places[0]]), "".join(texts[places[0] :])
    whole = test.value
    if len(whole) < len(before) + len(after) or not whole.startswith(before) or not whole.endswith(after):
        return None
    return PlainTest(Equals(whole[len(before) : len(whole) - len(after)]))


def _joined(parts: Parts) -> Parts:
    return tuple(part for part in parts if part != "")
