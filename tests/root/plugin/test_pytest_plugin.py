"""The pytest plugin, run by pytest inside pytest: what is collected, and what a failure shows."""

import json
import shutil
from pathlib import Path

import pytest

from rulewright_generators.cases import read_cases
from support.paths import ROOT

pytest_plugins = ["pytester"]

RULE = ROOT / "ruleset/linux/shell_over_dev_tcp.toml"
KINDS = ("schema", "positive", "near-miss", "conditions", "docs")


@pytest.fixture
def rules(pytester: pytest.Pytester) -> Path:
    """A folder `rules` with one of our rules and its cases."""
    folder = pytester.mkdir("rules")
    for path in (RULE, RULE.with_suffix(".cases.jsonl")):
        shutil.copy(path, folder)
    return folder


def test_rules_are_collected_only_on_request(pytester: pytest.Pytester, rules: Path) -> None:
    assert pytester.runpytest_inprocess().ret is pytest.ExitCode.NO_TESTS_COLLECTED
    pytester.runpytest_inprocess("--rules").assert_outcomes(passed=len(KINDS))
    pytester.makeini("[pytest]\nrule_paths = rules\n")
    pytester.runpytest_inprocess().assert_outcomes(passed=len(KINDS))


def test_items_have_stable_names_and_markers(pytester: pytest.Pytester, rules: Path) -> None:
    result = pytester.runpytest_inprocess("--rules", "--collect-only", "-q")
    assert [line for line in result.outlines if "::" in line] == [f"rules/{RULE.name}::{kind}" for kind in KINDS]
    pytester.runpytest_inprocess("--rules", "-m", "rule_conditions").assert_outcomes(passed=1, deselected=4)
    pytester.runpytest_inprocess("--rules", "-m", "rule_near_miss").assert_outcomes(passed=1, deselected=4)


def test_other_toml_files_are_left_alone(pytester: pytest.Pytester) -> None:
    pytester.makefile(".toml", settings="[tool]\nname = 1\n")
    assert pytester.runpytest_inprocess("--rules").ret is pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_changed_query_fails_with_event_leaf_and_line(pytester: pytest.Pytester, rules: Path) -> None:
    path = rules / RULE.name
    path.write_text(path.read_text().replace("/dev/tcp/", "/dev/nowhere/"), encoding="utf-8")
    result = pytester.runpytest_inprocess("--rules")
    assert result.parseoutcomes()["failed"] >= 1
    text = result.stdout.str()
    assert "error[RW710]: case `" in text
    assert f"--> {path.name}" in text or f"/{path.name}:" in text
    assert "/dev/nowhere/" in text
    assert "^" in text


def test_a_problem_fails_the_item_that_it_is_of(pytester: pytest.Pytester, rules: Path) -> None:
    path = (rules / RULE.name).with_suffix(".cases.jsonl")
    cases = read_cases(path).cases
    quiet = next(case for case in cases if not case.is_positive)
    loud = next(case for case in cases if case.is_positive)
    own = {"case": "quiet too", "alerts": [[0]], "events": quiet.events}
    with path.open("a") as file:
        file.write(json.dumps(own) + "\n")
    assert "positive" in failed_items(pytester)
    assert "near-miss" not in failed_items(pytester)
    with path.open("a") as file:
        file.write(json.dumps({"case": "quiet", "alerts": [], "events": loud.events}) + "\n")
    assert set(failed_items(pytester)) == {"positive", "near-miss"}


def failed_items(pytester: pytest.Pytester) -> list[str]:
    result = pytester.runpytest_inprocess("--rules", "-rf")
    return [line.rpartition("::")[2].split()[0] for line in result.outlines if line.startswith("FAILED")]


def test_a_file_that_is_no_toml_fails_once(pytester: pytest.Pytester, rules: Path) -> None:
    (rules / RULE.name).write_text('[rule]\nname = "unterminated\n', encoding="utf-8")
    result = pytester.runpytest_inprocess("--rules")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["error[[]RW007[]]*", "*2*name = *"])


def test_the_report_carries_the_rule_id(pytester: pytest.Pytester, rules: Path) -> None:
    pytester.runpytest_inprocess("--rules", "--junitxml=report.xml")
    assert 'name="rule_id"' in (pytester.path / "report.xml").read_text(encoding="utf-8")
