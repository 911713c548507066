"""What a call asks of one value, in the tests that the solver knows."""

from collections.abc import Callable

from rulewright_engine.esql.analysis.plan import Apply, Typed
from rulewright_engine.esql.analysis.plan import Constant as Known
from rulewright_engine.ir.expression import Test
from rulewright_engine.ir.operators import COMPARISONS

__all__ = ["tests_of"]

Asked = tuple[Typed, list[tuple[Test, str]], bool]
"""A value, the tests of which it must meet one, each with its text, and whether it must rather meet none."""
Source = Callable[[Typed], str]
"""The text of an expression."""


def tests_of(call: Apply, source: Source) -> Asked | None:
    """What a call asks of which value: one of several tests; and whether it asks for none of them."""
    function, arguments = call.function, call.arguments
    if function.operator in COMPARISONS:
        return _comparison(call, source(call))
    as_test = function.traits.as_test
    if as_test is None or not arguments or not all(isinstance(each, Known) for each in arguments[1:]):
        return None
    subject, *elements = arguments
    is_list = function.traits.element is not None
    tests = [
        (test, function.written(source(subject), source(each)) if is_list else source(call))
        for each in elements
        if isinstance(each, Known) and (test := as_test(each.value, subject.type)) is not None
    ]
    return (subject, tests, False) if tests or is_list else None


def _comparison(call: Apply, text: str) -> Asked | None:
    function, (left, right) = call.function, call.arguments
    if isinstance(left, Known) and not isinstance(right, Known):
        left, right, function = right, left, function.mirrored
    positive = function.negates or function
    as_test = positive.traits.as_test
    test = as_test(right.value, left.type) if isinstance(right, Known) and as_test is not None else None
    if test is None:
        return None
    negated = positive is not function
    preimage = left.function.traits.preimage if isinstance(left, Apply) else None
    if isinstance(left, Apply) and preimage is not None and (plain := preimage(left.given, test)) is not None:
        return left.arguments[0], [(plain.test, text)], negated == plain.holds
    return left, [(test, text)], negated
