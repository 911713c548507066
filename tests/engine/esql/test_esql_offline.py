"""What needs more than events is recognised by name, told once, and spoils nothing: `tests/data/esql-offline.toml`."""

from typing import Any

import pytest

from rulewright_engine.esql import analyze
from rulewright_engine.ir.fields import MappingFields
from support.paths import data_of

FIELDS = MappingFields(
    {"@timestamp": "date", "name": "keyword", "n": "long", "ip": "ip", "text": "text", "b": "boolean"}
)
CASES = data_of("esql-offline.toml")["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["query"] for case in CASES])
def test_is_told_once(case: dict[str, Any]) -> None:
    lead, underlined, rest = case["query"].replace("»", "«").split("«")
    found = analyze(lead + underlined + rest, FIELDS)
    assert not found.runs
    told = [each for each in found.diagnostics if each.code == "RW582"]
    assert [(each.span.start, each.span.end) for each in told if each.span] == [
        (len(lead), len(lead) + len(underlined))
    ], found.diagnostics
    assert [each.code for each in found.diagnostics if each.code != "RW582"] == case.get("also", [])


def test_a_value_that_a_setting_does_not_have() -> None:
    (problem,) = analyze('SET unmapped_fields = "null"; FROM logs | WHERE n > 1', FIELDS).diagnostics
    assert problem.code == "RW588"
    assert problem.span is not None
    assert (problem.span.start, problem.span.end) == (22, 28)
