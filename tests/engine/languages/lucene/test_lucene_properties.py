"""No text makes the reader of Lucene queries fail or dawdle."""

from itertools import cycle, product

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright_engine.ir.limits import MAX_QUERY_DEPTH, MAX_QUERY_LENGTH, MAX_QUERY_PROBLEMS
from support.effort import calls_of, times
from support.lucene import read
from support.paths import data_of

MAPPING = {
    **dict.fromkeys(("a", "b"), "keyword"),
    "n": "long",
    "f": "boolean",
    "ip": "ip",
    "at": "date",
    "t": "text",
}
QUERIES = [case["query"] for name in ("lucene.toml", "lucene-errors.toml") for case in data_of(name)["cases"]]
PIECES = [
    " AND ", " OR ", "NOT ", "and", "&&", "||", "!", "+", "-", ":", "(", ")", "[", "]", "{", "}", " TO ", '"', "/", "~",
    "^", "*", "?", "\\", "\\u00e9", "<", ">=", "=", "a", "b:x", "n:[", "_exists_:", "5", "now-1d/d", " ", "\n",
    "\u3000", "é", "\u202e", "\x00", "\U0001f600", "~2", "^3", "x*",
]  # fmt: skip


def assert_sound(query: str) -> None:
    parsed = read(query, MAPPING)
    assert parsed.query is not None or parsed.diagnostics
    assert len(parsed.diagnostics) <= MAX_QUERY_PROBLEMS
    for problem in parsed.diagnostics:
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(query)
        assert problem.message and problem.help


@given(st.text(max_size=200))
def test_any_text(query: str) -> None:
    assert_sound(query)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_any_row_of_words(query: str) -> None:
    assert_sound(query)


@settings(max_examples=times(300))
@given(st.data())
def test_mutated_queries(data: st.DataObject) -> None:
    query = data.draw(st.sampled_from(QUERIES))
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(query)))
        end = min(len(query), start + data.draw(st.sampled_from([0, 1, 2, 5, 20])))
        piece = data.draw(st.one_of(st.just(""), st.sampled_from(PIECES), st.just(query[start:end] * 2)))
        query = query[:start] + piece + query[end:]
    assert_sound(query)


def test_repeats_take_work_in_proportion() -> None:
    """A character is usually some hundred calls; work that grows with the square of the length would be thousands."""
    for piece, (head, with_head) in zip(PIECES, cycle(product(["", "a:", "a:x", ' a:"x"'], [True, False]))):
        repeats = 2_500 // (len(piece) + len(head))
        text = (head + piece) * repeats if with_head else head + piece * repeats
        assert calls_of(lambda text=text: assert_sound(text)) < 400 * len(text), (head, piece, with_head)


def test_deep_nesting_is_one_clear_diagnostic() -> None:
    for opening in ("(", "a:(", "NOT (", "+("):
        (problem,) = read(opening * 20_000 + "a:x", MAPPING).diagnostics
        assert problem.code == "RW559"


def test_the_deepest_nesting_can_be_read() -> None:
    query = "NOT (" * MAX_QUERY_DEPTH + "a:x" + ")" * MAX_QUERY_DEPTH
    assert read(query, MAPPING).query is not None


def test_size_is_bounded() -> None:
    (problem,) = read("x" * (MAX_QUERY_LENGTH + 1), MAPPING).diagnostics
    assert problem.code == "RW559"


def test_a_query_over_all_fields_is_bounded() -> None:
    many = {f"k{number}": "keyword" for number in range(1_000)}
    codes = [problem.code for problem in read("x OR " * 50 + "x", many).diagnostics]
    assert "RW559" in codes
