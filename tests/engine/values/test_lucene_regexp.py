"""Lucene's regular expressions: what real Lucene says, and properties against independent matchers."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright_engine.values.patterns import (
    RegexError,
    compile_regex,
    derivatives,
    parse_regex,
    regex_automaton,
)
from rulewright_engine.values.patterns.automaton import matches, regex
from rulewright_engine.values.patterns.regex_automaton import RegexAutomaton
from rulewright_schema.errors import LimitExceeded, UsageError
from support.paths import data_of

CASES = data_of("lucene-regexp.toml")["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["pattern"])
def test_lucene_agrees(case: dict) -> None:
    pattern, insensitive = case["pattern"], case.get("insensitive", False)
    parsed = parse_regex(pattern, insensitive=insensitive)
    assert isinstance(parsed, RegexError) == case.get("error", False)
    for text in case.get("matches", []):
        assert compile_regex(pattern, insensitive)(text), text
        assert matches(regex(pattern, insensitive=insensitive), text), text
    for text in case.get("others", []):
        assert not compile_regex(pattern, insensitive)(text), text
        assert not matches(regex(pattern, insensitive=insensitive), text), text


@pytest.mark.parametrize(
    ("pattern", "yes", "no"),
    [  # facts, 2.5: ASCII classes
        (r"\d", "09", "a٣"),
        (r"\D", "a٣", "0"),
        (r"\s", " \t\n\r", "\f\v\u00a0s"),
        (r"\S", "\fs", " "),
        (r"\w", "aZ_5", "-éw"[:2]),
        (r"\W", "-é", "w"),
        (r"[\d\-]", "5-", "d\\"),
        (r"[^\w]", "-", "w"),
    ],
)
def test_predefined_classes(pattern: str, yes: str, no: str) -> None:
    match = compile_regex(pattern)
    assert [char for char in yes if not match(char)] == []
    assert [char for char in no if match(char)] == []


@pytest.mark.parametrize(
    ("pattern", "offset", "words"),
    [
        ("ab[c", 2, "not closed"),
        ("a(b", 1, "not closed"),
        ("a)b", 1, "closes nothing"),
        ("ab{3,1}", 2, "at least 3"),
        ("a{b}", 2, "number"),
        (r"a\nb", 1, r"\n"),
        ("x[z-a]", 2, "backwards"),
        ("x<1-", 1, "not closed"),
        ("a|", 2, "too early"),
        ("(" * 60 + "a" + ")" * 60, 50, "nest"),
        ("a+" + "+" * 20, 5, "in a row"),
        ("a{99999}", 2, "too large"),
        ("a" * 1001, 1000, "longer"),
    ],
)
def test_an_error_names_its_place(pattern: str, offset: int, words: str) -> None:
    error = parse_regex(pattern)
    assert isinstance(error, RegexError)
    assert error.offset == offset
    assert words in error.message
    with pytest.raises(UsageError):
        compile_regex(pattern)


# Random patterns that mean the same in Lucene's dialect and in `re`

_ATOMS = st.sampled_from(["a", "b", "c", ".", "[ab]", "[^a]", "[b-d]", r"\.", r"\\"])
_REPEATS = st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}"])


def _larger(smaller: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.tuples(smaller, _REPEATS).map(lambda pair: f"({pair[0]}){pair[1]}")
    return st.one_of(
        group,
        st.tuples(smaller, smaller).map("".join),
        st.tuples(smaller, smaller).map(lambda pair: f"({pair[0]}|{pair[1]})"),
    )


PATTERNS = st.recursive(_ATOMS, _larger, max_leaves=8)
TEXTS = st.text(alphabet="abcd.\\\n", max_size=8)


@given(PATTERNS, st.lists(TEXTS, max_size=5))
def test_agrees_with_re_on_the_shared_subset(pattern: str, texts: list[str]) -> None:
    ours, theirs, automaton = compile_regex(pattern), re.compile(pattern, re.DOTALL), regex(pattern)
    for text in texts:
        expected = theirs.fullmatch(text) is not None
        assert ours(text) == expected
        assert matches(automaton, text) == expected


@given(PATTERNS, PATTERNS, TEXTS)
def test_boolean_operators_are_boolean(first: str, second: str, text: str) -> None:
    both = re.fullmatch(first, text, re.DOTALL) and re.fullmatch(second, text, re.DOTALL)
    neither = not re.fullmatch(f"({first})|({second})", text, re.DOTALL)
    assert compile_regex(f"{first}&{second}")(text) == bool(both)
    assert compile_regex(f"~(({first})|({second}))")(text) == neither


@given(st.integers(0, 2000), st.integers(0, 2000), st.integers(0, 2500), st.booleans())
def test_an_interval_holds_its_numbers(low: int, high: int, number: int, fixed: bool) -> None:
    width = 4 if fixed else 0
    pattern = f"<{low:0{width}}-{high:0{width}}>"
    inside = min(low, high) <= number <= max(low, high)
    same_length = len(str(low)) == len(str(high)) or fixed
    text = f"{number:0{max(width, len(str(low))) if same_length else 0}}"
    assert compile_regex(pattern)(text) == inside


@given(st.text(alphabet=r'ab1|&~@#"()[]<>{}*+?-^$,\.', max_size=12), TEXTS)
def test_any_text_is_a_pattern_or_an_error(pattern: str, text: str) -> None:
    parsed = parse_regex(pattern)
    if isinstance(parsed, RegexError):
        assert 0 <= parsed.offset <= len(pattern)
    else:
        compile_regex(pattern)(text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a|aa)+b", "a" * 20_000),
        ("(.*a){12}b", "a" * 5_000),
        ("(x+x+)+y", "x" * 20_000),
        (".*a.{300}", "ab" * 2_000),
        ("(.*a.*&.*b.*)*c", "ab" * 500),
    ],
)
def test_nothing_backtracks(pattern: str, text: str) -> None:
    """A matcher that does would not come back."""
    try:
        assert not compile_regex(pattern)(text)
    except LimitExceeded as refused:
        assert "states" in str(refused)


def test_states_are_forgotten_when_they_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    restarts = []
    restarted = RegexAutomaton.restarted
    monkeypatch.setattr(
        RegexAutomaton, "restarted", lambda self, state: restarts.append(state) or restarted(self, state)
    )
    for module in (derivatives, regex_automaton):
        monkeypatch.setattr(module, "MAX_STORE_SIZE", 4_000)
    text = "".join(random.Random(7).choices("ab", k=3_000))
    match = regex_automaton.compile_node(parse_regex(".*a.{20}"))
    for end in range(1_000, 3_000, 100):
        assert match(text[:end]) == (text[end - 21] == "a")
    assert len(restarts) > 10
