"""Cases over the rules of a folder that judge single events: confirmed positives, conditions with a pair, time.

    python benchmarks/cases.py FOLDER [--language eql] [--verbose]

A pair is checked from the written events alone: one event matches, one does not, and every other condition is as
true of the one as of the other. Solving is the time of the solver alone; generating includes documents and
confirmation.
"""

import argparse
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from rulewright_engine.evaluate import compile_condition
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Leaf
from rulewright_engine.ir.query import EventQuery, Language
from rulewright_engine.rules import CompiledRule, compile_rule, judges_events
from rulewright_engine.solver import Outcome, SmtSolver
from rulewright_generators.cases import generate
from rulewright_schema.config import Config
from rulewright_schema.files.load import load_rule


@dataclass
class Tally:
    rules: int = 0
    with_positive: int = 0
    decided: int = 0
    conditions: int = 0
    pairs: int = 0
    cases: int = 0
    wrong: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    solving: list[float] = field(default_factory=list)
    generating: list[float] = field(default_factory=list)


def event_rules(folder: Path, language: Language) -> Iterator[tuple[Path, CompiledRule]]:
    """The rules that judge single events."""
    for path in sorted(folder.rglob("*.toml")):
        rule = load_rule(path).rule
        if rule is None or rule.query_language != language:
            continue
        compiled = compile_rule(rule, Config()).compiled
        if compiled is None:
            print(f"not read: {path}", file=sys.stderr)
        elif judges_events(compiled):
            yield path, compiled


def measure(tally: Tally, path: Path, compiled: CompiledRule, verbose: bool) -> None:
    query, fields = compiled.query, compiled.fields
    assert isinstance(query, EventQuery)
    start = time.process_time()
    list(
        SmtSolver(
            query.condition, multi_valued=lambda name: info.array if (info := fields.lookup(name)) else None
        ).outcomes()
    )
    tally.solving.append(time.process_time() - start)
    start = time.process_time()
    made = generate(compiled)
    tally.generating.append(time.process_time() - start)

    check = compile_condition(query.condition)
    events = [Event(case.events[0]) for case in made.cases]
    verdicts = [check(event) for event in events]
    tally.wrong += sum(case.is_positive != verdict for case, verdict in zip(made.cases, verdicts, strict=True))
    paired = _paired(query, events, verdicts)
    tally.rules += 1
    tally.cases += len(events)
    tally.with_positive += any(verdicts)
    tally.decided += all(each.outcome is not Outcome.UNDECIDED for each in made.conditions)
    for has_pair, condition in zip(paired, made.conditions, strict=True):
        tally.conditions += 1
        tally.pairs += has_pair
        tally.outcomes[condition.outcome.value] += 1
        if condition.outcome is Outcome.PAIR and not has_pair:
            tally.reasons["no pair in the written events"] += 1
        if condition.outcome is not Outcome.PAIR:
            tally.reasons[f"{condition.outcome.value}: {condition.reason}"] += 1
        if verbose and (condition.outcome is not Outcome.PAIR or not has_pair):
            print(
                f"{path}: {condition.outcome.value} `{condition.leaf.text}`: {condition.reason}",
                *(f"`{other.text}`" for other in condition.because),
            )
    if verbose and not any(verdicts):
        print(f"{path}: no positive")


def _paired(query: EventQuery, events: list[Event], verdicts: list[bool]) -> list[bool]:
    """For each condition, whether two events differ in it alone and in the verdict."""
    leaves = list(query.condition.leaves())
    checks = [compile_condition(leaf) for leaf in leaves]
    truths = [sum(check(event) << position for position, check in enumerate(checks)) for event in events]
    same: dict[object, int] = {}
    for position, leaf in enumerate(leaves):
        same[_means(leaf)] = same.get(_means(leaf), 0) | 1 << position
    matching = {truth for truth, verdict in zip(truths, verdicts, strict=True) if verdict}
    missing = {truth for truth, verdict in zip(truths, verdicts, strict=True) if not verdict}
    differences = {change for truth in matching for change in same.values() if truth ^ change in missing}
    return [same[_means(leaf)] in differences for leaf in leaves]


def _means(leaf: Leaf) -> object:
    """Conditions that differ in case alone where case does not count are one condition."""
    test = repr(leaf.test)
    return leaf.value, test.casefold() if "insensitive=True" in test else test


def report(tally: Tally) -> None:
    def share(part: int, whole: int) -> str:
        return f"{part:,} of {whole:,} ({100 * part / max(whole, 1):.2f} %)"

    def times(seconds: list[float]) -> str:
        ordered = sorted(seconds)
        at = [statistics.median(ordered), ordered[len(ordered) * 9 // 10], ordered[-1], sum(ordered)]
        return "median {:.2f} ms, p90 {:.1f} ms, max {:.0f} ms, all {:.1f} s".format(*(s * 1000 for s in at[:3]), at[3])

    print(f"rules with a confirmed positive    {share(tally.with_positive, tally.rules)}")
    print(f"rules with every condition decided {share(tally.decided, tally.rules)}")
    print(f"conditions with a pair             {share(tally.pairs, tally.conditions)}")
    print(f"cases                              {tally.cases:,}, wrong labels {tally.wrong}")
    print(f"outcomes                           {dict(tally.outcomes)}")
    for reason, count in tally.reasons.most_common():
        print(f"  {count:5}  {reason}")
    print(f"solving                            {times(tally.solving)}")
    print(f"generating                         {times(tally.generating)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", type=Language, default=Language.EQL)
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    tally = Tally()
    for path, compiled in event_rules(arguments.folder, arguments.language):
        measure(tally, path, compiled, arguments.verbose)
    report(tally)


if __name__ == "__main__":
    main()
