"""Cases of all rules in a folder, generated, confirmed and scored: what they cost, and which mutants they kill.

    python benchmarks/mutants.py FOLDER [--jobs 2] [--type esql] [--every 10] [--verbose]

A case is confirmed by running the rule over it. The score is the share of non-equivalent mutants that are killed.
Mutants proven to mean the same are left out; those of which neither is known count as alive.
"""

import argparse
import resource
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import Pool
from pathlib import Path

from rulewright_engine.rules import compile_rule
from rulewright_generators.cases import generate, run_cases, score
from rulewright_schema.config import Config
from rulewright_schema.files.load import load_rule


@dataclass
class Measured:
    """One rule. `kind` is its type, with the language where there are several."""

    kind: str
    path: str
    cases: int
    wrong: int
    total: Counter[str]
    killed: Counter[str]
    equivalent: Counter[str]
    survivors: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


def measure(path: Path) -> Measured | None:
    """None for what is no rule, has no query to run or no cases."""
    times = [time.process_time()]
    rule = load_rule(path).rule
    compiled = compile_rule(rule, Config()).compiled if rule else None
    if rule is None or compiled is None:
        return None
    times.append(time.process_time())
    made = generate(compiled)
    times.append(time.process_time())
    results = run_cases(compiled, made.cases)
    times.append(time.process_time())
    scored = score(compiled, made.cases)
    times.append(time.process_time())
    if not made.cases:
        return None
    return Measured(
        kind=rule.type if rule.type not in ("eql", "query") else f"{rule.type} ({_shape(compiled.query, rule)})",
        path=str(path),
        cases=len(made.cases),
        wrong=sum(not result.passed for result in results),
        total=scored.total,
        killed=scored.killed,
        equivalent=scored.equivalent,
        survivors=[f"{survivor.what} {survivor.reason}" for survivor in scored.survivors],
        seconds={
            name: after - before
            for name, before, after in zip(("read", "generate", "confirm", "score"), times, times[1:], strict=False)
        },
    )


def _shape(query: object, rule: object) -> str:
    language = getattr(rule, "query_language", "")
    return str(language) if language != "eql" else type(query).__name__


def report(found: Sequence[Measured]) -> None:
    kinds = sorted({rule.kind for rule in found})
    head = f"{'':24}{'rules':>6}{'cases':>8}{'median':>7}{'most':>6}{'wrong':>6}"
    print(f"{head}{'CPU s':>7}{'mutants':>9}{'same':>7}{'alive':>6}{'score':>8}")
    for kind in [*kinds, "all"]:
        rules = [rule for rule in found if kind in (rule.kind, "all")]
        cases = [rule.cases for rule in rules]
        seconds = sum(sum(rule.seconds.values()) for rule in rules)
        print(
            f"{kind:24}{len(rules):6,}{sum(cases):8,}{statistics.median(cases):7g}{max(cases):6,}"
            f"{sum(rule.wrong for rule in rules):6}{seconds:7.1f}{_numbers(rules, None)}"
        )
    print()
    for operator in dict.fromkeys(operator for rule in found for operator in rule.total):
        print(f"{operator:64}{_numbers(found, operator)}")
    print()
    for phase in ("read", "generate", "confirm", "score"):
        each = sorted((rule.seconds[phase], rule.path) for rule in found)
        middle, (most, slowest) = 1000 * each[len(each) // 2][0], each[-1]
        print(f"{phase:10}{sum(seconds for seconds, _ in each):8.2f} s CPU, median {middle:.1f} ms", end=", ")
        print(f"slowest {most:.2f} s ({Path(slowest).stem})")


def _numbers(rules: Sequence[Measured], operator: str | None) -> str:
    total, killed, same = (
        sum(getattr(rule, name).total() if operator is None else getattr(rule, name)[operator] for rule in rules)
        for name in ("total", "killed", "equivalent")
    )
    return f"{total:9,}{same:7,}{total - killed - same:6,}{100 * killed / max(total - same, 1):8.3f} %"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="every Nth rule only")
    parser.add_argument("--type", help="rules of one type only")
    parser.add_argument("--verbose", action="store_true", help="print the mutants that no case kills")
    arguments = parser.parse_args()
    paths = sorted(arguments.folder.rglob("*.toml"))
    if arguments.type:
        paths = [path for path in paths if f'type = "{arguments.type}"' in path.read_text(encoding="utf-8")]
    paths = paths[:: arguments.every]
    start = time.perf_counter()
    with Pool(arguments.jobs) as pool:
        found = [rule for rule in pool.imap(measure, paths, chunksize=4) if rule is not None]
    elapsed = time.perf_counter() - start
    if arguments.verbose:
        for rule in found:
            for survivor in rule.survivors:
                print(f"{rule.path}: {survivor}")
    report(found)
    used = sum(sum(rule.seconds.values()) for rule in found)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{len(found):,} rules in {elapsed:.1f} s on {arguments.jobs} processes, {used:.1f} s CPU", end=", ")
    print(f"at most {peak:.0f} MiB in one process")


if __name__ == "__main__":
    main()
