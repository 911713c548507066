"""What proving a rule comes to where no events are found, and how commands, plugin and summaries say so."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli
import tomli_w

import rulewright
from rulewright import Outcome, Rule
from rulewright.cli import main
from rulewright_schema.diagnostics import Level

pytest_plugins = ["pytester"]

TESTS = next(parent for parent in Path(__file__).parents if parent.name == "tests")
RULES = tomli.loads((TESTS / "data/proof-outcomes.toml").read_text(encoding="utf-8"))["rule"]
NOT_FOUND = 'process where between(process.command_line, "a", "b") == "x"'
IMPOSSIBLE = 'process where process.name == "nc" and process.name == "ncat"'
PLAIN = 'process where process.name == "nc"'
ATTACK = {"event": {"category": "process"}, "process": {"command_line": "axb"}}
LOUD = {"event": {"category": "process"}, "process": {"name": "nc"}}

Run = Callable[..., tuple[int, str, str]]


def text_of(query: str, language: str = "eql", **more: Any) -> str:
    rule = {
        "rule_id": "0d69150b-96f8-467c-a86d-a67a3378ce77",
        "name": "A test",
        "description": "A test.",
        "author": ["Somebody"],
        "severity": "medium",
        "risk_score": 47,
        "type": language if language in ("eql", "esql") else "query",
        "language": language,
        "query": query,
        **({} if language == "esql" else {"index": ["logs-endpoint.events.process-*"]}),
        **more,
    }
    dates = {"creation_date": "2026/01/01", "updated_date": "2026/01/01", "maturity": "production"}
    return tomli_w.dumps({"metadata": dates, "rule": rule})


@pytest.mark.parametrize("entry", RULES, ids=lambda entry: entry["query"][:80])
def test_the_outcome_is_what_is_known(entry: dict[str, str]) -> None:
    rule = rulewright.loads(text_of(entry["query"], entry.get("language", "eql")))
    proof = rulewright.prove(rule)
    assert proof.outcome == entry["outcome"], proof.problems
    assert [problem.code for problem in proof.problems if problem.code != "RW711"] == (
        [entry["code"]] if "code" in entry else []
    )
    assert bool(proof.reason) == (proof.outcome is not Outcome.PROVEN)
    if "fires" in entry:
        event = json.loads(entry["fires"])
        assert rulewright.run(rule, [{"event": {"category": "process"}, **event}])


def test_every_outcome_is_tried() -> None:
    assert {entry["outcome"] for entry in RULES} == set(Outcome)


def test_a_case_by_hand_settles_it() -> None:
    rule = rulewright.loads(text_of(NOT_FOUND))
    assert "write a case by hand" in rulewright.prove(rule).reason
    attack = rulewright.Case(name="attack", events=(ATTACK,), alerts=((0,),), why="by hand")
    proof = rulewright.prove(rule, cases=[attack])
    assert proof.outcome is Outcome.PARTLY
    assert {problem.code for problem in proof.problems} == {"RW711"}
    assert proof.reason == "2 conditions of 2 not shown"


def test_a_threshold_beyond_what_a_case_holds_is_undecided() -> None:
    rule = text_of("process.name: nc", "kuery", type="threshold", threshold={"field": ["host.id"], "value": 100_000})
    proof = rulewright.prove(rulewright.loads(rule))
    assert proof.outcome is Outcome.UNDECIDED
    assert "more events than a case may have" in proof.reason


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder whose `ruleset` holds a rule that is undecided."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ruleset").mkdir()
    (tmp_path / "ruleset/a.toml").write_text(text_of(NOT_FOUND), encoding="utf-8")

    def call(*words: str) -> tuple[int, str, str]:
        code = main(words)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_commands_count_it_and_do_not_fail(run: Run) -> None:
    code, out, err = run("test")
    assert (code, out.count("warning[RW715]"), out.count("RW711")) == (0, 1, 0)
    assert err.startswith("0 rules proven by 0 cases, 1 undecided; condition coverage (MC/DC): 0 of 2 conditions")
    code, out, _ = run("build")
    assert code == 0
    assert "every rule is proven" not in out
    assert "no rule failed: 0 rules proven by 0 cases, 1 undecided (" in out
    assert run("cases")[0] == 0


def test_what_is_proven_impossible_fails_the_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "ruleset/a.toml").write_text(text_of(IMPOSSIBLE), encoding="utf-8")
    code, out, err = run("test")
    assert (code, out.count("error[RW712]")) == (1, 1)
    assert "1 failed" in err
    assert "no event meets its conditions together" in out


@pytest.mark.parametrize(
    ("query", "pinned", "outcome", "told"),
    [
        (PLAIN, [], Outcome.UNDECIDED, "add those that do: `rulewright cases --write`"),
        (PLAIN, [{"case": "quiet", "alerts": [], "events": [{"a": 1}]}], Outcome.UNDECIDED, "`rulewright cases"),
        (
            PLAIN,
            [{"case": "quiet", "alerts": [], "events": [{**ATTACK, "process": {"name": "nc"}}]}],
            Outcome.FAILED,
            "",
        ),
        (NOT_FOUND, [{"case": "quiet", "alerts": [], "events": [{"a": 1}]}], Outcome.UNDECIDED, "by hand"),
        (NOT_FOUND, [{"case": "attack", "alerts": [[0]], "events": [ATTACK]}], Outcome.PARTLY, ""),
        (IMPOSSIBLE, [{"case": "quiet", "alerts": [], "events": [{"a": 1}]}], Outcome.FAILED, "can never fire"),
    ],
)
def test_pinned_cases_of_which_none_alerts(
    tmp_path: Path, query: str, pinned: list[dict[str, Any]], outcome: Outcome, told: str
) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text_of(query), encoding="utf-8")
    path.with_suffix(".cases.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in pinned), encoding="utf-8")
    (rule,) = rulewright.load(path)
    proof = rulewright.prove(rule)
    assert proof.pinned
    assert proof.outcome is outcome
    assert told in proof.reason
    if outcome is Outcome.UNDECIDED:
        assert [problem.level for problem in proof.problems] == [Level.WARNING]


def test_a_command_adds_the_cases_that_alert(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ruleset/a.toml"
    path.write_text(text_of(PLAIN), encoding="utf-8")
    path.with_suffix(".cases.jsonl").write_text("", encoding="utf-8")
    assert "1 undecided" in run("test")[2]
    assert run("cases", "--write")[0] == 0
    assert run("test")[2].startswith("1 rule proven by ")


def test_commands_and_plugin_tell_the_same_of_a_rule_that_is_partly_proven(
    run: Run, tmp_path: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warning fails none of them, none calls the rule proven, and the totals are the same words."""
    monkeypatch.chdir(tmp_path)
    case = {"case": "attack", "alerts": [[0]], "events": [ATTACK]}
    (tmp_path / "ruleset/a.cases.jsonl").write_text(f"{json.dumps(case)}\n", encoding="utf-8")
    code, out, totals = run("test")
    assert (code, "warning[RW711]" in out) == (0, True)
    assert totals == (
        "0 rules proven by 0 cases, 1 partly proven; "
        "condition coverage (MC/DC): 0 of 2 conditions shown true and false, 2 not\n"
    )
    code, out, _ = run("build")
    assert (code, "every rule is proven" in out) == (0, False)
    assert "ruleset/a.toml: partly proven: 2 conditions of 2 not shown" in out
    monkeypatch.chdir(pytester.path)
    shutil.copytree(tmp_path / "ruleset", pytester.path / "rules")
    result = pytester.runpytest_inprocess("--rules", "-rs")
    assert result.ret == 0
    result.assert_outcomes(passed=4, skipped=1)
    assert totals.strip() in result.outlines


