"""Conditions about a function of one text field, said as a plain test of the field itself.

`startsWith(f, "a")` is `f like "a*"`; the entry of a function knows what it asks. What has no such form stays as it is,
and is solved by trying values.
"""

from rulewright_engine.evaluate.functions import FUNCTIONS
from rulewright_engine.evaluate.functions.preimages import PlainTest
from rulewright_engine.ir.expression import Call, Field, FieldType, IsTrue, Leaf, Literal, MatchesGlob

__all__ = ["plain_test"]

TEXTUAL = frozenset({FieldType.KEYWORD, FieldType.WILDCARD})


def plain_test(leaf: Leaf) -> PlainTest | None:
    """The test of its only field that means the same as a condition for every value that is there, if there is one."""
    call = leaf.value
    if isinstance(call, Field):
        return PlainTest(leaf.test)
    fields = [argument for argument in call.arguments if isinstance(argument, Field)] if isinstance(call, Call) else []
    if not isinstance(call, Call) or len(fields) != 1 or fields[0].type not in TEXTUAL:
        return None
    function = FUNCTIONS[call.function]
    if function.as_tests is not None and isinstance(leaf.test, IsTrue):
        return _as_glob(call)
    return function.preimage(call.arguments, leaf.test, call.insensitive) if function.preimage is not None else None


def _as_glob(call: Call) -> PlainTest | None:
    """What a test of one constant text asks."""
    as_tests = FUNCTIONS[call.function].as_tests
    match call.arguments:
        case (Field(), Literal(str(text))) if as_tests is not None:
            tests = as_tests((text,), call.insensitive)
            return PlainTest(tests[0]) if len(tests) == 1 and isinstance(tests[0], MatchesGlob) else None
        case _:
            return None
