"""Rules that broke something once: every command answers, and no rule takes the answers of others with it."""

from pathlib import Path
from types import ModuleType

import pytest

from rulewright._project import outputs
from rulewright._project.proof import Proof
from rulewright_engine.rules import Compilation
from rulewright_generators.cases.types import event_query
from rulewright_generators.exports.kibana import export as kibana_export
from rulewright_generators.exports.sigma import export as sigma_export
from support.command_line import Run, write_rule
from support.paths import data_of

HOSTILE = data_of("hostile-rules.toml")["rules"]


@pytest.mark.parametrize("command", [("check",), ("test",), ("cases",), ("docs", "--output", "out")])
@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda hostile: hostile["what"])
def test_every_command_answers(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hostile: dict[str, str], command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RULEWRIGHT_DEBUG", "1")  # a defect is a traceback, not a finding
    path = write_rule(tmp_path / "rule.toml", query=hostile["query"])
    if language := hostile.get("language"):
        text = path.read_text(encoding="utf-8").replace('language = "eql"', f'language = "{language}"')
        path.write_text(text.replace('type = "eql"', 'type = "query"'), encoding="utf-8")
    code, _, _ = run(command[0], "rule.toml", *command[1:])
    assert code in (0, 1)


def test_what_the_budget_of_work_does_not_reach_is_told_once(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ", ".join(f'"program-{number}"' for number in range(40))
    write_rule(tmp_path / "rule.toml", query=f"process where process.name in ({names})")
    monkeypatch.setattr(event_query, "MAX_PAIR_WORK", 10_000)
    monkeypatch.setattr(event_query, "MAX_MUTANT_WORK", 0)
    code, out, _ = run("test", str(tmp_path))
    assert code == 0
    assert out.count("RW711") == 1
    assert "could not be shown: the rule is too large to be searched in full" in out


def test_a_defect_stays_with_the_rule_that_meets_it(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_rule(tmp_path / "one.toml", query='process where process.name == "one"')
    write_rule(tmp_path / "two.toml", query='process where process.name == "two"')
    entry = outputs._entry

    def breaking(proof: Proof) -> object:
        if proof.rule.path.name == "one.toml":
            raise ValueError("a defect")
        return entry(proof)

    monkeypatch.setattr(outputs, "_entry", breaking)
    code, out, _ = run("docs", str(tmp_path), "--output", str(tmp_path / "out"))
    assert code == 1
    assert out.count("RW012") == 1
    assert "internal error: ValueError: a defect" in out
    assert len(list((tmp_path / "out/rules").glob("*.html"))) == 1


@pytest.mark.parametrize(
    ("target", "module", "part"), [("sigma", sigma_export, "to_sigma"), ("kibana", kibana_export, "to_kibana")]
)
def test_a_defect_in_an_export_leaves_out_one_rule(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, module: ModuleType, part: str
) -> None:
    write_rule(tmp_path / "one.toml", name="One", query='process where process.name == "one"')
    write_rule(tmp_path / "two.toml", name="Two", query='process where process.name == "two"')
    export = getattr(module, part)

    def breaking(compilation: Compilation, **options: object) -> object:
        if compilation.rule.name == "One":
            raise ValueError("a defect")
        return export(compilation, **options)

    monkeypatch.setattr(module, part, breaking)
    code, out, err = run("export", target, str(tmp_path), "--output", "out")
    assert code == 1
    assert out.count("RW012") == 1
    assert "1 Sigma rule" in err or "1 rule in" in err
    code, out, _ = run("build", str(tmp_path), "--output", "build")
    assert code == 1
    assert out.count("RW012") == 1
