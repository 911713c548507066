"""Whole commands over broken rules, cases, events and settings: none may fail of itself, and none may go on for ever.

    python benchmarks/fuzz_commands.py FOLDER [--inputs 1000] [--seed 1] [--seconds-each 60] [--keep DIR]

Each input is a rule of the folder with one to three mutations: of the tokens of its query (dropped, doubled, swapped,
taken from another rule of the same language), of its data (a value of another type, a key gone or new, text that
means something elsewhere), or of its bytes. All commands run on it in this process. What ends in an internal error
is printed with where it happened, once for each place; what takes longer than `--seconds-each` counts as a failure.
The last lines name the slowest commands. Exit code 1 when anything failed; `--keep` writes those inputs to a folder.
"""

import argparse
import contextlib
import io
import json
import os
import random
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from rulewright.cli import main as command_line

TOKENS = re.compile(r'"(?:[^"\\\n]|\\.)*"|\w+|\s+|.', re.DOTALL)
QUERY = re.compile(r"(^(?:threat_)?query = (?:'''|\"\"\"))(.*?)('''|\"\"\")", re.DOTALL | re.MULTILINE)
LANGUAGE = re.compile(r'^language = "(\w+)"', re.MULTILINE)
KEY = re.compile(r"^(\w+) = (.*)$", re.MULTILINE)
ODD = (
    *(
        "{{ x }}",
        "{% raw %}",
        "<script>",
        "*/",
        "/*",
        "\\",
        '"',
        "'''",
        "\u202e",
        "\x00",
        "*",
        "?",
        "**",
        "()",
        "[]",
        "{}",
    ),
    *(
        "not",
        "not not",
        "and",
        "null",
        "-1",
        "1e400",
        "99999999999999999999",
        "0.0.0.0/0",
        "::/0",
        "now-1y/d",
        ".*",
        "|",
    ),
)
VALUES = (
    "[]",
    "{}",
    "1",
    "-1",
    "true",
    '""',
    '"x"',
    '["x"]',
    "[[1]]",
    "1.5",
    "nan",
    "2024-01-01",
    '"{{ x }}"',
    "'''\n'''",
)
EVENTS = (
    "{}",
    '{"process": 1}',
    '{"process": {"name": [null, "nc", 1]}}',
    '{"@timestamp": "x", "event": {"category": []}}',
)


def mutated(text: str, others: dict[str, list[str]], rng: random.Random) -> str:
    """The text of a rule file with one to three mutations."""
    for _ in range(rng.randint(1, 3)):
        text = rng.choices((_query, _data, _bytes), (7, 4, 1))[0](text, others, rng)
    return text


def _query(text: str, others: dict[str, list[str]], rng: random.Random) -> str:
    found = list(QUERY.finditer(text))
    if not found:
        return _data(text, others, rng)
    match = rng.choice(found)
    language = LANGUAGE.search(text)
    same = others.get(language[1] if language else "", ()) or [match[2]]
    tokens = TOKENS.findall(match[2])
    for _ in range(rng.randint(1, 4)):
        start = rng.randrange(len(tokens) + 1)
        end = min(len(tokens), start + rng.choice((0, 1, 1, 2, 5, 20)))
        donor = TOKENS.findall(rng.choice(same))
        at = rng.randrange(len(donor) + 1)
        new = rng.choice(
            ([], tokens[start:end] * 2, donor[at : at + rng.randint(1, 12)], [rng.choice(ODD)], tokens[start:end][::-1])
        )
        tokens[start:end] = new
    return text[: match.start(2)] + "".join(tokens) + text[match.end(2) :]


def _data(text: str, others: dict[str, list[str]], rng: random.Random) -> str:
    keys = list(KEY.finditer(text))
    if not keys:
        return text
    match = rng.choice(keys)
    name, value = rng.choice(keys)[1], rng.choice(VALUES)
    line = rng.choice(
        (
            "",
            f"{match[1]} = {value}",
            f"{name} = {match[2]}",
            f"{match[0]}\n{name}_x = {value}",
            'maturity = "deprecated"',
        )
    )
    return text[: match.start()] + line + text[match.end() :]


def _bytes(text: str, others: dict[str, list[str]], rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(ODD) + text[at + rng.choice((0, 0, 1, 40)) :]


COMMANDS: dict[str, Callable[[str], list[str]]] = {
    "check": lambda rule: ["check", rule],
    "test": lambda rule: ["test", rule],
    "docs": lambda rule: ["docs", rule, "--output", "out/docs"],
    "sigma": lambda rule: ["export", "sigma", rule, "--output", "out/sigma"],
    "kibana": lambda rule: ["export", "kibana", rule, "--output", "out/kibana"],
    "explain": lambda rule: ["explain", rule, "-e", "events.ndjson"],
    "diff": lambda rule: ["diff", "original.toml", rule],
    "cases": lambda rule: ["cases", rule],
}


class TooLong(BaseException):
    """A command was ended from outside."""


def run(words: list[str], limit: int) -> tuple[str, float]:
    """What went wrong, and the seconds that it took; the empty text where nothing did."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise TooLong

    signal.signal(signal.SIGALRM, end)
    signal.alarm(limit)
    start, failure = time.perf_counter(), ""
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            code = command_line(words)
        failure = "" if code in (0, 1, 2) else f"exit code {code}"
    except TooLong:
        failure = f"longer than {limit} s"
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        failure = f"{type(error).__name__} in {Path(where.filename).name}:{where.lineno} {where.name}"
    finally:
        signal.alarm(0)
    return failure, time.perf_counter() - start


def inputs_of(folder: Path, count: int, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Pairs of a rule and what became of it."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.toml"))]
    others: dict[str, list[str]] = {}
    for text in texts:
        language = LANGUAGE.search(text)
        others.setdefault(language[1] if language else "", []).extend(match[2] for match in QUERY.finditer(text))
    for _ in range(count):
        text = rng.choice(texts)
        yield text, mutated(text, others, rng)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--inputs", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds-each", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="folder for the inputs that failed")
    arguments = parser.parse_args()
    folder, keep = arguments.folder.resolve(), arguments.keep and arguments.keep.resolve()
    os.environ["RULEWRIGHT_DEBUG"] = "1"
    failures: Counter[tuple[str, str]] = Counter()
    slowest: list[tuple[float, str, int]] = []
    with tempfile.TemporaryDirectory() as work:
        os.chdir(work)
        Path("events.ndjson").write_text("".join(f"{json.dumps(json.loads(event))}\n" for event in EVENTS))
        for number, (original, text) in enumerate(inputs_of(folder, arguments.inputs, random.Random(arguments.seed))):
            Path("original.toml").write_text(original, encoding="utf-8")
            Path("rule.toml").write_text(text, encoding="utf-8", errors="surrogatepass")
            for name, words in COMMANDS.items():
                failure, seconds = run(words("rule.toml"), arguments.seconds_each)
                slowest = sorted([*slowest, (seconds, name, number)], reverse=True)[:10]
                if failure:
                    failures[name, failure] += 1
                    if failures[name, failure] == 1:
                        print(f"input {number}: {name}: {failure}", flush=True)
                        if keep:
                            keep.mkdir(exist_ok=True, parents=True)
                            (keep / f"{number}-{name}.toml").write_text(text, encoding="utf-8")
        os.chdir("/")
    for seconds, name, number in slowest:
        print(f"{seconds:7.1f} s  {name} of input {number}")
    places, runs = len(failures), len(COMMANDS)
    print(f"{arguments.inputs:,} inputs, {runs} commands each, {failures.total():,} failures in {places} places")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
