"""Words of a text in a field: minimums and loose phrases, against plain counting and every arrangement."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.predicates import compile_test
from rulewright_engine.ir.expression import Equals, Field, FieldType, Leaf, MatchesText
from rulewright_engine.ir.search_options import Fuzziness, MinimumMatch, at_least

LEAVES = [Leaf(Field(name, FieldType.KEYWORD), Equals("x"), name) for name in "abcde"]


@given(st.integers(1, 5), st.integers(1, 6), st.sets(st.sampled_from("abcde")))
def test_at_least(of: int, wanted: int, held: set[str]) -> None:
    condition = at_least(LEAVES[:of], wanted)
    assert condition is not None
    holds = compile_condition(condition)(Event(dict.fromkeys(held, "x")))
    assert holds == (sum(leaf.text in held for leaf in LEAVES[:of]) >= wanted)


def test_too_many_combinations_are_no_condition() -> None:
    assert at_least(LEAVES * 8, 20) is None
    assert at_least(LEAVES * 8, 40) is not None


words = st.lists(st.sampled_from("abc"), min_size=1, max_size=4)


@given(words, st.lists(st.sampled_from("abcd"), max_size=6), st.integers(1, 6))
def test_loose_phrase(phrase: list[str], text: list[str], slop: int) -> None:
    """Some arrangement of the words in the text is one in which no word is moved more than the slop beyond another."""
    found = False
    for places in product(range(len(text)), repeat=len(phrase)):
        if len(set(places)) == len(places) and [text[place] for place in places] == phrase:
            moves = [place - at for at, place in enumerate(places)]
            found = found or max(moves) - min(moves) <= slop
    test = MatchesText(tuple(phrase), phrase=True, slop=slop)
    assert compile_test(test, FieldType.TEXT)(" ".join(text)) == found


@pytest.mark.parametrize("text", ["", "3", "-1", "0.5", "AUTO:", "AUTO:3", "AUTO:6,3", "AUTO:3, 6", "AUTO 3,6", "one"])
def test_no_fuzziness(text: str) -> None:
    assert Fuzziness.parse(text) is None


@pytest.mark.parametrize("text", ["", "x", "50 %", "2<", "<2", "2<3<4", "1.5", "--1"])
def test_no_minimum(text: str) -> None:
    assert MinimumMatch.parse(text) is None
