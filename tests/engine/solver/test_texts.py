"""Single-field questions about texts, against every text of a small world; and functions as plain tests."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    And,
    Call,
    Compare,
    Comparison,
    Condition,
    Equals,
    Exists,
    Field,
    FieldType,
    IsTrue,
    Leaf,
    Literal,
    MatchesFuzzy,
    MatchesGlob,
    MatchesText,
    MatchesToken,
    Not,
    Test,
    Value,
)
from rulewright_engine.solver import SmtSolver
from rulewright_engine.solver.reasons import BudgetExceeded
from rulewright_engine.solver.theories.plain_tests import plain_test
from rulewright_engine.values.patterns.glob import Wild
from support.effort import times
from support.small_world import NAME, WORDS, text_tests

BODY = Field("body", FieldType.TEXT)
NAMES = [Event({"name": word}) for word in WORDS]
SENTENCES = [
    Event({"body": " ".join(text)})
    for size in range(1, 5)
    for text in product(["a", "b", "ab", "aa", "c"], repeat=size)
]


tests_of_names = st.one_of(
    text_tests,
    st.builds(MatchesFuzzy, st.sampled_from(WORDS), st.integers(0, 2), st.integers(0, 1), st.booleans()),
)


@given(st.lists(tests_of_names, min_size=1, max_size=4), st.lists(tests_of_names, max_size=4))
@settings(max_examples=times(300), derandomize=True)
def test_one_text_in_some_languages_and_out_of_others(wanted: list[Test], excluded: list[Test]) -> None:
    leaves = [Leaf(NAME, test, str(test)) for test in wanted]
    condition = And((*leaves, *(Not(Leaf(NAME, test, str(test))) for test in excluded)))
    matches = compile_condition(condition)
    found = SmtSolver(condition, multi_valued=lambda name: False).model()
    if isinstance(found, tuple):
        assert not any(map(matches, NAMES))
    else:
        assert matches(Event({name: list(values) for name, values in found.items()}))


phrases = st.lists(st.sampled_from("ab"), min_size=1, max_size=2).map(tuple)
token_tests: st.SearchStrategy[Test] = st.one_of(
    st.builds(MatchesText, phrases, st.booleans()),
    st.sampled_from([MatchesToken(MatchesGlob(("a", Wild.ANY))), MatchesToken(MatchesGlob((Wild.ANY, "b")))]),
    st.builds(MatchesToken, st.builds(MatchesFuzzy, st.sampled_from(["a", "ab"]), st.integers(1, 2))),
)
loose_phrases = st.builds(MatchesText, phrases, st.just(True), st.integers(1, 3))


@given(st.lists(token_tests, min_size=1, max_size=3), st.lists(token_tests, max_size=3))
@settings(max_examples=times(200), derandomize=True)
def test_analysed_text_holds_some_words_and_lacks_others(wanted: list[Test], excluded: list[Test]) -> None:
    leaves = [Leaf(BODY, test, str(test)) for test in wanted]
    condition = And((*leaves, *(Not(Leaf(BODY, test, str(test))) for test in excluded)))
    matches = compile_condition(condition)
    found = SmtSolver(condition, multi_valued=lambda name: False).model()
    if isinstance(found, tuple):
        assert not any(map(matches, SENTENCES))
    else:
        assert matches(Event({name: list(values) for name, values in found.items()}))


@given(st.lists(token_tests | loose_phrases, min_size=1, max_size=3), st.lists(loose_phrases, max_size=2))
@settings(max_examples=times(200), derandomize=True)
def test_words_may_be_moved_in_a_phrase(wanted: list[Test], excluded: list[Test]) -> None:
    """What is found is right, and what is refuted no text does; where neither is proven, nothing is said."""
    leaves = [Leaf(BODY, test, str(test)) for test in wanted]
    condition = And((*leaves, *(Not(Leaf(BODY, test, str(test))) for test in excluded)))
    matches = compile_condition(condition)
    try:
        found = SmtSolver(condition, multi_valued=lambda name: False).model()
    except BudgetExceeded:
        return
    if isinstance(found, tuple):
        assert not any(map(matches, SENTENCES))
    else:
        assert matches(Event({name: list(values) for name, values in found.items()}))


def call(name: str, *arguments: Value, insensitive: bool = False) -> Call:
    return Call(name, arguments, insensitive)


FUNCTIONS = [
    (call("startswith", NAME, Literal("ab")), IsTrue()),
    (call("endswith", NAME, Literal("B"), insensitive=True), IsTrue()),
    (call("stringcontains", NAME, Literal("b")), IsTrue()),
    (call("indexof", NAME, Literal("b")), Exists()),
    (call("length", NAME), Equals(2)),
    *((call("length", NAME), Compare(operator, bound)) for operator in Comparison for bound in (-1, 0, 2)),
    (call("substring", NAME, Literal(0), Literal(2)), Equals("ab")),
    (call("substring", NAME, Literal(1)), Equals("b")),
    (call("substring", NAME, Literal(-2)), Equals("ab")),
    (call("substring", NAME, Literal(0), Literal(3)), Equals("ab")),
    (call("string", NAME), MatchesGlob(("a", Wild.ANY))),
    (call("concat", NAME, Literal("x")), Equals("abx")),
]


@pytest.mark.parametrize(("value", "test"), FUNCTIONS, ids=str)
def test_a_function_of_one_text_means_its_plain_test(value: Value, test: Test) -> None:
    plain = plain_test(Leaf(value, test, ""))
    assert plain is not None
    one: Condition = Leaf(NAME, plain.test, "")
    function, simple = compile_condition(Leaf(value, test, "")), compile_condition(one)
    for word in WORDS:
        assert function(Event({"name": word})) == (simple(Event({"name": word})) == plain.holds), word
