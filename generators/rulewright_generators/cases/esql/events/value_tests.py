"""What a call asks of one value, in the tests that the solver knows."""

from collections.abc import Callable
from typing import Any

from rulewright_engine.esql.analysis.plan import Apply, Typed
from rulewright_engine.esql.analysis.plan import Constant as Known
from rulewright_engine.esql.functions.comparison import like_parts
from rulewright_engine.esql.functions.types import Type
from rulewright_engine.ir.expression import Compare, Comparison, Equals, InNetwork, MatchesGlob, MatchesRegex, Test
from rulewright_engine.values.addresses import address_text
from rulewright_engine.values.patterns.glob import Wild

__all__ = ["in_solver", "tests_of"]

Asked = tuple[Typed, list[tuple[Test, str]], bool]
"""A value, the tests of which it must meet one, each with its text, and whether it must rather meet none."""
Source = Callable[[Typed], str]
"""The text of an expression."""

_COMPARISONS = {
    "less": Comparison.LESS,
    "less_equal": Comparison.LESS_EQUAL,
    "greater": Comparison.GREATER,
    "greater_equal": Comparison.GREATER_EQUAL,
}
_MIRRORED = {"less": "greater", "less_equal": "greater_equal", "greater": "less", "greater_equal": "less_equal"}


def tests_of(call: Apply, source: Source) -> Asked | None:
    """What a call asks of which value: one of several tests; and whether it asks for none of them."""
    name, arguments = call.function.name, call.arguments
    text = source(call)
    if name in ("equals", "not_equals", *_COMPARISONS):
        return _comparison(call, text)
    values = [each.value for each in arguments[1:] if isinstance(each, Known)]
    if len(values) < len(arguments) - 1 or not arguments:
        return None
    subject = arguments[0]
    match name:
        case "in":
            texts = [f"{source(subject)} in ({source(each)})" for each in arguments[1:]]
            pairs = zip(values, texts, strict=True)
            return subject, [(_equals(v, subject.type), t) for v, t in pairs if v is not None], False
        case "like":
            texts = [f"{source(subject)} like {source(each)}" for each in arguments[1:]]
            globs = [MatchesGlob(parts) for each in values if not isinstance(parts := like_parts(each), int)]
            return subject, list(zip(globs, texts, strict=True)), False
        case "rlike":
            texts = [f"{source(subject)} rlike {source(each)}" for each in arguments[1:]]
            return subject, list(zip(map(MatchesRegex, values), texts, strict=True)), False
        case "cidr_match":
            texts = [f"cidr_match({source(subject)}, {source(each)})" for each in arguments[1:]]
            return subject, list(zip(map(InNetwork, values), texts, strict=True)), False
        case "starts_with":
            return subject, [(MatchesGlob((values[0], Wild.ANY)), text)], False
        case "ends_with":
            return subject, [(MatchesGlob((Wild.ANY, values[0])), text)], False
        case "contains":
            return subject, [(MatchesGlob((Wild.ANY, values[0], Wild.ANY)), text)], False
        case "mv_contains" if not isinstance(values[0], list):
            return subject, [(_equals(values[0], subject.type), text)], False
        case _:
            return None


def _comparison(call: Apply, text: str) -> Asked | None:
    name, (left, right) = call.function.name, call.arguments
    if isinstance(left, Known) and not isinstance(right, Known):
        left, right, name = right, left, _MIRRORED.get(name, name)
    if not isinstance(right, Known) or right.value is None or isinstance(right.value, list):
        return None
    located = _located(left, name, right.value)
    if located is not None:
        subject, part, found = located
        return subject, [(MatchesGlob((Wild.ANY, part, Wild.ANY)), text)], not found
    if name in ("equals", "not_equals"):
        return left, [(_equals(right.value, left.type), text)], name == "not_equals"
    return left, [(Compare(_COMPARISONS[name], in_solver(right.value, left.type)), text)], False


def _located(left: Typed, name: str, bound: Any) -> tuple[Typed, str, bool] | None:
    """`locate(x, "part") > 0`: the subject, the part, and whether it must be found."""
    if not isinstance(left, Apply) or left.function.name != "locate" or len(left.arguments) != 2:
        return None
    part = left.arguments[1]
    if not isinstance(part, Known) or not isinstance(part.value, str):
        return None
    if (name, bound) in (("greater", 0), ("not_equals", 0), ("greater_equal", 1)):
        return left.arguments[0], part.value, True
    return (left.arguments[0], part.value, False) if (name, bound) in (("equals", 0), ("less", 1)) else None


def in_solver(value: Any, type_: Type) -> Any:
    """A constant in the form in which the solver holds values of that type."""
    return address_text(value) if type_ is Type.IP and isinstance(value, int) else value


def _equals(value: Any, type_: Type) -> Equals:
    return Equals(in_solver(value, type_))
