"""What a test of a text in one case asks of the text as it was, against all short texts."""

import itertools
from collections.abc import Callable

import pytest

from rulewright_engine.evaluate.predicates import compile_test
from rulewright_engine.ir.expression import (
    Compare,
    Comparison,
    Constant,
    Equals,
    FieldType,
    MatchesGlob,
    MatchesRegex,
    Test,
)
from rulewright_engine.values.patterns import parse_glob
from rulewright_generators.cases.esql.events.case_changes import before_case_changed

TEXTS = ["".join(text) for length in range(4) for text in itertools.product("aAbFx1_é-É", repeat=length)]
KNOWN: list[Test] = [
    Equals("ab"),
    Equals("aB"),
    *(MatchesGlob(parse_glob(text)) for text in ("a*", "A*", "?b*", "*1")),
    *(
        MatchesRegex(text)
        for text in ("[0-9a-f]{2}", "a[bc]d?", "[^a-c]x", r"\d+a", "a|b", "[a-z0-9_]+", ".*é", "~(a)")
    ),
]
UNKNOWN: list[Test] = [
    *(MatchesRegex(text) for text in ("A", "[A-F]", 'x"a"', "[é]", "[!-z]", r"\a")),
    Compare(Comparison.GREATER, "a"),
]


@pytest.mark.parametrize("test", KNOWN, ids=str)
def test_it_asks_the_same_of_every_text(test: Test) -> None:
    before = before_case_changed(test, str.lower)
    assert before is not None
    asks, meets = holds(test), holds(before)
    assert [text for text in TEXTS if meets(text) != asks(text.lower())] == []


def holds(test: Test | Constant) -> Callable[[str], bool]:
    if isinstance(test, Constant):
        return lambda text: test.value
    compiled = compile_test(test, FieldType.KEYWORD)
    return lambda text: bool(compiled(text))


@pytest.mark.parametrize("test", UNKNOWN, ids=str)
def test_what_is_not_known_is_not_claimed(test: Test) -> None:
    assert before_case_changed(test, str.lower) is None


def test_the_other_case() -> None:
    assert before_case_changed(MatchesRegex("[A-F]1"), str.upper) == MatchesRegex("[A-Fa-f]1", insensitive=True)
    assert before_case_changed(Equals("ab"), str.upper) == Constant(False)
