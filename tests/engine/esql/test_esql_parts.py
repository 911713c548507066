"""URI_PARTS and REGISTERED_DOMAIN, text by text: `tests/data/esql-parts.toml`."""

from typing import Any

import pytest

from rulewright_engine.esql import Table, run
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.fields import MappingFields
from support.paths import data_of

DATA = data_of("esql-parts.toml")
CASES = [("URI_PARTS", case) for case in DATA["uri"]] + [("REGISTERED_DOMAIN", case) for case in DATA["domain"]]


def parts_of(command: str, text: Any) -> tuple[dict[str, Any], bool]:
    """The parts that are there, and whether there is a warning."""
    table = run(f"FROM l | {command} p = t | DROP t", [Event({"t": text})], MappingFields({"t": "keyword"}))
    assert isinstance(table, Table), table
    cells = zip((column.name for column in table.columns), table.rows[0], strict=True)
    return {name.removeprefix("p."): value for name, value in cells if value is not None}, bool(table.warnings)


@pytest.mark.parametrize(("command", "case"), CASES, ids=[f"{command} {case['text']}" for command, case in CASES])
def test_parts(command: str, case: dict[str, Any]) -> None:
    assert parts_of(command, case["text"]) == (case.get("parts", {}), "parts" not in case)


@pytest.mark.parametrize("command", ["URI_PARTS", "REGISTERED_DOMAIN"])
def test_of_several_texts_none_is_taken_apart(command: str) -> None:
    assert parts_of(command, ["http://a.example.com", "b.example.com"]) == ({}, True)


def test_columns_stand_in_the_documented_order() -> None:
    table = run('ROW u = "x" | URI_PARTS p = u | REGISTERED_DOMAIN d.e = u', [], MappingFields({}))
    assert isinstance(table, Table)
    uri = ("domain", "fragment", "path", "extension", "port", "query", "scheme", "user_info", "username", "password")
    domain = ("domain", "registered_domain", "top_level_domain", "subdomain")
    assert [column.name for column in table.columns] == [
        "u", *(f"p.{name}" for name in uri), *(f"d.e.{name}" for name in domain),
    ]  # fmt: skip
