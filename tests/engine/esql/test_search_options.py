"""What the options of MATCH, MATCH_PHRASE, QSTR and KQL mean: `tests/data/search-options.toml`."""

import re
from typing import Any

import pytest

from rulewright_engine.esql import Table, analyze, run
from rulewright_engine.esql.analysis.search_options import OPTIONS
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import MappingFields
from rulewright_schema.diagnostics import Level
from support.paths import data_of

DATA = data_of("search-options.toml")
FIELDS = MappingFields(DATA["mapping"])


@pytest.mark.parametrize("case", DATA["case"], ids=[f"{case['source']}: {case['why']}" for case in DATA["case"]])
def test_option(case: dict[str, Any]) -> None:
    query = f"FROM logs METADATA _id | WHERE {case['test']} | KEEP _id"
    notes = [each for each in analyze(query, FIELDS).diagnostics if each.span is not None]
    assert [query[each.span.start + 1 : each.span.end - 1] for each in notes if each.span] == case.get("notes", [])
    table = run(query, [Event(document) for document in case["events"]], FIELDS)
    assert isinstance(table, Table), table
    assert [int(row[0]) for row in table.rows] == case["expect"]


@pytest.mark.parametrize("case", DATA["mistake"], ids=[case["what"] for case in DATA["mistake"]])
def test_mistake(case: dict[str, Any]) -> None:
    before, wrong, after = re.split("[«»]", case["test"])
    query = f"FROM logs | WHERE {before}{wrong}{after}"
    errors = [each for each in analyze(query, FIELDS).diagnostics if each.level is Level.ERROR]
    assert [each.code for each in errors] == [case["code"]]
    span = errors[0].span
    assert span is not None and query[span.start : span.end] == wrong
    assert errors[0].help


@pytest.mark.parametrize("function", sorted(OPTIONS))
def test_every_option_that_runs_has_a_case(function: str) -> None:
    tests = [case["test"] for case in DATA["case"] if f"{function}(" in case["test"]]
    wanted = [name for name, option in OPTIONS[function].items() if not (option.refused or option.idle)]
    assert not [name for name in wanted if not any(f'"{name}"' in test for test in tests)]


@pytest.mark.parametrize("function", sorted(OPTIONS))
def test_what_is_refused_is_named(function: str) -> None:
    column = "t, " if function.startswith("match") else ""
    for name in (name for name, option in OPTIONS[function].items() if option.refused):
        value = 1 if name == "max_determinized_states" else "true"
        query = f'FROM logs | WHERE {function}({column}"t:x", {{"{name}": {value}}})'
        analysis = analyze(query, FIELDS)
        assert not analysis.runs
        told = [each for each in analysis.diagnostics if each.code == "RW582"]
        assert len(told) == 1 and f"`{name}`" in told[0].message and told[0].help, name
