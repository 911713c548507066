"""The words that all messages have in common."""

import pytest

from rulewright_schema.durations import duration_ms, duration_text, time_words
from rulewright_schema.wording import counted, listed, quoted, shortened


@pytest.mark.parametrize(
    ("number", "noun", "plural", "said"),
    [
        (0, "rule", "", "0 rules"),
        (1, "rule", "", "1 rule"),
        (2, "rule", "", "2 rules"),
        (1420, "case", "", "1,420 cases"),
        (1, "query", "queries", "1 query"),
        (3, "query", "queries", "3 queries"),
    ],
)
def test_counted(number: int, noun: str, plural: str, said: str) -> None:
    assert counted(number, noun, plural) == said


@pytest.mark.parametrize(
    ("texts", "limit", "said"),
    [
        ([], None, ""),
        (["a"], None, "a"),
        (["a", "b"], None, "a and b"),
        (["a", "b", "c"], None, "a, b and c"),
        (["a", "b"], 2, "a and b"),
        (["a", "b", "c"], 2, "a, b and 1 more"),
        (["a", "b"], 1, "a and 1 more"),
    ],
)
def test_listed(texts: list[str], limit: int | None, said: str) -> None:
    assert listed(texts, limit=limit) == said


@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 40])
@pytest.mark.parametrize("keep_end", [False, True])
def test_a_shortened_text_fits_and_begins_like_the_text(length: int, keep_end: bool) -> None:
    text = "abcdefghij" * 4
    short = shortened(text[:length], 12, keep_end=keep_end)
    assert len(short) == min(length, 12)
    assert short == text[:length] if length <= 12 else "..." in short and text.startswith(short.partition("...")[0])
    assert not keep_end or text[:length].endswith(short.rpartition("...")[2])


def test_a_quoted_text_has_one_line() -> None:
    assert quoted(" a\n  b ") == "`a b`"
    assert quoted("x" * 100) == f"`{'x' * 57}...`"


@pytest.mark.parametrize(
    ("milliseconds", "words", "text"),
    [
        (0, "0 seconds", "0ms"),
        (1, "1 millisecond", "1ms"),
        (1_500, "1 second 500 milliseconds", "1500ms"),
        (60_000, "1 minute", "1m"),
        (90_000, "90 seconds", "90s"),
        (7_140_000, "119 minutes", "119m"),
        (86_400_000, "1 day", "1d"),
        (432_300_000, "5 days 5 minutes", "7205m"),
        (2_000 * 86_400_000, "2,000 days", "2000d"),
    ],
)
def test_lengths_of_time(milliseconds: int, words: str, text: str) -> None:
    assert (time_words(milliseconds), duration_text(milliseconds)) == (words, text)
    assert duration_ms(text) in (milliseconds, None)
