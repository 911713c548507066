"""Values that tell a changed condition from the original: one character more, another case, the next number."""

from collections.abc import Iterator, Sequence

from rulewright_engine.ir.expression import Between, Compare, Equals, InNetwork, MatchesGlob, Scalar, Test
from rulewright_engine.solver.theories.candidate_texts import instances
from rulewright_engine.values.addresses import address_text, parse_network
from rulewright_engine.values.patterns.glob import Wild
from rulewright_generators.cases.mutation.operators import Operator

__all__ = ["variations"]

Held = tuple[Scalar, ...]


def variations(operator: Operator, test: Test, held: Held, met: Sequence[bool]) -> Iterator[Held]:
    """Other values of a field that holds `held`, the likeliest to tell the condition from its change first.

    `met`: which of the values alone meet the condition. The first of them is changed, the others are left out.
    """
    if operator is Operator.MISSING:
        yield ()
        return
    if not any(met):
        yield from ((value,) for value in _bounds(operator, test))
        return
    index = met.index(True)
    after = tuple(value for value, is_met in zip(held[index + 1 :], met[index + 1 :], strict=True) if not is_met)
    for other in (*_adjacent(operator, test, held[index]), *_bounds(operator, test)):
        if other != held[index]:
            yield (*held[:index], other, *after)


def _adjacent(operator: Operator, test: Test, value: Scalar) -> Iterator[Scalar]:
    match operator, value:
        case Operator.BEGINNING, str():
            text = test.value if isinstance(test, Equals) and isinstance(test.value, str) else value
            yield from (text + more for more in (_more(text), ".", " "))
        case Operator.CASE, str():
            yield from (value.upper(), value.lower(), value.swapcase())
        case Operator.WILDCARD, str():
            yield from (value + _more(value), f"x{value}", f"x{value}{_more(value)}")
        case Operator.FILLED, str() if isinstance(test, MatchesGlob):
            yield from instances(MatchesGlob(_without_ends(test.parts), test.insensitive), lambda before, after: "")
        case _:
            return


def _more(text: str) -> str:
    """A character that may follow a text and reads like more of it."""
    return "0" if text[-1:].isdigit() else "2" if text[-1:].isalpha() else "x"


def _without_ends(parts: tuple[str | Wild, ...]) -> tuple[str | Wild, ...]:
    start = 1 if parts[0] is Wild.ANY else 0
    return parts[start : len(parts) - (parts[-1] is Wild.ANY)]


def _bounds(operator: Operator, test: Test) -> Iterator[Scalar]:
    """The values at the bounds of a test, and beside them."""
    if operator not in (Operator.NUMBER, Operator.BOUND, Operator.NETWORK):
        return
    match test:
        case Compare(bound=int(bound) | float(bound)) | Equals(int(bound) | float(bound)):
            yield from (bound, bound + 1, bound - 1)
        case Between(low, high):
            yield from _bounds(operator, low)
            yield from _bounds(operator, high)
        case InNetwork(network):
            parsed = parse_network(network)
            if parsed is not None:
                middle = parsed.first + (parsed.last - parsed.first + 1) // 2
                for number in (parsed.last + 1, parsed.first - 1, parsed.last, parsed.first, middle):
                    if 0 <= number < 2**128:
                        yield address_text(number)
        case _:
            return
