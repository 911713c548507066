"""What commands cost over the rules of a folder, one rule at a time; of two checkouts in turns, if asked to.

    python benchmarks/each_rule.py FOLDER [--commands check,test] [--every 10] [--slowest 10] [--against CHECKOUT]

A process that has loaded the program runs the commands; the start of Python and the import of modules are not
counted, what a command reads of its own is. `explain` reads the cases that `cases --write` made, `diff` compares
the rule with one whose last text of the query is another. Prints, for each command, the median and the slowest
rules in CPU seconds, and the peak of memory; with `--against`, the ratios to a process of the other checkout that
runs each command right before or after.
"""

import argparse
import contextlib
import io
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "check": lambda rule: ["check", rule],
    "test": lambda rule: ["test", rule],
    "cases": lambda rule: ["cases", "--write", rule],
    "explain": lambda rule: ["explain", rule, "-e", str(Path(rule).with_suffix(".cases.jsonl"))],
    "docs": lambda rule: ["docs", rule, "--output", "docs"],
    "diff": lambda rule: ["diff", rule, "changed.toml"],
    "sigma": lambda rule: ["export", "sigma", rule, "--output", "sigma"],
    "kibana": lambda rule: ["export", "kibana", rule, "--output", "kibana"],
    "build": lambda rule: ["build", rule, "--output", "build"],
}
LAST_TEXT = re.compile(r"(query = (?:'''|\"\"\").*)([\w.]+)(?=['\"])", re.DOTALL)
SLOW = 3
"""Seconds of a command that are too many."""

PACKAGES = ("schema", "engine", "generators", "src")


def serve() -> None:
    """Run each command that standard input names, one JSON array of words a line; answer with its seconds."""
    from rulewright.cli import main as command_line

    for line in sys.stdin:
        start = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            code = command_line(json.loads(line))
        print(json.dumps([code, time.process_time() - start]), flush=True)


class Runner:
    """A process with the program of one checkout."""

    def __init__(self, checkout: Path, work: Path) -> None:
        self.work = work
        self.seconds: dict[str, list[tuple[float, str]]] = {}
        path = os.pathsep.join(str(checkout / package) for package in PACKAGES)
        words = [sys.executable, str(Path(__file__).resolve()), "--serve"]
        environment = {**os.environ, "PYTHONPATH": path}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(words, env=environment, cwd=work, stdin=pipe, stdout=pipe, text=True)

    def time(self, command: str, name: str, *, counted: bool = True) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps(COMMANDS[command]("rule.toml")), file=self.process.stdin, flush=True)
        code, cpu = json.loads(self.process.stdout.readline())
        if code not in (0, 1):
            print(f"{name}: {command}: exit code {code}", file=sys.stderr)
        if counted:
            self.seconds.setdefault(command, []).append((cpu, name))
        if counted and cpu > SLOW:
            print(f"{name}: {command}: {cpu:.1f} s", flush=True)

    def put(self, rule: Path) -> None:
        text = rule.read_text(encoding="utf-8")
        (self.work / "rule.cases.jsonl").unlink(missing_ok=True)
        (self.work / "rule.toml").write_text(text, encoding="utf-8")
        (self.work / "changed.toml").write_text(LAST_TEXT.sub(r"\1other", text, count=1), encoding="utf-8")


def measure(runners: list[Runner], rules: list[Path], commands: list[str]) -> None:
    for number, rule in enumerate(rules):
        for command in commands:
            for runner in runners[:: 1 if number % 2 else -1]:
                runner.put(rule)
                if command == "explain":  # of the cases that are made of the rule
                    runner.time("cases", rule.name, counted=False)
                    if not (runner.work / "rule.cases.jsonl").exists():
                        continue
                runner.time(command, rule.name)


def report(runners: list[Runner], slowest: int) -> None:
    for command, found in runners[0].seconds.items():
        ordered = sorted(found, reverse=True)
        times = [seconds for seconds, _ in found]
        over = sum(seconds > SLOW for seconds in times)
        print(f"{command}: {len(found)} rules, median {statistics.median(times) * 1000:.1f} ms, over {SLOW} s: {over}")
        for seconds, name in ordered[:slowest]:
            print(f"  {seconds:7.2f} s  {name}")
        for other in runners[1:]:
            before = [seconds for seconds, _ in other.seconds[command]]
            median = statistics.median(times) / statistics.median(before)
            print(f"  now / before: median {median:.3f}, sum {sum(times) / sum(before):.3f}", end="")
            print(f", slowest {max(times):.2f} s / {max(before):.2f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--commands", default="check,test,cases,explain,docs,diff")
    parser.add_argument("--every", type=int, default=1, help="take one rule of so many")
    parser.add_argument("--first", type=int, default=0, help="begin at this rule")
    parser.add_argument("--slowest", type=int, default=10)
    parser.add_argument("--against", type=Path, help="a checkout to compare with")
    arguments = parser.parse_args()
    rules = sorted(arguments.folder.resolve().rglob("*.toml"))[arguments.first :: arguments.every]
    commands = arguments.commands.split(",")
    checkouts = [Path(__file__).resolve().parents[1], *([arguments.against.resolve()] if arguments.against else [])]
    with contextlib.ExitStack() as stack:
        runners = [Runner(each, Path(stack.enter_context(tempfile.TemporaryDirectory()))) for each in checkouts]
        for runner in runners:
            runner.put(rules[0])
            for command in commands:
                runner.time(command, "warm up", counted=False)
        with contextlib.suppress(KeyboardInterrupt):  # what is measured until then is told
            measure(runners, rules, commands)
        for runner in runners:
            assert runner.process.stdin is not None
            runner.process.stdin.close()
            runner.process.wait()
        report(runners, arguments.slowest)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:,.0f} MiB")
    return 0


if __name__ == "__main__":
    if sys.argv[1:] == ["--serve"]:
        serve()
    else:
        sys.exit(main())
