"""What is said of wrong EQL: `tests/data/eql-errors.toml`."""

from typing import Any

import pytest

from rulewright_schema.diagnostics import Diagnostic, Level
from support.eql import read
from support.paths import data_of

CASES = data_of("eql-errors.toml")["cases"]
MAPPING = {
    **dict.fromkeys(("a", "b", "c", "event.category", "obj.inner"), "keyword"),
    **dict.fromkeys(("n", "m"), "long"),
    "f": "boolean",
    "ip": "ip",
    "day": "date",
    "text": "text",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"][:60])
def test_every_mistake_is_told_once_where_it_is(case: dict[str, Any]) -> None:
    parsed = read(case["query"], MAPPING)
    told = [(problem.code, underlined(case["query"], problem)) for problem in parsed.diagnostics]
    assert told == [(problem["code"], problem["at"]) for problem in case["problems"]]
    for problem, expected in zip(parsed.diagnostics, case["problems"], strict=True):
        assert problem.help
        assert expected.get("help", "") in problem.help
    errors = [problem for problem in parsed.diagnostics if problem.level is not Level.WARNING]
    assert (parsed.query is None) == bool(errors)


@pytest.mark.parametrize("case", [c for c in CASES if "fixed" in c], ids=lambda case: case["query"][:60])
def test_fixes(case: dict[str, Any]) -> None:
    fixed = apply_fixes(case["query"], read(case["query"], MAPPING).diagnostics)
    assert fixed == case["fixed"]
    assert read(fixed, MAPPING).diagnostics == ()


def underlined(query: str, problem: Diagnostic) -> str:
    assert problem.span is not None
    return query[problem.span.start : problem.span.end]


def apply_fixes(query: str, problems: tuple[Diagnostic, ...]) -> str:
    edits = [edit for problem in problems if problem.fix for edit in problem.fix.edits]
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        query = query[: edit.span.start] + edit.text + query[edit.span.end :]
    return query
