"""The automaton view: every automaton agrees with a matcher, and representatives exhaust behaviour."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright_engine.ir.expression import Compare, Comparison, Equals, Exists, MatchesFuzzy, MatchesGlob, MatchesRegex
from rulewright_engine.solver.theories.text_automata import automaton_of
from rulewright_engine.solver.theories.typos import typos
from rulewright_engine.values.case_folding import fold_case
from rulewright_engine.values.patterns import Automaton, compile_fuzzy, representatives
from rulewright_engine.values.patterns.automaton import (
    contains,
    fuzzy,
    glob,
    length,
    literal,
    matches,
    prefix,
    regex,
    suffix,
)
from rulewright_engine.values.patterns.glob import Wild
from support.effort import times

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
    st.builds(fuzzy, SHORT, st.integers(0, 2), prefix_length=st.integers(0, 2), transpositions=st.booleans()),
)


@given(SHORT, TEXTS)
def test_text_languages(wanted: str, text: str) -> None:
    assert matches(literal(wanted), text) == (wanted == text)
    assert matches(prefix(wanted), text) == text.startswith(wanted)
    assert matches(suffix(wanted), text) == text.endswith(wanted)
    assert matches(contains(wanted), text) == (wanted in text)
    assert matches(contains(wanted, insensitive=True), text) == (fold_case(wanted) in fold_case(text))


def distance(one: str, other: str, transpositions: bool) -> int:
    """Optimal string alignment, by its recurrence."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i, j in product(range(1, len(one) + 1), range(1, len(other) + 1)):
        replaced = table[i - 1, j - 1] + (one[i - 1] != other[j - 1])
        table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, replaced)
        if transpositions and i > 1 and j > 1 and one[i - 2 : i] == other[j - 2 : j][::-1]:
            table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


FEW = st.text("abc", max_size=6)


@given(FEW, FEW, st.integers(0, 3), st.integers(0, 3), st.booleans())
@settings(max_examples=times(500))
def test_fuzzy(wanted: str, text: str, edits: int, kept: int, transpositions: bool) -> None:
    near = wanted[:kept] == text[: len(wanted[:kept])]
    near = near and distance(wanted[kept:], text[len(wanted[:kept]) :], transpositions) <= edits
    automaton = fuzzy(wanted, edits, prefix_length=kept, transpositions=transpositions)
    assert matches(automaton, text) == compile_fuzzy(wanted, edits, kept, transpositions)(text) == near
    state = automaton.start
    for at, char in enumerate(text):
        assert not near or automaton.remaining(state) <= len(text) - at
        state = automaton.step(state, char)


@given(st.text("svcho1l.", max_size=6), st.integers(0, 3), st.integers(0, 3), st.booleans())
def test_typos_are_near(wanted: str, edits: int, kept: int, transpositions: bool) -> None:
    test = MatchesFuzzy(wanted, edits, kept, transpositions)
    found = list(typos(test))
    assert found[-1] == wanted
    assert all(compile_fuzzy(wanted, edits, kept, transpositions)(typo) for typo in found)


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
        (MatchesFuzzy("abc", 1), "acb", "cba"),
    ],
)
def test_automaton_of_a_test(test: Equals | MatchesGlob | MatchesRegex | MatchesFuzzy, text: str, other: str) -> None:
    automaton = automaton_of(test)
    assert automaton is not None
    assert matches(automaton, text)
    assert not matches(automaton, other)


def test_no_automaton_of_a_test_that_asks_no_text() -> None:
    assert [automaton_of(t) for t in (Equals(1), Exists(), Compare(Comparison.LESS, "a"))] == [None, None, None]
