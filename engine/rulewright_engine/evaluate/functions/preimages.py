"""What is asked of the result of a text function, said as a plain test of the text itself.

`length(f) >= 3` is `f like "???*"`, `indexOf(f, "a") != null` is `f like "*a*"`. What has no such form stays as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass

from rulewright_engine.ir.expression import (
    Compare,
    Comparison,
    Equals,
    Exists,
    Field,
    Literal,
    MatchesGlob,
    Test,
    Value,
)
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["PlainTest", "Preimage", "affix", "of_concat", "of_index", "of_length", "of_string", "of_substring"]

MAX_WILDCARDS = 100_000
"""Lengths beyond this are not written as wildcards."""

Parts = tuple[str | Wild, ...]


@dataclass(frozen=True, slots=True)
class PlainTest:
    """The call meets what was asked of it exactly when its argument meets `test` (`holds`), or does not meet it."""

    test: Test
    holds: bool = True


Preimage = Callable[[tuple[Value, ...], Test, bool], PlainTest | None]
"""From the arguments of a call, a test of its result, and whether the call ignores case: the test of its only field (a
text) that means the same for every value that is there. None where there is no such test."""


def affix(parts: Parts, insensitive: bool) -> MatchesGlob:
    """The glob of the parts; an empty text among them asks for nothing."""
    return MatchesGlob(tuple(part for part in parts if part != ""), insensitive)


def of_string(arguments: tuple[Value, ...], test: Test, insensitive: bool) -> PlainTest | None:
    """`string(f)` of a text is the text."""
    return PlainTest(test) if isinstance(arguments[0], Field) else None


def of_index(arguments: tuple[Value, ...], test: Test, insensitive: bool) -> PlainTest | None:
    """`indexOf(f, "part") != null`: the part is found."""
    match arguments, test:
        case (Field(), Literal(str(part))), Exists():
            return PlainTest(affix((Wild.ANY, part, Wild.ANY) if part else (Wild.ANY,), insensitive))
        case _:
            return None


def of_length(arguments: tuple[Value, ...], test: Test, insensitive: bool) -> PlainTest | None:
    """As many wildcards as characters."""
    match arguments, test:
        case (Field(),), Equals(int(length)) if 0 <= length <= MAX_WILDCARDS:
            return PlainTest(MatchesGlob((Wild.ONE,) * length))
        case (Field(),), Compare(operator, bound) if isinstance(bound, int | float) and abs(bound) <= MAX_WILDCARDS:
            match operator:
                case Comparison.GREATER_EQUAL | Comparison.LESS:
                    least = int(-(-bound // 1))
                case Comparison.GREATER | Comparison.LESS_EQUAL:
                    least = int(bound // 1) + 1
            at_least = MatchesGlob((Wild.ONE,) * max(least, 0) + (Wild.ANY,))
            return PlainTest(at_least, holds=operator in (Comparison.GREATER, Comparison.GREATER_EQUAL))
        case _:
            return None


def of_substring(arguments: tuple[Value, ...], test: Test, insensitive: bool) -> PlainTest | None:
    """`substring(f, a, b) == "text"`, for a piece that a glob can pin down."""
    if not isinstance(test, Equals) or not isinstance(text := test.value, str) or not isinstance(arguments[0], Field):
        return None
    numbers = [bound.value for bound in arguments[1:] if isinstance(bound, Literal)]
    if len(numbers) != len(arguments) - 1:
        return None
    start, end = numbers[0], numbers[1] if len(numbers) > 1 else None
    parts: Parts
    match start, end:
        case int(start), None if 0 <= start <= MAX_WILDCARDS and text:
            parts = (Wild.ONE,) * start + (text,)
        case int(start), None if start < 0 and len(text) == -start:
            parts = (Wild.ANY, text)
        case int(start), int(end) if 0 <= start <= MAX_WILDCARDS and text and end == start + len(text):
            parts = (Wild.ONE,) * start + (text, Wild.ANY)
        case int(start), int(end) if 0 <= start <= MAX_WILDCARDS and text and end > start + len(text):
            parts = (Wild.ONE,) * start + (text,)
        case _:
            return None
    return PlainTest(affix(parts, test.insensitive))


def of_concat(arguments: tuple[Value, ...], test: Test, insensitive: bool) -> PlainTest | None:
    """`concat("a", f, "b") == "axb"`: the constant ends are cut from the test."""
    if not isinstance(test, Equals) or not isinstance(whole := test.value, str) or test.insensitive:
        return None
    index = next(position for position, argument in enumerate(arguments) if isinstance(argument, Field))
    sides = (*arguments[:index], *arguments[index + 1 :])
    texts = [side.value for side in sides if isinstance(side, Literal) and isinstance(side.value, str)]
    if len(texts) < len(sides):
        return None
    before, after = "".join(texts[:index]), "".join(texts[index:])
    if len(whole) < len(before) + len(after) or not whole.startswith(before) or not whole.endswith(after):
        return None
    return PlainTest(Equals(whole[len(before) : len(whole) - len(after)]))
