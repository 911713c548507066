"""The fuzzer of whole commands, for as long as CI can wait; `benchmarks/fuzz_commands.py` runs for hours on demand."""

import os
import subprocess
import sys
from pathlib import Path

from support.effort import times

ROOT = Path(__file__).parents[3]


def test_no_command_fails_of_itself_whatever_it_reads() -> None:
    words = (
        sys.executable,
        "benchmarks/fuzz_commands.py",
        "ruleset",
        "--rounds",
        str(times(30)),
        "--inputs",
        "2000000",
    )
    path = os.pathsep.join(each for each in sys.path if each)
    environment = {**os.environ, "PYTHONPATH": path}
    run = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert " 0 failures" in run.stdout
