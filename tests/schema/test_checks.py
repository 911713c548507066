"""What the checks of metadata say beyond their pages: variants, settings, the version of ATT&CK."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from rulewright_schema.checks import check_rules
from rulewright_schema.checks.examples import Example, examples_of
from rulewright_schema.codes import CODES, Profile
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.files.load import load_text
from rulewright_schema.limits import MAX_SAME_PROBLEMS
from rulewright_schema.source import Span
from support.rules import loaded
from support.style import assert_style


def found(examples: list[Example]) -> list[Diagnostic]:
    return check_rules([load_text(e.text, e.name) for e in examples], Config(profile=Profile.ELASTIC))


@dataclass(frozen=True)
class Case:
    """A change to a sound rule and what is then said: code, underlined text, what the help names."""

    change: str
    code: str
    underlined: str
    helps: str = ""


CASES = [
    Case('[rule]\nfrom = "now-5m"\ninterval = "1h"\n', "RW230", '"now-5m"'),
    Case('[rule]\ninterval = "1h"\n', "RW230", '"1h"'),
    Case('[rule]\nfrom = "now-10m"\nto = "now-6m"\ninterval = "5m"\n', "RW230", '"now-10m"'),
    Case('[rule]\nseverity = "high"\nrisk_score = 99\n', "RW220", "99", "critical"),
    Case('[rule]\nrule_id = "3F1B2C60-5b0e-4b39-8a43-5a86a2b6f4d1"\n', "RW201", '"3F1B2C60', "3f1b2c60"),
    Case('[rule]\nnote = "a\\u00e9 $investigate_0"\n', "RW250", "$investigate_0", "counted from 0"),
    Case('[rule]\ntimeline_title = "x"\n', "RW254", "timeline_title", "timeline_id"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_variants(case: Case) -> None:
    (example,) = examples_of(case.change)
    (problem,) = found([example])
    assert problem.code == case.code
    assert example.text[(problem.span or Span(0, 0)).start :].startswith(case.underlined)
    assert case.helps in problem.help
    assert_style(problem)


SOUND = [
    '[rule]\nfrom = "now-24h"\ninterval = "1d"\n',
    '[rule]\nfrom = "now-1d/d"\ninterval = "24h"\n',
    '[rule]\nrule_id = "acme-0017"\n',
    '[rule]\nnote = "costs $10, see $osquery"\n',
    '[rule]\nbuilding_block_type = "default"\nfrom = "now-9m"\n[metadata]\nbypass_bbr_timing = true\n',
    '[[rule.threat]]\nframework = "MITRE ATLAS"\ntactic = { id = "AML.TA0001", name = "x", reference = "x" }\n',
]


@pytest.mark.parametrize("text", SOUND)
def test_sound_variants(text: str) -> None:
    assert found(examples_of(text)) == []


TECHNIQUE = """
[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = "{id}"
name = "{name}"
reference = "https://attack.mitre.org/techniques/{id}/"
[rule.threat.tactic]
id = "{tactic}"
name = "{tactic_name}"
reference = "https://attack.mitre.org/tactics/{tactic}/"
"""


def threat_problems(version: str = "18.1", **values: str) -> list[tuple[str, str]]:
    text = TECHNIQUE.format(**({"tactic": "TA0002", "tactic_name": "Execution"} | values))
    (example,) = examples_of(text)
    return [(p.code, p.help) for p in check_rules([load_text(example.text)], Config(attack_version=version))]


def test_the_version_of_attack_decides() -> None:
    old = {"id": "T1562", "name": "Impair Defenses", "tactic": "TA0005", "tactic_name": "Defense Evasion"}
    assert threat_problems(**old) == []
    assert [code for code, _ in threat_problems("19.1", **old)] == ["RW405", "RW402"]


def test_a_revoked_technique_is_replaced_in_all_its_keys() -> None:
    text = TECHNIQUE.format(id="T1002", name="Data Compressed", tactic="TA0009", tactic_name="Collection")
    (example,) = examples_of(text)
    (problem,) = check_rules([load_text(example.text)], Config())
    assert problem.fix is not None
    assert problem.fix.safe
    fixed = example.text
    for edit in sorted(problem.fix.edits, key=lambda edit: edit.span, reverse=True):
        fixed = fixed[: edit.span.start] + edit.text + fixed[edit.span.end :]
    assert check_rules([load_text(fixed)], Config()) == []
    assert '"Archive Collected Data"' in fixed


def test_an_entry_may_declare_its_version() -> None:
    text = TECHNIQUE.replace('ATT&CK"\n', 'ATT&CK"\nframework_version = "19.1"\n', 1).format(
        id="T1562", name="Impair Defenses", tactic="TA0005", tactic_name="Stealth"
    )
    (example,) = examples_of(text)
    assert [p.code for p in check_rules([load_text(example.text)], Config())] == ["RW405"]


def test_settings_silence_codes_everywhere_or_in_some_files(tmp_path: Path) -> None:
    files = [load_text(e.text, e.name) for e in examples_of("# file: a/x.toml\n[rule]\nrisk_score = 99\n")]
    assert [p.code for p in check_rules(files, Config())] == ["RW220"]
    assert check_rules(files, Config(ignore=("RW2",))) == []
    assert check_rules(files, Config(per_file_ignores={"a/*": ("RW220",)})) == []
    assert check_rules(files, Config(per_file_ignores={"b/*": ("RW220",)})) != []


def test_problems_of_a_deprecated_rule_are_notes() -> None:
    (example,) = examples_of('[metadata]\nmaturity = "deprecated"\n[rule]\nrisk_score = 99\n')
    assert [p.level for p in found([example])] == [Level.NOTE]


def test_a_check_outside_the_package_runs_as_a_pass() -> None:
    (example,) = examples_of("[rule]\n")
    code = CODES["RW101"]
    problems = check_rules([load_text(example.text)], Config(), passes=[lambda c: [c.report(code, ("rule",), "here")]])
    assert [(p.code, p.message) for p in problems] == [("RW101", "here")]


def test_of_many_problems_of_a_check_the_first_are_told() -> None:
    (example,) = examples_of("[rule]\n")
    code = CODES["RW101"]
    problems = check_rules(
        [load_text(example.text)],
        Config(),
        passes=[
            lambda c: [c.report(code, ("rule",), f"here, {at:03}", note="see") for at in range(MAX_SAME_PROBLEMS + 7)]
        ],
    )
    assert [p.message for p in problems] == [f"here, {at:03}" for at in range(MAX_SAME_PROBLEMS)]
    assert [problems[-2].note, problems[-1].note] == ["see", "see; and 7 more of this kind in the file"]


TRUE_DEFECTS = {
    "RW230": ["privilege_escalation_endgame_process_injection_prevented.toml"],  # from now-1m, interval 2m
    "RW250": [  # placeholders that count from 1
        "credential_access_high_volume_of_pbpaste.toml",
        "persistence_insmod_kernel_module_load.toml",
    ],
    "RW405": ["persistence_hidden_plist_filename.toml"],  # T1547.011 was revoked by T1647
}


def test_public_rules_have_no_error_but_true_defects(corpus: list[Path]) -> None:
    problems = check_rules([loaded(path) for path in corpus], Config())
    errors: dict[str, list[str]] = {}
    for problem in problems:
        assert_style(problem)
        if problem.level is Level.ERROR:
            errors.setdefault(problem.code, []).append(Path(problem.path).name)
    assert {code: sorted(names) for code, names in errors.items()} == TRUE_DEFECTS
