"""What each kind of field does in each language: `tests/data/field-kinds.toml`, the cells of `docs/fields.md`."""

from pathlib import Path
from typing import Any

import pytest

from rulewright_engine.esql import Table, run
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import EventQuery, Language
from rulewright_engine.languages.filters import lower_filters
from rulewright_engine.languages.parse import parse_query
from rulewright_schema.diagnostics import Diagnostic, Level
from support.paths import data_of

CELLS = data_of("field-kinds.toml")["cells"]
PAGE = Path(__file__).parents[3] / "docs" / "fields.md"


def _name(cell: dict[str, Any]) -> str:
    return f"{cell['kind']}, {cell['language']}: {cell['query']}"


@pytest.mark.parametrize("cell", CELLS, ids=_name)
def test_cell(cell: dict[str, Any]) -> None:
    fields = MappingFields(cell["mapping"])
    events = [Event(document) for document in cell.get("events", [])]
    if cell["language"] == "esql":
        _check_esql(cell, fields, events)
        return
    condition, problems = _read(cell, fields)
    assert [each.code for each in problems if each.level is Level.ERROR] == cell.get("codes", [])
    assert [each.code for each in problems if each.level is not Level.ERROR] == cell.get("warned", [])
    if "expect" in cell:
        assert condition is not None
        meets = compile_condition(condition)
        assert [position for position, event in enumerate(events) if meets(event)] == cell["expect"]


def _check_esql(cell: dict[str, Any], fields: MappingFields, events: list[Event]) -> None:
    found = run(cell["query"], events, fields)
    if not isinstance(found, Table):
        assert [each.code for each in found] == cell.get("codes", [])
        return
    assert "codes" not in cell
    alone = (run(cell["query"], [event], fields) for event in events)
    assert [at for at, table in enumerate(alone) if isinstance(table, Table) and table.rows] == cell["expect"]


def _read(cell: dict[str, Any], fields: MappingFields) -> tuple[Condition | None, list[Diagnostic]]:
    if cell["language"] == "filters":
        conditions, located = lower_filters([{"query": cell["query"]}], ("rule", "filters"), fields, now=0)
        return (conditions[0] if conditions else None), [each.problem for each in located]
    language = {"eql": Language.EQL, "kuery": Language.KQL, "lucene": Language.LUCENE}[cell["language"]]
    parsed = parse_query(language, cell["query"], fields)
    query = parsed.query
    return (query.condition if isinstance(query, EventQuery) else None), list(parsed.diagnostics)


def test_every_kind_is_on_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [kind for kind in {cell["kind"] for cell in CELLS} if f"| {kind} |" not in page] == []


def test_no_two_cells_are_equal() -> None:
    names = [_name(cell) for cell in CELLS]
    assert len(names) == len(set(names))
