"""What queries give over events, case by case: `tests/data/esql-queries.toml`. Null is written `NULL` there."""

from typing import Any

import pytest

from rulewright_engine.esql import Table, run
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import MappingFields
from support.paths import data_of

DATA = data_of("esql-queries.toml")


def nulls(value: Any) -> Any:
    return None if value == "NULL" else value


@pytest.mark.parametrize("case", DATA["case"], ids=[case["why"] for case in DATA["case"]])
def test_query(case: dict[str, Any]) -> None:
    given = DATA["defaults"] | case
    events = [Event(document) for document in given["events"]]
    table = run(case["query"], events, MappingFields(given["mapping"]))
    assert isinstance(table, Table), table
    assert [column.name for column in table.columns] == case["columns"]
    assert [list(row) for row in table.rows] == [[nulls(value) for value in row] for row in case["rows"]]
