"""What `rulewright test --coverage` says of cases by hand and of generated ones, and when it fails a run."""

import json
from pathlib import Path

import pytest

from support.command_line import Run, process, write_rule

OWN = [
    {"case": "runs a shell", "alerts": [[0]], "why": "", "events": [process("nc", args=["nc", "-e", "/bin/sh"])]},
    {"case": "listens", "alerts": [], "why": "", "events": [process("nc", args=["nc", "-l"])]},
]


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    """A rule with two cases by hand."""
    path = write_rule(tmp_path / "ruleset/a.toml")
    path.with_suffix(".cases.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in OWN), encoding="utf-8")
    return path


def test_survivors_stand_at_their_place_with_what_would_kill_them(run: Run, rule: Path) -> None:
    code, out, _ = run("test", "--coverage", "--format", "concise")
    assert code == 0
    line = next(
        line for line in out.splitlines() if 'no case fails if `process.name in ("nc")` is only a beginning' in line
    )
    assert line.startswith("ruleset/a.toml:16:32: ")
    code, out, _ = run("test", "--coverage")
    assert "case `runs a shell` with one change tells them apart: `process.name` is `nc" in out
    assert '`process.args : "-e"` is removed' not in out  # `listens` fails then


def test_every_rule_has_a_line(run: Run, rule: Path) -> None:
    write_rule(rule.parent / "b.toml", name="Another")
    _, out, _ = run("test", "--coverage")
    lines = {line.split()[0]: line for line in out.splitlines() if line.startswith(("ruleset/", "all "))}
    assert lines["ruleset/b.toml"].endswith("100 %")  # its cases are generated
    assert "1 of 4" in lines["ruleset/a.toml"]
    assert "%" in lines["all"] and not lines["all"].endswith("100 %")


@pytest.mark.parametrize(
    ("option", "settings", "code"),
    [
        (["--minimum-mutation-score", "99"], "", 1),
        (["--minimum-mutation-score", "10"], "", 0),
        (["--minimum-condition-coverage", "100"], "", 1),
        ([], "minimum-condition-coverage = 100", 1),
        (["--minimum-leaves", "100"], "", 1),  # the names of before
        ([], "minimum-leaves = 100", 1),
        ([], "minimum-mutation-score = 99", 1),
        (["--minimum-mutation-score", "0"], "minimum-mutation-score = 99", 0),
    ],
)
def test_a_share_below_the_minimum_fails_the_run(
    run: Run, rule: Path, option: list[str], settings: str, code: int
) -> None:
    (rule.parent.parent / "rulewright.toml").write_text(settings)
    found, out, _ = run("test", "--coverage", *option)
    assert found == code
    assert ("error[RW714]" in out) == bool(code)


def test_a_program_reads_the_counts(run: Run, rule: Path) -> None:
    _, out, _ = run("test", "--coverage", "--format", "json")
    data = [json.loads(line) for line in out.splitlines()]
    (counts,) = [entry for entry in data if "mutation_score" in entry]
    assert counts["cases"] == 2
    assert counts["conditions"] == {"shown": 1, "all": 4}
    assert counts["mutants"]["non_equivalent"] == sum(of["all"] - of["same"] for of in counts["operators"].values())
    assert counts["mutants"]["killed"] == sum(of["killed"] for of in counts["operators"].values())
    survivors = [entry for entry in data if entry.get("code") == "RW713"]
    assert len(survivors) == counts["mutants"]["non_equivalent"] - counts["mutants"]["killed"]
    assert all(entry["start"]["line"] == 16 and entry["help"] for entry in survivors)


@pytest.mark.parametrize("value", ["101", "-1", "many"])
def test_a_minimum_is_a_share(run: Run, rule: Path, value: str) -> None:
    assert run("test", "--coverage", f"--minimum-condition-coverage={value}")[0] == 2
