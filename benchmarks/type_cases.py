"""Cases of the rules of a folder that judge more than single events: which have a positive, and each negative.

    python benchmarks/type_cases.py FOLDER [--every 10] [--verbose]

A case shows something when the rule's verdict on it changes with the rule: that a stage must be met, when some case
alerts without the stage and not with it. So what is counted follows from the runs alone, not from what cases say of
themselves. A row counts a rule once for each of its stages, keys, fields and so on.
"""

import argparse
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from rulewright_engine.ir.query import Sample
from rulewright_engine.ir.query import Sequence as SequenceQuery
from rulewright_engine.rules import CompiledRule, compile_rule, judges_events
from rulewright_engine.rules.mutant import RuleOperator
from rulewright_generators.cases import Case, GeneratedCases, generate
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_generators.cases.mutation.rule_mutants import rule_mutants
from rulewright_schema.config import Config
from rulewright_schema.files.load import load_rule
from rulewright_schema.rule import EsqlRule, NewTermsRule, Rule, ThreatMatchRule, ThresholdRule

Change = tuple[str, Rule, CompiledRule]
"""What a case shows when the rule's verdict on it changes so."""


@dataclass
class Tally:
    rules: int = 0
    with_positive: int = 0
    cases: int = 0
    wrong: int = 0
    seconds: list[float] = field(default_factory=list)
    shown: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    missing: list[str] = field(default_factory=list)


def rules_of(folder: Path) -> Iterator[tuple[Path, CompiledRule]]:
    for path in sorted(folder.rglob("*.toml")):
        rule = load_rule(path).rule
        compiled = compile_rule(rule, Config()).compiled if rule else None
        if rule is None or compiled is None or isinstance(rule, EsqlRule):
            continue
        if not judges_events(compiled) or rule.filters:
            yield path, compiled


def kind_of(compiled: CompiledRule) -> str:
    rule = compiled.rule
    match compiled.query:
        case SequenceQuery():
            return "sequence"
        case Sample():
            return "sample"
        case _ if rule.alert_suppression:
            return "suppression"
        case _ if rule.type == "query":
            return "filters"
        case _:
            return rule.type


def changes_of(compiled: CompiledRule) -> Iterator[Change]:
    """The structural mutants, and for sequences those in which two neighbours change places."""
    names = {
        RuleOperator.STAGE: "a stage missing",
        RuleOperator.KEY: "another key",
        RuleOperator.GROUP: "events of two groups",
    }
    for mutant in rule_mutants(compiled):
        name = names.get(
            mutant.operator, mutant.what if mutant.operator is RuleOperator.SPAN else mutant.operator.value
        )
        yield name, mutant.compiled
    query = compiled.query
    if isinstance(query, SequenceQuery):
        for index in range(len(query.stages) - 1):
            one, other = query.stages[index : index + 2]
            if not (one.missing or other.missing or one.condition == other.condition):
                stages = (*query.stages[:index], other, one, *query.stages[index + 2 :])
                yield "the order of two stages", replace(compiled, query=replace(query, stages=stages))


def shows(change: Change, cases: Sequence[Case], kind: str) -> bool:
    """Whether a case that alerts no longer does, or one that does not does now; or alerts as often, if suppressed."""
    runner = CaseRunner(change[1])
    if kind == "suppression":
        return any(len(runner.alerts(case)) != len(case.alerts) for case in cases)
    return any(bool(runner.alerts(case)) != case.is_positive for case in cases)


def plain_checks(compiled: CompiledRule, cases: Sequence[Case]) -> Iterator[tuple[str, bool]]:
    """What shows in the cases themselves."""
    rule, runner = compiled.rule, CaseRunner(compiled)
    positives = [case for case in cases if case.is_positive]
    alerted = [{position for alert in case.alerts for position in alert} for case in positives]
    match compiled.query:
        case SequenceQuery() | Sample():
            noise = any(len(case.events) > len(seen - {-1}) for case, seen in zip(positives, alerted, strict=True))
            yield "noise in between", noise
    match rule:
        case ThresholdRule():
            needed = max([rule.threshold.value, *(entry.value for entry in rule.threshold.cardinality[:1])])
            yield "exactly as many events", any(len(seen) == needed for seen in alerted)
        case NewTermsRule():
            bare = [replace(case, history=()) for case in cases if case.history and not case.is_positive]
            yield "no history", any(not case.history for case in positives)
            yield "a known term", any(map(runner.alerts, bare))
        case ThreatMatchRule():
            quiet = [case for case in cases if not case.is_positive]
            yield "no indicator", any(not case.indicators for case in quiet)
            yield "another indicator", any(case.indicators and not case.flips for case in quiet)


def measure(tally: Tally, path: Path, compiled: CompiledRule) -> None:
    kind = kind_of(compiled)
    start = time.process_time()
    made = generate(compiled)
    tally.seconds.append(time.process_time() - start)
    runner = CaseRunner(compiled)
    tally.rules += 1
    tally.cases += len(made.cases)
    tally.wrong += sum(sorted(runner.alerts(case)) != sorted(case.alerts) for case in made.cases)
    tally.with_positive += any(case.is_positive for case in made.cases)
    tally.outcomes.update(condition.outcome.value for condition in made.conditions)
    checks = [(change[0], shows(change, made.cases, kind)) for change in changes_of(compiled)]
    for name, shown in [*checks, *plain_checks(compiled, made.cases)]:
        tally.asked[name] += 1
        tally.shown[name] += shown
        if not shown:
            tally.missing.append(f"{path}: {name}: {_reason(made)}")
    tally.missing += [f"{path}: {gap.what}: {gap.reason}" for gap in made.gaps]


def _reason(made: GeneratedCases) -> str:
    return "; ".join(f"{gap.what}: {gap.reason}" for gap in made.gaps) or "no case of it was confirmed"


def report(kind: str, tally: Tally, verbose: bool) -> None:
    seconds = sorted(tally.seconds)
    print(f"{kind}: {tally.rules} rules, {tally.with_positive} with a positive, {tally.cases:,} cases,", end=" ")
    print(f"wrong labels {tally.wrong}; median {1000 * seconds[len(seconds) // 2]:.0f} ms, all {sum(seconds):.1f} s")
    print(f"  conditions: {dict(tally.outcomes)}")
    for name, asked in tally.asked.items():
        print(f"  {tally.shown[name]:5} of {asked:5}  {name}")
    for line in tally.missing if verbose else ():
        print(f"    {line}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="one rule in so many")
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    tallies: dict[str, Tally] = {}
    for path, compiled in list(rules_of(arguments.folder))[:: arguments.every]:
        measure(tallies.setdefault(kind_of(compiled), Tally()), path, compiled)
    for kind, tally in tallies.items():
        report(kind, tally, arguments.verbose)


if __name__ == "__main__":
    main()
