"""LOOKUP JOIN and ENRICH over the rows that a case gives: `tests/data/esql-lookups.toml`."""

from typing import Any

import pytest

from rulewright_engine.esql import Table, analyze, run
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.outside import outside_of, wrong_lookups
from rulewright_engine.ir.fields import MappingFields
from support.paths import data_of

DATA = data_of("esql-lookups.toml")
FIELDS = MappingFields(DATA["defaults"]["mapping"])


@pytest.mark.parametrize("case", DATA["case"], ids=[case["why"] for case in DATA["case"]])
def test_rows(case: dict[str, Any]) -> None:
    given = DATA["defaults"] | case
    assert not wrong_lookups(given["lookups"])
    events = [Event(document) for document in given["events"]]
    table = run(case["query"], events, FIELDS, outside=outside_of({}, given["lookups"]))
    assert isinstance(table, Table), table
    assert [column.name for column in table.columns] == case["columns"]
    assert [list(row) for row in table.rows] == [
        [None if value == "NULL" else value for value in row] for row in case["rows"]
    ]
    if "warns" in case:
        assert any(case["warns"] in warning.message for warning in table.warnings)


@pytest.mark.parametrize("case", DATA["mistake"], ids=[case["query"] for case in DATA["mistake"]])
def test_mistakes(case: dict[str, Any]) -> None:
    lead, underlined, rest = case["query"].replace("»", "«").split("«")
    (problem,) = analyze(lead + underlined + rest, FIELDS).diagnostics
    assert problem.code == case["code"]
    assert problem.span is not None
    assert (problem.span.start, problem.span.end) == (len(lead), len(lead) + len(underlined))


@pytest.mark.parametrize("case", DATA["wrong"], ids=[case["says"] for case in DATA["wrong"]])
def test_what_are_no_rows(case: dict[str, Any]) -> None:
    assert case["says"] in wrong_lookups(case["lookups"])
