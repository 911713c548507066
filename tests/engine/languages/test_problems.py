"""Queries with more problems than are worth telling: `tests/data/many-problems.toml`."""

from typing import Any

import pytest

from rulewright_engine.ir.fields import MappingFields
from rulewright_engine.ir.limits import MAX_QUERY_PROBLEMS
from rulewright_engine.ir.query import Language
from rulewright_engine.rules.rule_query import read_query
from support.paths import data_of

FIELDS = MappingFields({"n": "long", "k": "keyword"})


@pytest.mark.parametrize("case", data_of("many-problems.toml")["cases"], ids=lambda case: case["language"])
def test_errors_are_told_before_warnings_and_warnings_stop_no_query(case: dict[str, Any]) -> None:
    language = Language(case["language"])
    many = case["joined"].join([case["warned"]] * (MAX_QUERY_PROBLEMS + 10))

    warned = read_query(language, f"{case['begin']}{many}", FIELDS)
    assert warned.query is not None
    assert {problem.code for problem in warned.diagnostics} == {case["warning"]}
    assert len(warned.diagnostics) == MAX_QUERY_PROBLEMS

    wrong = read_query(language, f"{case['begin']}{many}{case['joined']}{case['wrong']}", FIELDS)
    assert wrong.query is None
    assert len(wrong.diagnostics) == MAX_QUERY_PROBLEMS
    assert [problem.code for problem in wrong.diagnostics[-1:]] == [case["error"]]
