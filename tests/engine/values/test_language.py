"""The automaton view: every language agrees with a matcher, and representatives exhaust behaviour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_engine.ir.expression import Compare, Comparison, Equals, Exists, MatchesGlob, MatchesRegex
from rulewright_engine.solver.theories.test_automata import automaton_of
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns import Language, representatives
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
LANGUAGES = st.one_of(
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


@given(LANGUAGES, TEXTS, TEXTS)
def test_dead_and_full_states_keep_their_promise(language: Language, start: str, rest: str) -> None:
    state = language.start
    for char in start:
        state = language.step(state, char)
    for char in rest:
        assert not (language.is_dead(state) and language.accepts(state))
        assert not language.is_full(state) or language.accepts(state)
        after = language.step(state, char)
        assert not language.is_dead(state) or language.is_dead(after)
        assert not language.is_full(state) or language.is_full(after)
        state = after


@given(st.lists(LANGUAGES, max_size=3), st.characters(exclude_categories=["Cs"]), TEXTS)
def test_some_representative_behaves_as_any_character(languages: list[Language], char: str, text: str) -> None:
    found = representatives(languages)
    alike = [one for one in found if all(lang.classify(one) == lang.classify(char) for lang in languages)]
    assert len(alike) == 1
    for language in languages:
        state = language.start
        for step in text:
            state = language.step(state, step)
        assert language.step(state, char) == language.step(state, alike[0])


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
    language = automaton_of(test)
    assert language is not None
    assert matches(language, text)
    assert not matches(language, other)


def test_no_automaton_of_a_test_that_asks_no_text() -> None:
    assert [automaton_of(t) for t in (Equals(1), Exists(), Compare(Comparison.LESS, "a"))] == [None, None, None]
