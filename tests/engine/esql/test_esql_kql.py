"""KQL() as Elasticsearch's own grammar reads it: `tests/data/esql-kql.toml`."""

from typing import Any

import pytest

from rulewright_engine.esql import Table, analyze, run
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import MappingFields
from rulewright_schema.diagnostics import Level
from support.paths import data_of

DATA = data_of("esql-kql.toml")
FIELDS = MappingFields(DATA["mapping"])


@pytest.mark.parametrize("case", DATA["case"], ids=[case["why"] for case in DATA["case"]])
def test_finds(case: dict[str, Any]) -> None:
    query = f'FROM logs METADATA _id | WHERE KQL("{case["query"]}") | KEEP _id'
    table = run(query, [Event(document) for document in case["events"]], FIELDS)
    assert isinstance(table, Table), table
    assert [int(row[0]) for row in table.rows] == case["expect"]


@pytest.mark.parametrize("case", DATA["mistake"], ids=[case["why"] for case in DATA["mistake"]])
def test_refuses(case: dict[str, Any]) -> None:
    before, wrong, after = case["query"].replace("»", "«").split("«")
    query = f'FROM logs | WHERE KQL("{before}{wrong}{after}")'
    (error,) = (each for each in analyze(query, FIELDS).diagnostics if each.level is Level.ERROR)
    assert error.span is not None and query[error.span.start : error.span.end] == wrong
    assert error.help
