"""Strategies for people's tests: what is drawn fires, or misses by one condition, and it varies."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.strategies import SearchStrategy

from rulewright._project.project import Project, Rule, open_project
from rulewright.strategies import matching, near_misses
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.query import EventQuery
from rulewright_engine.rules import alerts, compile_rule, judges_events, time_of_run
from rulewright_engine.solver import SmtSolver
from rulewright_engine.solver.nearest import deciding_conditions
from rulewright_generators.cases import generate
from rulewright_schema.errors import UsageError
from support.ruleset import ruleset

EVERY = 60
"""Of the public rules one in so many."""

TYPES = {"eql", "esql", "threshold", "new_terms", "threat_match"}
"""Types of which our rules have one that sees several documents together."""

RULE = """
[metadata]
creation_date = "2026/01/01"
maturity = "production"
updated_date = "2026/01/01"

[rule]
author = ["Somebody"]
description = "A test."
language = "eql"
name = "A test"
query = '''
{query}
'''
risk_score = 47
rule_id = "0d69150b-96f8-467c-a86d-a67a3378ce77"
severity = "medium"
type = "eql"
"""


FOUND = settings(max_examples=2_000, database=None, derandomize=True, phases=(Phase.generate, Phase.shrink))


def drawn(strategy: SearchStrategy[Any], count: int = 8) -> list[Any]:
    found: list[Any] = []

    @settings(max_examples=count, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def take(value: Any) -> None:
        found.append(value)

    take()
    return found


def solver_of(rule: Rule) -> SmtSolver:
    assert rule.compiled is not None
    assert isinstance(rule.compiled.query, EventQuery)
    return SmtSolver(rule.compiled.query.condition)


def judges(project: Project) -> list[Rule]:
    """The rules that judge each event by itself."""
    return [rule for rule in project.rules if (compiled := rule.compiled) and judges_events(compiled)]


def check(rule: Rule) -> None:
    solver = solver_of(rule)
    for event in drawn(matching(rule)):
        assert solver.matches(Event(event)), f"{rule.path}: {event}"
    for event in drawn(near_misses(rule)):
        assert not solver.matches(Event(event)), f"{rule.path}: {event}"
        assert deciding_conditions(solver, Event(event)), (
            f"{rule.path}: no single condition keeps it from firing: {event}"
        )


def test_every_drawn_event_of_our_rules_is_as_promised() -> None:
    for rule in judges(ruleset())[::4]:
        check(rule)


def test_every_drawn_event_of_public_rules_is_as_promised(corpus: list[Path]) -> None:
    for rule in judges(open_project([str(path) for path in corpus[::EVERY]])):
        check(rule)


def fires(rule: Rule, sample: list[Any] | dict[str, list[Any]]) -> bool:
    given = sample if isinstance(sample, dict) else {"events": sample}
    events, indicators = ([Event(document) for document in given.get(key, ())] for key in ("events", "indicators"))
    compiled = compile_rule(rule.rule, rule.config, now=time_of_run(events, rule.rule)).compiled
    assert compiled is not None
    return bool(alerts(compiled, events, indicators=indicators))


def check_lists(rules: Iterable[Rule]) -> set[str]:
    """The types of the rules for which lists were drawn."""
    types: set[str] = set()
    for rule in rules:
        compiled = rule.compiled
        if compiled is None or (isinstance(compiled.query, EventQuery) and rule.rule.type in ("eql", "query")):
            continue
        for strategy, verdict in ((matching, True), (near_misses, False)):
            try:
                lists = drawn(strategy(rule))
            except UsageError:  # no case is known that needs nothing but its events
                continue
            assert all(fires(rule, documents) is verdict for documents in lists), f"{rule.path}"
            assert len({json.dumps(documents) for documents in lists}) > 1, f"{rule.path}: they do not vary"
            types.add(rule.rule.type)
    return types


def test_every_drawn_list_is_as_promised(corpus: list[Path]) -> None:
    assert check_lists(ruleset().rules) >= TYPES
    check_lists(open_project([str(path) for path in corpus[7 :: 2 * EVERY]]).rules)


Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(query: str) -> Path:
        path = tmp_path / "rule.toml"
        path.write_text(RULE.format(query=query), encoding="utf-8")
        return path

    return written


QUERY = (
    'process where process.name in~ ("nc", "ncat") and process.args == "-e" and process.args_count > 2'
    ' and process.executable like "/tmp/*" and not user.id == "0"'
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Rule:
    path = tmp_path_factory.mktemp("written") / "rule.toml"
    path.write_text(RULE.format(query=QUERY), encoding="utf-8")
    (rule,) = open_project([str(path)]).rules
    return rule


@pytest.fixture(scope="module")
def alike(written: Rule) -> SearchStrategy[Any]:
    return matching(written)


@pytest.fixture(scope="module")
def unlike(written: Rule) -> SearchStrategy[Any]:
    return near_misses(written)


@pytest.mark.parametrize(
    "wanted",
    [
        lambda event: event["process"]["name"] == "NCAT",
        lambda event: len(event["process"]["args"]) > 3 and event["process"]["args"][0] != "-e",
        lambda event: event["process"]["args_count"] > 6,
        lambda event: len(event["process"]["executable"]) > len("/tmp/") + 8,
        lambda event: event.get("user", {}).get("id") not in (None, "1000"),
        lambda event: "labels" in event,
    ],
)
def test_what_the_rule_leaves_open_varies(alike: SearchStrategy[Any], wanted: Callable[[Any], bool]) -> None:
    assert wanted(find(alike, wanted, settings=FOUND))


@pytest.mark.parametrize(
    "wanted",
    [
        lambda event: event["process"]["name"] not in ("ls", "nc", "ncat"),
        lambda event: event["process"].get("args_count", 3) <= 2,
        lambda event: event["user"]["id"] == "0",
        lambda event: event["event"]["category"] != ["process"],
    ],
)
def test_each_condition_is_missed(unlike: SearchStrategy[Any], wanted: Callable[[Any], bool]) -> None:
    assert wanted(find(unlike, wanted, settings=FOUND))


def test_events_shrink_to_those_of_the_cases(write: Write) -> None:
    path = write(QUERY)
    (rule,) = open_project([str(path)]).rules
    assert rule.compiled is not None
    cases = generate(rule.compiled).cases
    for strategy, positive in ((matching(rule), True), (near_misses(path), False)):
        simplest = find(strategy, lambda event: True, settings=FOUND)
        assert simplest in [case.events[0] for case in cases if case.is_positive is positive]


def test_events_may_be_changed_by_a_test(alike: SearchStrategy[Any]) -> None:
    for event in drawn(alike, 30):
        event["process"].clear()
    assert all(event["process"] for event in drawn(alike, 30))


def test_a_rule_without_events_says_so(write: Write, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no event is known"):
        matching(write('process where process.name == "a" and process.name == "b"'))
    with pytest.raises(UsageError, match="cannot be run"):
        matching(write("process where"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError):
        near_misses(tmp_path / "empty")


def test_hypothesis_is_asked_for_by_name() -> None:
    script = "import sys; sys.modules['hypothesis'] = None; import rulewright.strategies"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'rulewright[hypothesis]'" in done.stderr.splitlines()[-1]
