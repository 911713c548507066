"""Globs: the matchers against a naive one, and their folding."""

import sys
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_engine.ir.expression import MatchesGlob
from rulewright_engine.values import case_folding
from rulewright_engine.values.case_folding import case_variants, fold_case
from rulewright_engine.values.patterns import compile_glob, parse_glob
from rulewright_engine.values.patterns.automaton import glob, matches
from rulewright_engine.values.patterns.glob import Wild

PARTS = st.lists(st.one_of(st.text("abAKß?*", min_size=1, max_size=3), st.sampled_from(Wild)), max_size=7).map(tuple)
TEXTS = st.text("abAKkKß?*", max_size=10)


def naive(parts: tuple[str | Wild, ...], text: str) -> bool:
    """Tries every way to spread the text over the parts."""
    elements = [element for part in parts for element in ([part] if isinstance(part, Wild) else part)]

    @cache
    def fits(element: int, at: int) -> bool:
        if element == len(elements):
            return at == len(text)
        if elements[element] is Wild.ANY:
            return fits(element + 1, at) or (at < len(text) and fits(element, at + 1))
        if at == len(text):
            return False
        return (elements[element] is Wild.ONE or elements[element] == text[at]) and fits(element + 1, at + 1)

    return fits(0, 0)


@given(PARTS, TEXTS)
def test_agrees_with_a_naive_matcher(parts: tuple[str | Wild, ...], text: str) -> None:
    expected = naive(parts, text)
    assert compile_glob(parts)(text) == expected
    assert matches(glob(parts), text) == expected


@given(PARTS, TEXTS)
def test_ignores_case_by_folding_both_sides(parts: tuple[str | Wild, ...], text: str) -> None:
    folded = tuple(part if isinstance(part, Wild) else fold_case(part) for part in parts)
    expected = naive(folded, fold_case(text))
    assert compile_glob(parts, insensitive=True)(text) == expected
    assert matches(glob(parts, insensitive=True), text) == expected


@given(PARTS)
def test_a_glob_matches_the_text_that_spells_it(parts: tuple[str | Wild, ...]) -> None:
    assert compile_glob(parts)("".join("*" if part is Wild.ANY else str(part) for part in parts))


def test_a_wildcard_is_not_its_character() -> None:
    assert MatchesGlob(("*",)) != MatchesGlob((Wild.ANY,))
    assert compile_glob((Wild.ANY,))("x")
    assert not compile_glob(("*",))("x")
    assert not compile_glob(("?",))("x")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ()),
        ("a", ("a",)),
        ("*a?b*", (Wild.ANY, "a", Wild.ONE, "b", Wild.ANY)),
        ("**", (Wild.ANY, Wild.ANY)),
        (r"a\*", ("a\\", Wild.ANY)),  # semantics B1: a backslash escapes nothing
    ],
)
def test_every_star_and_question_mark_of_a_text_is_a_wildcard(text: str, parts: tuple[str | Wild, ...]) -> None:
    assert parse_glob(text) == parts


def test_many_stars_do_not_backtrack() -> None:
    """A matcher that does would not come back."""
    assert not compile_glob(parse_glob("*a?" * 100 + "b*"))("a" * 20_000)


@pytest.mark.parametrize(
    ("first", "second"),
    [("STRASSE", "strasse"), ("ǅ", "ǆ"), ("ΣΑΣ", "σας"), ("K", "k"), ("ſ", "S"), ("Ⓐ", "ⓐ"), ("ẞ", "ß")],
)
def test_texts_that_are_equal_but_for_case(first: str, second: str) -> None:
    assert fold_case(first) == fold_case(second)


@pytest.mark.parametrize(("first", "second"), [("ß", "ss"), ("İ", "i"), ("ı", "i"), ("a", "á"), ("ﬁ", "fi")])
def test_texts_that_simple_folding_keeps_apart(first: str, second: str) -> None:
    assert fold_case(first) != fold_case(second)


def test_folding_is_one_character_to_one_in_all_of_unicode() -> None:
    characters = [chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000]
    folded = fold_case("".join(characters))
    assert len(folded) == len(characters)
    assert fold_case(folded) == folded
    cased = [char for char, fold in zip(characters, folded, strict=True) if char != fold]
    assert all(char in case_variants(fold_case(char)) and char in case_variants(char) for char in cased)
    assert all(any(first <= ord(char) <= last for first, last in case_folding._CASED_BLOCKS) for char in cased)
