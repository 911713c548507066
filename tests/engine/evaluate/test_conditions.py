"""Conditions over events: cases from the facts, and the compiled form against the trace."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_engine.evaluate import Trace, compile_condition, compile_keys, trace
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    And,
    Call,
    Compare,
    Comparison,
    Condition,
    Constant,
    Equals,
    Exists,
    Field,
    FieldType,
    IsTrue,
    Leaf,
    MatchesGlob,
    MatchesRegex,
    MatchesToken,
    Not,
    Or,
)
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.errors import LimitExceeded
from support.condition_notation import read_condition
from support.effort import calls_of
from support.paths import data_of

CASES = data_of("evaluate-conditions.toml")["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["condition"]))
def test_a_condition(case: dict[str, Any]) -> None:
    condition = read_condition(case["condition"])
    check = compile_condition(condition)
    for truth in (True, False):
        for document in case[str(truth).lower()]:
            assert check(Event(document)) == truth, document
            assert trace(condition, Event(document)).truth == truth, document


TEXTS = [Field(name, FieldType.KEYWORD) for name in "fg"]
NUMBERS = [Field(name, FieldType.LONG) for name in "mn"]
_TEXT_TESTS = st.one_of(
    st.builds(Equals, st.sampled_from(["a", "A", "ab", ""]), st.booleans()),
    st.builds(MatchesGlob, st.sampled_from([("a", Wild.ANY), (Wild.ANY, "B"), (Wild.ONE,)]), st.booleans()),
    st.builds(MatchesRegex, st.sampled_from(["a.*", "[ab]+"]), st.booleans()),
    st.just(Exists()),
)
_NUMBER_TESTS = st.one_of(
    st.builds(Equals, st.integers(0, 3)), st.builds(Compare, st.sampled_from(Comparison), st.integers(0, 3))
)
_CALLS = st.sampled_from([Call("add", (NUMBERS[0], NUMBERS[1])), Call("length", (TEXTS[0],))])
_LEAVES = st.one_of(
    st.builds(Leaf, st.sampled_from(TEXTS), _TEXT_TESTS, st.just("text")),
    st.builds(Leaf, st.sampled_from(NUMBERS) | _CALLS, _NUMBER_TESTS, st.just("number")),
    st.builds(Leaf, st.just(Call("startswith", (TEXTS[0], TEXTS[1]))), st.just(IsTrue()), st.just("call")),
    st.builds(Constant, st.booleans()),
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    _LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=4).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=5).map(tuple), st.booleans()),
    ),
    max_leaves=12,
)
_VALUES = st.none() | st.sampled_from(["a", "A", "b", "ab", "aB", ""]) | st.lists(st.sampled_from("aAb"), max_size=2)
_COUNTS = st.none() | st.integers(0, 4) | st.lists(st.integers(0, 4), max_size=3)
EVENTS = st.fixed_dictionaries({"f": _VALUES, "g": _VALUES, "m": _COUNTS, "n": _COUNTS})


@given(CONDITIONS, EVENTS)
def test_the_compiled_form_agrees_with_the_trace(condition: Condition, document: dict[str, Any]) -> None:
    traced = trace(condition, Event(document))
    assert compile_condition(condition)(Event(document)) == traced.truth
    json.dumps(traced.to_json())


@given(CONDITIONS, EVENTS)
def test_not_is_the_complement(condition: Condition, document: dict[str, Any]) -> None:
    assert compile_condition(Not(condition))(Event(document)) != compile_condition(condition)(Event(document))


def test_a_trace_shows_what_the_event_says() -> None:
    condition = read_condition(["and", ["f:keyword", "==", "a"], ["not", ["n:long", ">", 1]]])
    traced = trace(condition, Event({"f": ["a", None, "b"], "n": "5"}))
    assert traced.to_json() == {
        "node": "and",
        "truth": False,
        "children": [
            {"node": "condition", "truth": True, "text": "['f:keyword', '==', 'a']", "values": {"f": ["a", "b"]}},
            {
                "node": "not",
                "truth": False,
                "children": [
                    {"node": "condition", "truth": True, "text": "['n:long', '>', 1]", "values": {"n": ["5"]}},
                ],
            },
        ],
    }


def test_a_nested_trace_shows_the_object_that_matters() -> None:
    condition = read_condition(["nested", "p", ["p.a:long", "==", 2]])
    for document, values in (
        ({"p": [{"a": 1}, {"a": 3}]}, (1,)),
        ({"p": [{"a": 1}, {"a": 2}]}, (2,)),
        ({}, ()),
    ):
        traced: Trace = trace(condition, Event(document))
        assert traced.children[0].values == {"p.a": values}
        assert traced.truth == traced.children[0].truth


def test_a_token_meets_a_test() -> None:
    leaf = Leaf(Field("m", FieldType.TEXT), MatchesToken(MatchesGlob(("qu", Wild.ANY))), "m: qu*")
    assert compile_condition(leaf)(Event({"m": "a QUICK fox"}))
    assert not compile_condition(leaf)(Event({"m": "a fo-q uick"}))


def test_keys_are_the_distinct_combinations_in_order() -> None:
    host, user = Field("host", FieldType.KEYWORD), Field("user", FieldType.KEYWORD)
    keys = compile_keys((host, user))
    assert keys(Event({"host": ["b", "a", "b"], "user": ["x", "y"]})) == [
        ("b", "x"),
        ("b", "y"),
        ("a", "x"),
        ("a", "y"),
    ]
    assert keys(Event({"host": "a"})) == [("a", None)]
    assert compile_keys((Call("length", (host,)), host))(Event({"host": ["ab", "c"]})) == [(2, "ab"), (1, "c")]


def test_combinations_are_bounded() -> None:
    leaf = Leaf(Call("concat", tuple(Field(name, FieldType.KEYWORD) for name in "abc")), Equals("x"), "x")
    event = Event({name: [str(i) for i in range(60)] for name in "abc"})
    with pytest.raises(LimitExceeded, match="combine"):
        compile_condition(leaf)(event)


def test_wide_and_long_conditions() -> None:
    leaf = read_condition(["f:keyword", "like", "*a"])
    wide = Or(tuple(And((Leaf(TEXTS[0], Equals(str(n)), ""), leaf)) for n in range(10_000)))
    chain: Condition = leaf
    for _ in range(10_000):
        chain = And((chain, leaf))
    assert not compile_condition(wide)(Event({"f": "xa"}))
    assert compile_condition(chain)(Event({"f": "xa"}))


def test_compiling_takes_work_in_proportion() -> None:
    few, many = (calls_of(lambda n=n: compile_condition(_of_patterns(n))) for n in (150, 300))
    assert many < 2.5 * few
    assert many < 300 * 150


def _of_patterns(count: int) -> Condition:
    leaves = tuple(Leaf(TEXTS[n % 2], MatchesGlob((f"{n}", Wild.ANY), insensitive=True), "") for n in range(count))
    return And((Or(leaves[: count // 2], listed=True), Not(Or(leaves[count // 2 :], listed=True))))
