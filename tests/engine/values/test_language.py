"""The automaton view: every automaton agrees with a matcher, and representatives exhaust behaviour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_engine.ir.expression import Compare, Comparison, Equals, Exists, MatchesGlob, MatchesRegex
from rulewright_engine.solver.theories.text_automata import automaton_of
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns import Automaton, representatives
from rulewright_engine.values.patterns.automaton import (
    contains,
    glob,
    length,
    literal,
    matches,
    prefix,
    regex,
    suffix,
)
from rulewright_engine.values.patterns.glob import Wild

ALPHABET = "abAB1.-\nßK"
TEXTS = st.text(ALPHABET, max_size=6)
SHORT = st.text(ALPHABET, max_size=3)
PARTS = st.lists(st.one_of(st.text(ALPHABET, min_size=1, max_size=2), st.sampled_from(Wild)), max_size=4)
REGEXES = st.sampled_from(
    ["a*b?", "[^a]+", "~(.*a)", ".*a.*&.*b.*", "(a|b){2,3}", "[a-c]*&~(.*b.*)", "<1-12>", "@1", "#", "", ".{2}"]
)
AUTOMATA = st.one_of(
    st.builds(glob, PARTS, insensitive=st.booleans()),
    st.builds(regex, REGEXES, insensitive=st.booleans()),
    st.builds(length, st.integers(0, 3), st.none() | st.integers(0, 4)),
)


@given(SHORT, TEXTS)
def test_text_languages(wanted: str, text: str) -> None:
    assert matches(literal(wanted), text) == (wanted == text)
    assert matches(prefix(wanted), text) == text.startswith(wanted)
    assert matches(suffix(wanted), text) == text.endswith(wanted)
    assert matches(contains(wanted), text) == (wanted in text)
    assert matches(contains(wanted, insensitive=True), text) == (fold_case(wanted) in fold_case(text))


@given(st.integers(0, 4), st.none() | st.integers(0, 4), TEXTS)
def test_length(least: int, most: int | None, text: str) -> None:
    assert matches(length(least, most), text) == (least <= len(text) <= (len(text) if most is None else most))


@given(AUTOMATA, TEXTS, TEXTS)
def test_dead_and_full_states_keep_their_promise(automaton: Automaton, start: str, rest: str) -> None:
    state = automaton.start
    for char in start:
        state = automaton.step(state, char)
    for char in rest:
        assert not (automaton.is_dead(state) and automaton.accepts(state))
        assert not automaton.is_full(state) or automaton.accepts(state)
        after = automaton.step(state, char)
        assert not automaton.is_dead(state) or automaton.is_dead(after)
        assert not automaton.is_full(state) or automaton.is_full(after)
        state = after


@given(st.lists(AUTOMATA, max_size=3), st.characters(exclude_categories=["Cs"]), TEXTS)
def test_some_representative_behaves_as_any_character(automata: list[Automaton], char: str, text: str) -> None:
    found = representatives(automata)
    alike = [one for one in found if all(each.classify(one) == each.classify(char) for each in automata)]
    assert len(alike) == 1
    for automaton in automata:
        state = automaton.start
        for step in text:
            state = automaton.step(state, step)
        assert automaton.step(state, char) == automaton.step(state, alike[0])


def test_preferred_characters_stand_for_their_class() -> None:
    assert representatives([literal("ab")], "xyb") == ("x", "b", "a")
    assert representatives([regex("[0-9]+")], "7z") == ("7", "z")
    assert representatives([literal("k", insensitive=True)], "q") == ("q", "K")
    assert representatives([], "q") == ("q",)


@pytest.mark.parametrize(
    ("test", "text", "other"),
    [
        (Equals("Ab"), "Ab", "ab"),
        (Equals("Ab", insensitive=True), "aB", "b"),
        (MatchesGlob(("a", Wild.ANY)), "ab", "b"),
        (MatchesRegex("a+", insensitive=True), "AA", "b"),
    ],
)
def test_automaton_of_a_test(test: Equals | MatchesGlob | MatchesRegex, text: str, other: str) -> None:
    automaton = automaton_of(test)
    assert automaton is not None
    assert matches(automaton, text)
    assert not matches(automaton, other)


def test_no_automaton_of_a_test_that_asks_no_text() -> None:
    assert [automaton_of(t) for t in (Equals(1), Exists(), Compare(Comparison.LESS, "a"))] == [None, None, None]
