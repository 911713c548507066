"""Cases of ES|QL rules over a folder: rules with a positive, conditions with a near miss, the rest by reason, time.

    python benchmarks/esql_cases.py FOLDER [--every N] [--changed SEED] [--verbose]

No case is written by hand. What a case shows is read from its written events alone: a near miss shows a condition if
the rule alerts once this condition is settled the other way, whatever the events say; a positive shows one if it falls
silent. Conditions of rules without a positive count as conditions without a near miss. `--changed` measures the rules
with queries as others might have written them (`changed_queries.py`), which nobody has seen before.
"""

import argparse
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from changed_queries import changed_rule

from rulewright_engine.esql.analysis.analyze import analyze
from rulewright_engine.esql.analysis.columns import EventColumns
from rulewright_engine.rules import CompiledRule, compile_rule
from rulewright_generators.cases import (
    ConditionCoverage,
    GeneratedCases,
    condition_coverage,
    generate,
    run_cases,
    score,
)
from rulewright_generators.cases.esql.plan.conditions import atoms_of
from rulewright_schema.config import Config
from rulewright_schema.files.load import load_rule
from rulewright_schema.rule import EsqlRule


@dataclass
class Tally:
    rules: int = 0
    with_positive: int = 0
    conditions: int = 0
    with_near_miss: int = 0
    cases: int = 0
    events: int = 0
    wrong: int = 0
    mutants: Counter[str] = field(default_factory=Counter)
    unreached: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)


def measure(tally: Tally, path: Path, rule: EsqlRule, verbose: bool) -> None:
    compiled = compile_rule(rule, Config()).compiled
    assert compiled is not None
    start = time.process_time()
    made = generate(compiled)
    tally.seconds.append(time.process_time() - start)

    tally.rules += 1
    tally.cases += len(made.cases)
    tally.events += sum(len(case.events) for case in made.cases)
    tally.wrong += sum(not result.passed for result in run_cases(compiled, made.cases))
    scored = score(compiled, made.cases)
    tally.mutants["killed"] += scored.killed.total()
    tally.mutants["proven to mean the same"] += scored.equivalent.total()
    tally.mutants["alive"] += len(scored.survivors)
    if any(case.is_positive for case in made.cases):
        tally.with_positive += 1
    else:
        tally.unreached[made.gaps[0].reason] += 1
        if verbose:
            print(f"{path}: no positive: {made.gaps[0].reason}")
    if made.conditions:
        for condition in condition_coverage(compiled, made.cases, made.conditions):
            count(tally, path, condition, verbose)
    else:
        count_unreached(tally, compiled, made)


def count(tally: Tally, path: Path, condition: ConditionCoverage, verbose: bool) -> None:
    reason = condition.outcome.reason if condition.outcome else ""
    if condition.is_explained and condition.outcome:
        tally.explained[f"{condition.outcome.outcome.value}: {reason}"] += 1
        return
    tally.conditions += 1
    tally.with_near_miss += condition.paired
    if not condition.paired:
        tally.missing[reason] += 1
        if verbose:
            print(f"{path}: `{condition.name}`: {reason}")


def count_unreached(tally: Tally, compiled: CompiledRule, made: GeneratedCases) -> None:
    analysis = analyze(compiled.rule.query_text or "", EventColumns(compiled.fields, ()), now=compiled.now)
    if analysis.runs:
        conditions = len(atoms_of(analysis.plan()))
        tally.conditions += conditions
        tally.missing[made.gaps[0].reason] += conditions


def report(tally: Tally) -> None:
    def share(part: int, whole: int) -> str:
        return f"{part:,} of {whole:,} ({100 * part / max(whole, 1):.1f} %)"

    def reasons(found: Counter[str]) -> None:
        for reason, number in found.most_common():
            print(f"  {number:5}  {reason}")

    ordered = sorted(tally.seconds)
    print(f"rules with a confirmed positive         {share(tally.with_positive, tally.rules)}")
    reasons(tally.unreached)
    print(f"conditions that can be flipped          {tally.conditions:,}, and those that cannot:")
    reasons(tally.explained)
    print(f"with an alert and a near miss           {share(tally.with_near_miss, tally.conditions)}")
    print("the others:")
    reasons(tally.missing)
    print(f"cases                                   {tally.cases:,} of {tally.events:,} events, wrong {tally.wrong}")
    non_equivalent = tally.mutants["killed"] + tally.mutants["alive"]
    print(f"mutants killed                          {share(tally.mutants['killed'], non_equivalent)}")
    same = tally.mutants["proven to mean the same"]
    print(f"  {same:5,}  more are proven to mean the same; of rules without cases all are alive")
    middle, high = statistics.median(ordered), ordered[len(ordered) * 9 // 10]
    print(
        f"time a rule                             median {middle * 1000:.0f} ms, p90 {high * 1000:.0f} ms, "
        f"max {ordered[-1]:.1f} s, all {sum(ordered):.1f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, help="measure every Nth rule only")
    parser.add_argument("--changed", type=int, metavar="SEED", help="measure changed queries")
    parser.add_argument("--verbose", action="store_true", help="show what is missing of each rule")
    arguments = parser.parse_args()
    tally = Tally()
    rules = [(path, load_rule(path).rule) for path in sorted(arguments.folder.rglob("*.toml"))]
    chosen = [(path, rule) for path, rule in rules if isinstance(rule, EsqlRule)]
    for path, rule in chosen[:: arguments.every]:
        if arguments.changed is not None:
            rule = changed_rule(rule, arguments.changed)
        measure(tally, path, rule, arguments.verbose)
    report(tally)


if __name__ == "__main__":
    main()
