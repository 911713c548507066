"""Whole commands over broken rules, events, cases, settings and templates: none fails of itself or goes on for ever.

    python benchmarks/fuzz_commands.py FOLDER... [--inputs 1000] [--minutes N] [--seconds-each 60] [--keep DIR]

An input is one mutated document: a rule file, an event, a line of cases, a settings file or a template, made of those
of the folders. They are run in rounds of one kind, in this process. Each rule is checked, in a folder with others, and
one other command runs over that folder; each event is queried for, and some are explained; cases are tested, written
and explained; settings are checked with; templates write guides and exports.

What ends in an internal error, of the run or of one rule, is printed with where it happened, once for each place; what
takes longer than `--seconds-each` counts as a failure. The end names the slowest commands, and those that took most
memory. Exit code 1 when anything failed; `--keep` keeps the folders of those rounds. A round depends on the seed and
on its number alone: `--first N --rounds 1` runs one again.
"""

import argparse
import contextlib
import io
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import FrameType

from fuzz_mutations import Seeds, mutated_line, mutated_rule, mutated_settings, mutated_template

from rulewright.cli import main as command_line

INTERNAL = re.compile(r"internal error: [^\n]*")
TEMPLATES = Path(__file__).resolve().parents[1] / "generators/rulewright_generators"
LANGUAGES = ("eql", "kql", "lucene", "esql")

RULE_COMMANDS = (
    ("test", "rules"),
    ("cases", "--write", "rules"),
    ("docs", "rules", "--output", "out/docs"),
    ("export", "sigma", "rules", "--output", "out/sigma"),
    ("export", "kibana", "rules", "--output", "out/kibana"),
    ("explain", "rules/0.toml", "-e", "events.jsonl"),
    ("diff", "original", "rules"),
    ("build", "rules", "--output", "out/build"),
    ("overlap", "rules"),
    ("check", "rules", "--stack", "8.19", "--format", "json"),
)
"""One of these runs over the rules of a round, beside `check`; the first more often than those that cost more."""
WEIGHTS = (6, 3, 1, 3, 3, 6, 3, 1, 2, 3)


class TooLong(BaseException):
    """A command was ended from outside."""


@dataclass
class Fuzzer:
    seeds: Seeds
    limit: int
    inputs: Counter[str] = field(default_factory=Counter)
    runs: Counter[str] = field(default_factory=Counter)
    failures: Counter[tuple[str, str]] = field(default_factory=Counter)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    largest: list[tuple[int, str]] = field(default_factory=list)

    def round(self, rng: random.Random, number: int) -> list[str]:
        """Mutate documents of one kind and run commands on them, in the folder where we are; what failed anew."""
        kinds = (self.rules, self.events, self.cases, self.settings, self.templates)
        kind = rng.choices(kinds, (20, 20, 8, 2, 1))[0]
        found = []
        for words in kind(rng):
            failure = self.run(words, number)
            if failure:
                self.failures[words[0], failure] += 1
                if self.failures[words[0], failure] == 1:
                    found.append(f"{' '.join(words[:2])}: {failure}")
        return found

    def run(self, words: tuple[str, ...], number: int) -> str:
        """What went wrong; the empty text where nothing did."""
        self.runs[words[0]] += 1
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        failure = answer(words, self.limit)
        told = f"{words[0]} of round {number}"
        self.slowest = sorted([*self.slowest, (time.process_time() - start, told)], reverse=True)[:10]
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        self.largest = sorted([*self.largest, (grown, told)], reverse=True)[:5]
        return failure

    # Kinds of rounds: each writes its files, and yields the commands that run on them

    def rules(self, rng: random.Random) -> Iterator[tuple[str, ...]]:
        texts = rng.choices(self.seeds.rules, k=rng.choice((1, 5, 20)))
        for number, text in enumerate(texts):
            write(f"original/{number}.toml", text)
            write(f"rules/{number}.toml", mutated_rule(text, self.seeds, rng))
        self._write_events(rng, 3)
        self.inputs["rules"] += len(texts)
        yield ("check", "rules")
        yield rng.choices(RULE_COMMANDS, WEIGHTS)[0]

    def events(self, rng: random.Random) -> Iterator[tuple[str, ...]]:
        text = rng.choice(self.seeds.rules)
        write("rule.toml", text)
        self._write_events(rng, 5)
        yield ("explain", "rule.toml", "-e", "events.jsonl")
        language = rng.choice(LANGUAGES)
        queries = self.seeds.queries["kuery" if language == "kql" else language]
        self._write_events(rng, 200)
        self.inputs["events"] += 205
        yield ("query", "-l", language, "-e", "events.jsonl", "--format", "json", rng.choice(queries))

    def _write_events(self, rng: random.Random, number: int) -> None:
        """Lines that begin as the events of cases."""
        lines = (mutated_line(event_of(rng.choice(self.seeds.lines), rng), rng) for _ in range(number))
        write("events.jsonl", "".join(f"{line}\n" for line in lines))

    def cases(self, rng: random.Random) -> Iterator[tuple[str, ...]]:
        write("rule.toml", rng.choice(self.seeds.rules))
        lines = [mutated_line(rng.choice(self.seeds.lines), rng) for _ in range(10)]
        write("rule.cases.jsonl", "".join(f"{line}\n" for line in lines))
        self.inputs["lines of cases"] += len(lines)
        yield ("test", "rule.toml", *rng.choice(((), ("--coverage",))))
        yield ("explain", "rule.toml", "-e", "rule.cases.jsonl")
        yield ("cases", "--write", "rule.toml")

    def settings(self, rng: random.Random) -> Iterator[tuple[str, ...]]:
        write("rule.toml", rng.choice(self.seeds.rules))
        for _ in range(20):
            write("rulewright.toml", mutated_settings(rng))
            self.inputs["settings"] += 1
            yield ("check", "rule.toml")
        yield ("test", "rule.toml", "--coverage")

    def templates(self, rng: random.Random) -> Iterator[tuple[str, ...]]:
        write("rule.toml", rng.choice(self.seeds.rules))
        name, text = rng.choice(list(self.seeds.templates.items()))
        write(f"templates/{name}", mutated_template(text, self.seeds, rng))
        self.inputs["templates"] += 1
        tool = name.partition("/")[0]
        command = ("docs",) if tool == "docs" else ("export", tool)
        yield (*command, "rule.toml", "--templates", "templates", "--output", "out")


