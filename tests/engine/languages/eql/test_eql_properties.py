"""Properties of reading EQL: text comes back as it was, and no text makes the reader fail or dawdle."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright_engine.ir.limits import MAX_QUERY_DEPTH, MAX_QUERY_LENGTH
from rulewright_engine.ir.query import Parsed
from rulewright_engine.languages.eql import ast
from rulewright_engine.languages.eql.cursor import Cursor
from rulewright_engine.languages.eql.expressions import parse_condition
from rulewright_engine.languages.eql.printer import quote, text_of
from rulewright_engine.languages.eql.tokens import tokenize
from rulewright_engine.languages.problems import Problems
from support.effort import times
from support.eql import read
from support.paths import data_of

MAPPING = {**dict.fromkeys(("a", "b", "event.category"), "keyword"), "n": "long", "f": "boolean", "ip": "ip"}
QUERIES = [case["query"] for name in ("eql.toml", "eql-errors.toml") for case in data_of(name)["cases"]]
PIECES = [
    *(
        "and",
        "or",
        "not",
        "where",
        "in",
        "in~",
        ":",
        "like",
        "regex~",
        "==",
        "!=",
        "=",
        "<",
        "|",
        "head",
        "by",
        "until",
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "![",
        ",",
        "?",
        "-",
        "+",
        "*",
        "%",
        ".",
        "'",
        '"',
        '"""',
        "`",
        "\\",
        "/*",
        "*/",
        "//",
        "~",
        "!",
    ),
    *(
        "sequence",
        "sample",
        "with maxspan=1m",
        "with runs=3",
        "any",
        "process",
        "true",
        "null",
        "a",
        "n",
        "f",
        "ip",
        "1",
    ),
    *("1.5e3", '"x*"', "length(a)", "cidrMatch(", "\n", "é", "\u202e", "\x00"),
]


# Text to expression and back

names = st.sampled_from(["a", "b.c", "@timestamp", "`x-y`.z", "`in`", "n.0.m"])
literals = st.one_of(
    st.text(max_size=5).map(lambda text: ast.Literal(text, quote(text))),
    st.integers(0, 2**63 - 1).map(lambda number: ast.Literal(number, str(number))),
    st.sampled_from([ast.Literal(True, "true"), ast.Literal(None, "null"), ast.Literal(1.5, "1.5")]),
)
fields = st.builds(
    lambda text, optional: ast.FieldName(text.replace("`", ""), optional, f"?{text}" if optional else text),
    names,
    st.booleans(),
)


def larger(inner: st.SearchStrategy[ast.Expression]) -> st.SearchStrategy[ast.Expression]:
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(ast.FunctionCall, st.sampled_from(["length", "concat"]), st.booleans(), several),
        st.builds(ast.Negative, inner),
        st.builds(ast.Negation, inner),
        st.builds(ast.Arithmetic, st.sampled_from("+-*/%"), inner, inner),
        st.builds(ast.Comparison, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), inner, inner),
        st.builds(ast.Matching, st.sampled_from(["in", "in~"]), st.booleans(), inner, several, st.just(True)),
        st.builds(
            ast.Matching,
            st.sampled_from([":", "like"]),
            st.just(False),
            inner,
            literals.map(lambda x: (x,)),
            st.just(False),
        ),
        st.builds(ast.Logical, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple)),
    )


@given(st.recursive(st.one_of(literals, fields), larger, max_leaves=12))
def test_the_printed_text_reads_back_as_the_same_expression(expression: ast.Expression) -> None:
    problems = Problems()
    assert parse_condition(Cursor(tokenize(text_of(expression), problems), problems)) == expression
    assert problems == []


@given(st.text())
def test_every_text_can_be_quoted(text: str) -> None:
    problems = Problems()
    (token, _) = tokenize(quote(text), problems)
    literal = parse_condition(Cursor([token, _], problems))
    assert (literal, problems) == (ast.Literal(text, ""), [])


# No text makes the reader fail


def assert_sound(query: str) -> None:
    parsed = read(query, MAPPING)
    assert isinstance(parsed, Parsed)
    assert parsed.query is not None or parsed.diagnostics
    for problem in parsed.diagnostics:
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(query)
        assert problem.message and problem.help


@given(st.text(max_size=200))
def test_any_text(query: str) -> None:
    assert_sound(query)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join))
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


# Bounded nesting and size


def test_deep_nesting_is_one_clear_diagnostic() -> None:
    deep = ["(", "not ", "- ", "length(", "a in (", "f == (", "concat(a, "]
    for opening in deep:
        (problem,) = read(f"any where {opening * 10_000}f", MAPPING).diagnostics
        assert (problem.code, problem.message) == ("RW511", f"query nests deeper than {MAX_QUERY_DEPTH} levels")
    (problem,) = read("any where n " + "+ 1" * 10_000, MAPPING).diagnostics
    assert problem.code == "RW511"


def test_the_deepest_nesting_can_be_read_and_run() -> None:
    depth = MAX_QUERY_DEPTH // 2
    query = "any where " + "not (f or " * depth + "f" + ")" * depth
    assert read(query, MAPPING).query is not None


def test_long_lists_and_chains_are_no_nesting() -> None:
    values = ", ".join(f'"{number}"' for number in range(5_000))
    chain = " or ".join('a == "x"' for _ in range(5_000))
    for query in (f"any where a in ({values})", f"any where {chain}", f"any where null == (a in ({values}))"):
        assert read(query, MAPPING).query is not None


def test_size_is_bounded() -> None:
    for query in ("(" * 10_000_000, "any where f or " * MAX_QUERY_LENGTH):
        (problem,) = read(query, MAPPING).diagnostics
        assert problem.code == "RW511"


def test_the_number_of_problems_is_bounded() -> None:
    assert len(read("any where " + "'x' " * 10_000, MAPPING).diagnostics) <= 50
