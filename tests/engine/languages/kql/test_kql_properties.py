"""Properties of reading KQL: a tree's text reads back as the tree, and no text makes the reader fail or dawdle."""

from itertools import cycle, product
from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright_engine.ir.limits import MAX_QUERY_DEPTH, MAX_QUERY_LENGTH, MAX_QUERY_PROBLEMS
from rulewright_engine.languages.kql.ast import Node
from rulewright_engine.languages.kql.parser import parse
from rulewright_engine.languages.problems import Problems
from support.effort import times
from support.kql import read
from support.kql_printing import nodes, text_of
from support.paths import data_of

MAPPING = {
    **dict.fromkeys(("a", "b", "p.a"), "keyword"),
    "n": "long",
    "f": "boolean",
    "ip": "ip",
    "at": "date",
    "t": "text",
    "p": "nested",
}
QUERIES = [case["query"] for name in ("kql.toml", "kql-errors.toml") for case in data_of(name)["cases"]]
PIECES = [
    " and ", " or ", "not ", "and", "or", "not", "AND ", ":", "(", ")", "{", "}", "<", ">=", '"', "'", "*", "?", "\\",
    "\\and", "\\u00e9", "\\q", "==", "!=", "&&", ",", "a", "b:x", "n", "p:{", "null", "true", "5",
    "now-1d/d", "10.0.0.0/8", " ", "\n", "\u00a0", "\ufeff", "é", "\u202e", "\x00", "\U0001f600", " in (",
]  # fmt: skip


@given(nodes)
def test_the_printed_text_reads_back_as_the_same_tree(node: Node) -> None:
    problems = Problems()
    assert parse(text_of(node), problems) == node
    assert not problems.has_errors


def assert_sound(query: str) -> None:
    parsed = read(query, MAPPING)
    assert parsed.query is not None or parsed.diagnostics
    for problem in parsed.diagnostics:
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(query)
        assert problem.message and problem.help
    ends = [problem.span for problem in parsed.diagnostics]
    assert ends == sorted(ends, key=lambda span: span or (0, 0))  # type: ignore[arg-type, return-value]


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


# Bounded nesting, size and time


def test_deep_nesting_is_one_clear_diagnostic() -> None:
    for head, opening in (("", "("), ("", "not ("), ("a:", "("), ("", "p:{"), ("a:", "(not (")):
        codes = [problem.code for problem in read(head + opening * 20_000 + "x", MAPPING).diagnostics]
        assert codes.count("RW542") == 1
        assert set(codes) <= {"RW542", "RW301"}


def test_the_deepest_nesting_can_be_read() -> None:
    query = "not (" * MAX_QUERY_DEPTH + "a:x" + ")" * MAX_QUERY_DEPTH
    assert read(query, MAPPING).query is not None


def test_long_lists_and_chains_are_no_nesting() -> None:
    values = " or ".join(f"v{number}" for number in range(5_000))
    chain = " or ".join("a:x" for _ in range(5_000))
    for query in (f"a:({values})", chain):
        assert read(query, MAPPING).query is not None


def test_size_is_bounded() -> None:
    (problem,) = read("x" * (MAX_QUERY_LENGTH + 1), MAPPING).diagnostics
    assert problem.code == "RW542"


def test_a_query_over_all_fields_is_bounded() -> None:
    many = {f"k{number}": "keyword" for number in range(1_000)}
    (problem,) = read(" and ".join(["k*:x"] * 51), many).diagnostics
    assert problem.code == "RW542"


def test_repeats_take_time_in_proportion() -> None:
    """At 10,000 characters, time that grows with their square would show."""
    for piece, (head, with_head) in zip(PIECES, cycle(product(["", "a:", "a:x", ' a:"x"'], [True, False]))):
        repeats = 10_000 // (len(piece) + len(head))
        query = (head + piece) * repeats if with_head else head + piece * repeats
        started = process_time()
        assert len(read(query, MAPPING).diagnostics) <= MAX_QUERY_PROBLEMS
        assert process_time() - started < 1, (head, piece, with_head)