def test_a_warning_of_check_is_in_the_verdict(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ruleset/a.toml"
    path.write_text(text_of('process where process.name in ("nc", "nc")'), encoding="utf-8")
    assert "warning[" in run("check")[1]
    assert "every rule is proven" not in run("build")[1]


def test_the_plugin_skips_with_the_reason(pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("rules")
    (folder / "a.toml").write_text(text_of(NOT_FOUND), encoding="utf-8")
    result = pytester.runpytest_inprocess("--rules", "-rs")
    result.assert_outcomes(passed=2, skipped=3)
    result.stdout.fnmatch_lines(["*no events were found that raise an alert*write a case by hand*"])
    (folder / "a.toml").write_text(text_of(IMPOSSIBLE), encoding="utf-8")
    pytester.runpytest_inprocess("--rules").assert_outcomes(failed=2, passed=1, skipped=2)


def test_a_machine_learning_rule_is_not_executable(run: Run, tmp_path: Path) -> None:
    text = tomli.loads(text_of(PLAIN))
    rule = text["rule"]
    for key in ("query", "language", "index"):
        del rule[key]
    rule |= {"type": "machine_learning", "machine_learning_job_id": "job", "anomaly_threshold": 50}
    (tmp_path / "ruleset/a.toml").write_text(tomli_w.dumps(text), encoding="utf-8")
    code, out, err = run("test")
    assert (code, err) == (0, "0 rules proven by 0 cases, 1 not executable\n")
    assert out == "ruleset/a.toml: not executable: rules of type machine_learning have no query to run\n"
    assert run("test", "--format", "json")[1] == ""


def test_a_rule_is_no_file_of_its_own() -> None:
    """A rule from text has no pinned cases, and its proof names it."""
    rule: Rule = rulewright.loads(text_of(PLAIN))
    assert repr(rulewright.prove(rule)).startswith("<Proof of 'A test': proven, ")
