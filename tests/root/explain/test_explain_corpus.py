"""Explanations of public rules: whatever keeps an event from matching, the change that is named makes it match."""

from pathlib import Path

import pytest

from rulewright._explain import Input, explanations, read_inputs
from rulewright._explain.conditions import ConditionExplanation
from rulewright._explain.pipeline import PipelineExplanation
from rulewright._explain.stages import StagesExplanation
from rulewright._explain.unseen import Unseen
from rulewright._project.project import cases_path, open_project
from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.query import Sample, Sequence
from rulewright_engine.rules import judges_events
from rulewright_engine.solver.nearest import Change, NoChange
from rulewright_generators.cases import Case, dump_cases, generate
from rulewright_generators.cases.evidence.results import CaseRunner
from support.cases import public_cases
from support.ruleset import our_rule

EVERY = 36
"""Of the public rules one in so many."""


@pytest.fixture(scope="module")
def paths(corpus: list[Path]) -> list[str]:
    return [str(path) for path in corpus[::EVERY]]


def test_the_change_of_every_near_miss_fires(paths: list[str]) -> None:
    tried = 0
    for rule in open_project(paths).rules:
        compiled = rule.compiled
        if compiled is None or not judges_events(compiled):
            continue
        ((_, fixtures),) = public_cases([rule.path])
        quiet = [Event(case.events[0]) for case in fixtures.cases if not case.is_positive][:5]
        for found in explanations(rule, [Input("", tuple(quiet))]):
            assert isinstance(found, ConditionExplanation)
            assert found.blockers
            assert isinstance(found.change, Change), f"{rule.path}: {found.name}: {found.change}"
            assert len(found.change.fields) == 1  # a near miss differs from an event that fires in one field
            assert compile_condition(found.trace.node)(Event(found.change.document))
            tried += 1
    assert tried > 50


def test_an_event_of_another_source_is_led_to_every_rule(paths: list[str]) -> None:
    for rule in open_project(paths).rules:
        compiled = rule.compiled
        if compiled is not None and judges_events(compiled):
            (found,) = explanations(rule, [Input("", (Event({"process": {"name": "svchost.exe"}}),))])
            assert isinstance(found, ConditionExplanation)
            assert found.trace.truth or not isinstance(found.change, NoChange), f"{rule.path}: {found.change}"


def test_every_case_of_sequences_and_samples_has_a_reason(corpus: list[Path], tmp_path: Path) -> None:
    tried = 0
    for rule in open_project([str(path) for path in corpus[5::EVERY]]).rules:
        compiled = rule.compiled
        if compiled is None or not isinstance(compiled.query, Sequence | Sample):
            continue
        path = tmp_path / f"{rule.path.stem}.cases.jsonl"
        cases = generate(compiled).cases[:40]
        path.write_text(dump_cases(cases), encoding="utf-8")
        for case, found in zip(cases, explanations(rule, read_inputs(path)), strict=True):
            assert isinstance(found, StagesExplanation)
            assert bool(found.alerts) == case.is_positive, f"{rule.path}: {case.name}"
            assert found.alerts or found.reasons
            tried += 1
    assert tried > 50


def test_the_change_for_an_esql_rule_makes_it_alert() -> None:
    """Of rules of ours: each case that is quiet, and an event that has nothing to do with the rule."""
    reasons = []
    for name in ("container/shell_opened_in_system_pod", "aws/access_key_used_from_two_networks"):
        rule = our_rule(name)
        compiled = rule.compiled
        assert compiled is not None
        stranger = Input("stranger", (Event({"@timestamp": "2026-01-01T11:59:00.000Z", "user": {"name": "a"}}),))
        inputs = [*read_inputs(cases_path(rule.path)), stranger]
        told = [each for each in explanations(rule, inputs) if not isinstance(each, Unseen)]
        for given, found in zip(inputs, told, strict=True):
            assert isinstance(found, PipelineExplanation)
            reasons.append(found.change.reason if isinstance(found.change, NoChange) else type(found.change).__name__)
            if isinstance(found.change, Change):
                events = (found.change.document, *(event.document for event in given.events[1:]))
                asked = Case(name="", events=events, alerts=(), why="", answers=given.answers)
                assert CaseRunner(compiled).alerts(asked)
    assert set(reasons) == {"NoneType", "Change", "one event is not enough: the smallest case that alerts has 2"}
