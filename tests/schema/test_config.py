"""Settings are found, read and judged."""

from pathlib import Path

import pytest

from rulewright_schema.codes import Profile
from rulewright_schema.config import Config, find_config, read_config
from rulewright_schema.errors import UsageError

SETTINGS = """
paths = ["rules"]
profile = "elastic"
attack-version = "19.1"
ignore = ["RW210", "RW4"]
minimum-condition-coverage = 100
minimum-mutation-score = 97.5
[per-file-ignores]
"rules/old/*" = ["RW2"]
[fields]
"acme.*" = "keyword"
"""


def test_settings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "rulewright.toml"
    path.write_text(SETTINGS)
    config = read_config(path)
    assert (config.root, config.paths, config.profile) == (tmp_path, ("rules",), Profile.ELASTIC)
    assert config.attack.version == "19.1"
    assert (config.minimum_condition_coverage, config.minimum_mutation_score) == (100, 97.5)
    assert config.ignores("RW405", "x.toml")
    assert not config.ignores("RW220", str(tmp_path / "rules/new/x.toml"))
    assert config.ignores("RW220", str(tmp_path / "rules/old/x.toml"))
    assert config.catalogue.lookup("acme.anything") is not None


def test_the_nearest_file_with_settings_counts(tmp_path: Path) -> None:
    below = tmp_path / "a/b"
    below.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text('[tool.rulewright]\npaths = ["top"]\n')
    (tmp_path / "a/pyproject.toml").write_text("[project]\nname = 'other'\n")
    assert find_config(below).paths == ("top",)
    (tmp_path / "a/rulewright.toml").write_text("")
    assert find_config(below) == Config(root=tmp_path / "a")


def test_without_settings_the_defaults_hold(tmp_path: Path) -> None:
    assert find_config(tmp_path).paths == ("ruleset",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pats = []", "unknown setting `pats`.*did you mean `paths`"),
        ("paths = 'x'", "`paths`.*must be a list of paths"),
        ("profile = 'strict'", "must be `core` or `elastic`"),
        ("attack-version = '3'", 'must be `"18.1"` or `"19.1"`'),
        ("ignore = ['E501']", "must be a list of codes"),
        ("minimum-condition-coverage = 101", "must be a number from 0 to 100"),
        ("minimum-mutation-score = true", "must be a number from 0 to 100"),
        ("fields = {a = 'keywrod'}", "must be a table of field names"),
        ("per-file-ignores = ['x']", "must be a table of path patterns"),
        ("x = [", "cannot read the settings"),
        ("paths = []\n\npats = []", r"unknown setting `pats` in `.*:3:1`"),
        ("diff-policy = 1", r"setting `diff-policy` in `.*:1:1` must be tables by path"),
        ("[diff-policy]\nwider = 'warn'", r"setting `diff-policy.wider` in `.*:2:1` must be a table"),
        ("[diff-policy.'*']\n\n  wider = 'maybe'", r"wider` in `.*:3:3` must be `allow`, `warn` or `refuse`"),
        ("[diff-policy.'*']\nwidr = 'warn'", r"widr` in `.*:2:1` is no kind of change: did you mean `wider`"),
        ("[diff-policy.'*']\nwider = ['warn']", r"wider` in `.*:2:1` must be `allow`"),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "rulewright.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=message):
        read_config(path)


@pytest.mark.parametrize("text", ["", "tool = 1", "[tool]\nrulewright = 1"])
def test_a_file_without_settings(tmp_path: Path, text: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match="no `"):
        read_config(path)
