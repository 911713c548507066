"""What KQL queries find: `tests/data/kql.toml`."""

from typing import Any

import pytest

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.event_types import types_of_events
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import EventQuery, Language, QueryOptions
from rulewright_engine.languages.parse import parse_query
from rulewright_engine.values.dates import parse_date
from support.paths import data_of

CASES = data_of("kql.toml")["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_query(case: dict[str, Any]) -> None:
    events = [Event(document) for document in case["events"]]
    fields = MappingFields(case.get("mapping") or types_of_events(events))
    now = parse_date(case["now"]) if "now" in case else None
    options = QueryOptions() if now is None else QueryOptions(now=now)
    parsed = parse_query(Language.KQL, case["query"], fields, options)
    assert [problem.code for problem in parsed.diagnostics] == case.get("problems", [])
    assert isinstance(parsed.query, EventQuery)
    meets = compile_condition(parsed.query.condition)
    assert [position for position, event in enumerate(events) if meets(event)] == case["expect"]


def test_names_of_cases_differ() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))
