"""What is said of wrong Lucene: `tests/data/lucene-errors.toml`."""

from typing import Any

import pytest

from rulewright_schema.diagnostics import Diagnostic, Level
from support.lucene import read
from support.paths import data_of

CASES = data_of("lucene-errors.toml")["cases"]
MAPPING = {
    **dict.fromkeys(("a", "b", "c"), "keyword"),
    "n": "long",
    "f": "boolean",
    "ip": "ip",
    "at": "date",
    "t": "text",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"][:60])
def test_every_mistake_is_told_once_where_it_is(case: dict[str, Any]) -> None:
    parsed = read(case["query"], MAPPING)
    told = [
        (problem.code, underlined(case["query"], problem), problem.level is Level.WARNING)
        for problem in parsed.diagnostics
    ]
    assert told == [(problem["code"], problem["at"], problem.get("warning", False)) for problem in case["problems"]]
    for problem, expected in zip(parsed.diagnostics, case["problems"], strict=True):
        assert problem.help
        assert expected.get("help", "") in problem.help
    assert (parsed.query is not None) == all(each.get("warning") or each.get("runs") for each in case["problems"])


@pytest.mark.parametrize("case", [c for c in CASES if "fixed" in c], ids=lambda case: case["query"][:60])
def test_fixes(case: dict[str, Any]) -> None:
    fixed = apply_fixes(case["query"], read(case["query"], MAPPING).diagnostics)
    assert fixed == case["fixed"]
    assert len(read(fixed, MAPPING).diagnostics) < len(case["problems"])


def underlined(query: str, problem: Diagnostic) -> str:
    assert problem.span is not None
    return query[problem.span.start : problem.span.end]


def apply_fixes(query: str, problems: tuple[Diagnostic, ...]) -> str:
    edits = [edit for problem in problems if problem.fix for edit in problem.fix.edits]
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        query = query[: edit.span.start] + edit.text + query[edit.span.end :]
    return query
