"""Runs that are killed at any moment, and two at once: files are the old ones or the new ones, and whole."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from support.command_line import RULE
from support.effort import FACTOR

KILLS = min(2 * FACTOR, 100)
"""Of each command."""

BUILD = ("build", "rules", "--output", "build")
LISTING = ".rulewright-files"
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
    """The files after a run of its own, and the seconds that it took."""
    write_rules(folder / "rules", program)
    before = time.monotonic()
    assert start(folder, words).wait() == 0
    return files_of(folder), time.monotonic() - before


@pytest.mark.skipif(sys.platform == "win32", reason="processes are killed otherwise there")
@pytest.mark.parametrize("words", [BUILD, CASES], ids=["build", "cases"])
def test_a_run_that_is_killed_leaves_whole_files(tmp_path: Path, words: tuple[str, ...]) -> None:
    whole, took = {}, 0.0
    for program in ("one", "two"):
        (tmp_path / program).mkdir()
        whole[program], took = whole_run(tmp_path / program, words, program)
    work, rng = tmp_path / "work", random.Random(words[0])
    work.mkdir()
    for number in range(KILLS):
        write_rules(work / "rules", ("one", "two")[number % 2])
        process = start(work, words)
        time.sleep(rng.uniform(0.3, 1.05) * took)
        process.send_signal(signal.SIGKILL)
        process.wait()
        for name, text in files_of(work).items():
            if not name.endswith(LISTING):  # lists the files of both runs, so that none is forgotten
                assert text in [files.get(name) for files in whole.values()], name
    assert whole_run(work, words, "one")[0] == whole["one"]
    assert leftovers_of(work) == []


def test_of_two_builds_at_once_one_stays(tmp_path: Path) -> None:
    whole = []
    for program, number in (("one", 3), ("two", 2)):
        (tmp_path / program).mkdir()
        write_rules(tmp_path / program / "rules", program, number)
        assert start(tmp_path / program, BUILD).wait() == 0
        whole.append(files_of(tmp_path / program / "build"))
    for _ in range(min(FACTOR, 20)):
        output = str(tmp_path / "build")
        both = [start(tmp_path / program, (*BUILD[:-1], output)) for program in ("one", "two")]
        assert [process.wait() for process in both] == [0, 0]
        assert files_of(tmp_path / "build") in whole
        assert leftovers_of(tmp_path / "build") == []
