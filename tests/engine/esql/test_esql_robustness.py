"""Whatever the text, the answer is a plan or diagnostics with places in it, never an exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright_engine.esql import Table, analyze, run
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import MappingFields
from rulewright_schema.diagnostics import Level
from support.effort import times

FIELDS = MappingFields(
    {"@timestamp": "date", "name": "keyword", "n": "long", "ip": "ip", "text": "text", "b": "boolean"}
)
EVENTS = [
    Event(
        {
            "@timestamp": "2024-05-17T13:00:00Z",
            "name": ["ada", "bob"],
            "n": 3,
            "ip": "10.0.0.1",
            "text": "x y",
            "b": True,
        }
    ),
    Event({"@timestamp": "2024-05-17T13:01:00Z", "name": "cyd", "n": [4, 5]}),
]
WORDS = (  # noqa: SIM905 (a list would take 80 lines)
    "FROM logs ROW x = 1 | | | WHERE EVAL STATS BY KEEP DROP RENAME AS SORT DESC NULLS FIRST LIMIT "
    "MV_EXPAND GROK DISSECT INLINE COMPLETION WITH { } ; SET name n ip text b @timestamp * , , ( ( ) ) [ ] == "
    '!= < >= + - / % :: : . = and or not in like rlike is null true 5 2.5 "a" "%{WORD:w}" "[a" 5 minutes '
    "count( values( case( to_string( date_trunc( mv_count( coalesce( kql( match( integer ` ' ? \\ /* */ "
    "// @"
).split()


@settings(max_examples=times(400))
@given(st.lists(st.sampled_from(WORDS), max_size=25))
def test_any_words(words: list[str]) -> None:
    check("FROM logs | " + " ".join(words))


@settings(max_examples=times(150))
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text(text: str) -> None:
    check(text)


def check(text: str) -> None:
    analysis = analyze(text, FIELDS)
    for diagnostic in analysis.diagnostics:
        assert diagnostic.span is not None
        assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
    if analysis.runs:
        assert isinstance(run(text, EVENTS, FIELDS), Table)
    else:
        assert any(each.level is not Level.WARNING for each in analysis.diagnostics)


@pytest.mark.parametrize(
    "text",
    [
        "ROW x = " + "(" * 5_000 + "1" + ")" * 5_000,
        "ROW x = " + "not " * 5_000 + "true",
        "ROW x = " + "-" * 5_000 + "n",
        "ROW x = " + "1 + " * 5_000 + "1",
        "ROW x = 1" + "::string" * 5_000,
        "ROW x = " + "abs(" * 5_000,
        "ROW x = " + "case(true, " * 200 + "1" + ")" * 200,
        "FROM logs | WHERE match(text, {" + '"a": {' * 5_000,
        "ROW x = " + "[" * 5_000,
    ],
    ids=["parentheses", "not", "minus", "plus", "casts", "calls", "case", "map", "lists"],
)
def test_what_is_too_deep_is_said_once(text: str) -> None:
    found = [each for each in analyze(text, FIELDS).diagnostics if each.level is Level.ERROR]
    assert len(found) == 1
    assert found[0].code == "RW580"


NINES = "9" * 5_000


@pytest.mark.parametrize(
    "text",
    [
        f"ROW x = {NINES}",
        "ROW x = 1e999",
        f"ROW x = now() + {NINES} minutes",
        f'ROW x = now() + "{NINES} minutes"::time_duration',
        f"ROW x = 1 | LIMIT {NINES}",
        "ROW x = 1 | LIMIT 99999999999",
    ],
)
def test_what_is_too_large_is_a_wrong_constant(text: str) -> None:
    assert [each.code for each in analyze(text, FIELDS).diagnostics] == ["RW588"]


@pytest.mark.parametrize(
    "value",
    [
        f'to_long("{NINES}")',
        f'to_double("{NINES[:400]}")',
        'to_double("1e999")',
        'to_geopoint("POINT(1e999 2)")',
        f'json_extract("[1]", "$[{NINES}]")',
    ],
)
def test_what_is_too_large_becomes_null(value: str) -> None:
    table = run(f"ROW x = {value}", [], FIELDS)
    assert isinstance(table, Table)
    assert (table.rows, len(table.warnings)) == (((None,),), 1)


def test_what_is_wide_is_fine() -> None:
    many = ", ".join(f'"{i}"' for i in range(5_000))
    either = " or ".join(f"n == {i}" for i in range(2_000))
    commands = " | EVAL y = n" * 300
    assert isinstance(run(f"FROM logs | WHERE name in ({many}) and ({either}){commands}", EVENTS, FIELDS), Table)


@pytest.mark.parametrize("command", ["WHERE n == 1", "EVAL m = n"])
def test_as_many_commands_as_elasticsearch_takes(command: str) -> None:
    text = "FROM logs" + f" | {command}" * 500
    assert analyze(text, FIELDS).runs
    (problem,) = analyze(f"{text} | KEEP n | KEEP n", FIELDS).diagnostics
    assert problem.code == "RW580"
    assert problem.span is not None
    assert problem.span.start == len(text) + 3
