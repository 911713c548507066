"""What EQL queries find: `tests/data/eql.toml`."""

from typing import Any

import pytest

from rulewright_engine.ir.query import QueryOptions
from support.eql import results
from support.paths import data_of

CASES = data_of("eql.toml")["cases"]
DEFAULTS = QueryOptions()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_query(case: dict[str, Any]) -> None:
    options = QueryOptions(
        event_category_field=case.get("event_category_field", DEFAULTS.event_category_field),
        tiebreaker_field=case.get("tiebreaker_field"),
    )
    found = results(case["query"], case["events"], mapping=case.get("mapping"), options=options, size=case.get("size"))
    assert [list(result.events) for result in found] == case["expect"]
    if "keys" in case:  # TOML has no null
        assert [["null" if key is None else key for key in result.keys] for result in found] == case["keys"]
    else:
        assert all(result.keys == () for result in found)


def test_names_of_cases_differ() -> None:
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names))
