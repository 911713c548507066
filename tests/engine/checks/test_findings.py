"""What is proven of conditions: data, and every claim against all events of a small world."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright_engine.checks import query_checks
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Condition, Constant, Field, FieldType, Leaf, MatchesGlob, Or
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules.rule_query import rule_query
from rulewright_engine.solver import SmtSolver
from rulewright_engine.solver.analysis.findings import FindingKind, findings
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.checks import check_rules
from rulewright_schema.checks.examples import examples_of
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.files.load import load_text
from rulewright_schema.source import Span
from support.effort import times
from support.paths import data_of
from support.rules import loaded
from support.small_world import conditions, events

CASES = data_of("findings.toml")["case"]
EVERY = 25


def without(condition: Condition, multi_valued: bool | None) -> Condition:
    """The condition without all that was found superfluous."""
    for found in findings(condition, lambda name: multi_valued):
        condition = condition.replace(found.path, Constant(found.constant))
    return condition


@given(conditions, st.booleans())
@settings(max_examples=times(300), derandomize=True)
def test_without_all_that_was_found_a_condition_means_the_same(condition: Condition, several: bool) -> None:
    world = events(condition, several)
    before, after = compile_condition(condition), compile_condition(without(condition, several))
    assert all(before(event) == after(event) for event in world)


@given(conditions)
@settings(max_examples=times(100), derandomize=True)
def test_nothing_superfluous_is_left(condition: Condition) -> None:
    assert findings(rest := without(condition, False), lambda name: False) == [] or isinstance(rest, Constant)


def problems_of(query: str, language: str) -> tuple[list[Diagnostic], str]:
    kind = "eql" if language == "eql" else "query"
    piece = f"[rule]\ntype = \"{kind}\"\nlanguage = \"{language}\"\nquery = '''{query}'''\n"
    (example,) = examples_of(piece)
    return check_rules([load_text(example.text, example.name)], Config(), passes=[query_checks]), example.text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["query"])
def test_what_is_reported_of_a_query(case: dict[str, Any]) -> None:
    problems, text = problems_of(case["query"], case.get("language", "eql"))
    found = [(problem.code, problem.span and text[problem.span.start : problem.span.end]) for problem in problems]
    assert found == [(wanted["code"], wanted["at"]) for wanted in case.get("found", [])]
    for problem, wanted in zip(problems, case.get("found", []), strict=True):
        said = [problem.message, problem.note, *(label.text for label in problem.secondary)]
        assert any(wanted.get("says", "") in text for text in said)


def test_no_event_of_a_public_rule_tells_it_from_the_rule_without_its_findings(corpus: list[Path]) -> None:
    seen = 0
    for path in corpus[::EVERY]:
        rule = loaded(path).rule
        read = rule and rule_query(rule, Config())
        if read is None or not isinstance(read.parsed.query, EventQuery):
            continue
        condition = read.parsed.query.condition
        found = findings(condition, lambda name: None)
        if not found:
            continue
        assert all(one.kind is not FindingKind.UNSATISFIABLE for one in found), path
        seen += 1
        before, after = compile_condition(condition), compile_condition(without(condition, None))
        for outcome in SmtSolver(condition).outcomes():
            for values in (outcome.positive, outcome.negative):
                if values is not None:
                    event = Event({name: list(held) for name, held in values.items()})
                    assert before(event) == after(event), path
    assert seen


def a_list(size: int) -> Or:
    """`a*`, `aa*` and so on: each but the first is covered."""
    name = Field("process.name", FieldType.KEYWORD)
    tests = [MatchesGlob(("a" * count, Wild.ANY)) for count in range(1, size + 1)]
    leaves = (Leaf(name, test, "", Span(place, place + 1)) for place, test in enumerate(tests))
    return Or(tuple(leaves), listed=True)


def test_each_element_of_a_long_list_is_judged() -> None:
    assert [found.path for found in findings(a_list(40), lambda name: None)] == [(place,) for place in range(1, 40)]


def test_what_is_left_when_the_work_is_done_is_not_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    every = findings(a_list(40), lambda name: None)
    monkeypatch.setattr("rulewright_engine.solver.analysis.findings.MAX_PROOF_WORK", 60)
    some = findings(a_list(40), lambda name: None)
    assert 0 < len(some) < len(every)
    assert some == every[-len(some) :]


def test_of_too_many_conditions_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulewright_engine.solver.analysis.findings.MAX_FINDING_CONDITIONS", 39)
    assert findings(a_list(40), lambda name: None) == []
    assert len(findings(a_list(39), lambda name: None)) == 38
