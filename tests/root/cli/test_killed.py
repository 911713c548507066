"""Runs that are killed at any moment, and two at once: files are the old ones or the new ones, and whole."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.command_line import RULE
from support.effort import FACTOR

KILLS = min(4 * FACTOR, 100)
"""Of each command."""

BUILD = ("build", "rules", "--output", "build")
CASES = ("cases", "--write", "rules")


def write_rules(folder: Path, program: str, number: int = 3) -> None:
    folder.mkdir(exist_ok=True)
    for each in range(number):
        text = RULE.format(name=f"Rule {each}", query=f'process where process.name == "{program}-{each}"')
        identity = f"0d69150b-96f8-467c-a86d-{each:012}"
        text = text.replace("0d69150b-96f8-467c-a86d-a67a3378ce77", identity)
        (folder / f"rule-{each}.toml").write_text(text, encoding="utf-8")


def start(folder: Path, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    command = (sys.executable, "-m", "rulewright", *words)
    path = os.pathsep.join(each for each in sys.path if each)
    silent = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=folder, env={**os.environ, "PYTHONPATH": path}, stdout=silent, stderr=silent)


def files_of(folder: Path) -> dict[str, bytes]:
    """The files that people and programs see: those in hidden folders and with hidden names are none."""
    found = (path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder): path for path in found}
    hidden = (".rulewright-staging-", ".rule-")
    return {
        name.as_posix(): path.read_bytes()
        for name, path in names.items()
        if not any(part.startswith(hidden) for part in name.parts)
    }


def leftovers_of(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".*") if path.is_dir() or path.suffix == ".new"]


def whole_run(folder: Path, words: tuple[str, ...], program: str) -> tuple[dict[str, bytes], float]:
    write_rules(folder / "rules", program)
    before = time.monotonic()
    assert start(folder, words).wait() == 0
    return files_of(folder), time.monotonic() - before


def half_written(found: Mapping[str, bytes], *whole: Mapping[str, bytes]) -> list[str]:
    return [name for name, text in found.items() if text not in [files.get(name) for files in whole]]


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
@pytest.mark.parametrize("words", [BUILD, CASES], ids=["build", "cases"])
def test_a_run_that_is_killed_leaves_whole_files(tmp_path: Path, words: tuple[str, ...]) -> None:
    old, _ = whole_run(tmp_path, words, "old")
    (tmp_path / "other").mkdir()
    new, took = whole_run(tmp_path / "other", words, "new")
    rng = random.Random(words[0])
    for _ in range(KILLS):
        write_rules(tmp_path / "rules", "new")
        process = start(tmp_path, words)
        time.sleep(rng.uniform(0.3, 1.05) * took)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = {name: text for name, text in files_of(tmp_path).items() if not name.startswith("other/")}
        listing = [name for name in found if name.endswith(".rulewright-files")]
        assert half_written({name: text for name, text in found.items() if name not in listing}, old, new) == []
        write_rules(tmp_path / "rules", "old")
        assert start(tmp_path, words).wait() == 0
        assert {name: text for name, text in files_of(tmp_path).items() if not name.startswith("other/")} == old
        assert leftovers_of(tmp_path) == []