def event_of(line: str, rng: random.Random) -> str:
    """The text of the event of a line of cases, as a guess: what stands behind `"events": [`."""
    _, found, rest = line.partition('"events": [')
    return rest.rstrip()[:-2] if found and rng.random() < 0.9 else line


def write(name: str, text: str) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors="surrogatepass")


def answer(words: tuple[str, ...], limit: int) -> str:
    """Run one command; what went wrong, or the empty text."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong

    signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, limit)
    out, err = io.StringIO(), io.StringIO()
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = command_line(words)
        told = INTERNAL.search(err.getvalue()) or INTERNAL.search(out.getvalue())
        return told[0] if told else "" if code in (0, 1, 2) else f"exit code {code}"
    except TooLong:
        return f"longer than {limit} s"
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno} {where.name}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def run_rounds(fuzzer: Fuzzer, arguments: argparse.Namespace, goes_on: Callable[[int], bool]) -> None:
    keep = arguments.keep and arguments.keep.resolve()
    with tempfile.TemporaryDirectory() as work:
        for number in count(arguments.first):
            if not goes_on(number):
                break
            folder = Path(work) / str(number)
            folder.mkdir()
            os.chdir(folder)
            for failure in fuzzer.round(random.Random(f"{arguments.seed}:{number}"), number):
                print(f"round {number}: {failure}", flush=True)
                if keep:
                    shutil.copytree(folder, keep / str(number), dirs_exist_ok=True)
            os.chdir(work)
            shutil.rmtree(folder)
            if number % 1_000 == 999:
                print(f"{fuzzer.inputs.total():,} inputs after round {number}", flush=True)
        os.chdir("/")


def report(fuzzer: Fuzzer) -> None:
    for seconds, told in fuzzer.slowest:
        print(f"{seconds:7.2f} s  {told}")
    for kilobytes, told in fuzzer.largest:
        print(f"{kilobytes / 1024:7.0f} MiB more  {told}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")
    print(", ".join(f"{number:,} {kind}" for kind, number in sorted(fuzzer.inputs.items())))
    print(", ".join(f"{number:,} {command}" for command, number in sorted(fuzzer.runs.items())))
    runs, places = fuzzer.runs.total(), len(fuzzer.failures)
    failed = fuzzer.failures.total()
    print(f"{fuzzer.inputs.total():,} inputs, {runs:,} commands, {failed:,} failures in {places} places")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--inputs", type=int, default=1_000, help="end after so many")
    parser.add_argument("--minutes", type=float, help="end after so many, if that is earlier")
    parser.add_argument("--rounds", type=int, help="end after so many, if that is earlier")
    parser.add_argument("--first", type=int, default=0, help="the number of the first round")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds-each", type=int, default=60, help="CPU seconds that a command may take")
    parser.add_argument("--keep", type=Path, help="folder for the files of the rounds that failed")
    arguments = parser.parse_args()
    fuzzer = Fuzzer(Seeds.read(arguments.folders, TEMPLATES), arguments.seconds_each)
    end = time.monotonic() + 60 * arguments.minutes if arguments.minutes else float("inf")
    last = arguments.first + arguments.rounds if arguments.rounds else float("inf")

    def goes_on(number: int) -> bool:
        return number < last and time.monotonic() < end and fuzzer.inputs.total() < arguments.inputs

    with contextlib.suppress(KeyboardInterrupt):  # what was found until then is told
        run_rounds(fuzzer, arguments, goes_on)
    report(fuzzer)
    return 1 if fuzzer.failures else 0


if __name__ == "__main__":
    sys.exit(main())
