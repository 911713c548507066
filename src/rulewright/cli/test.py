"""Run the cases of rules: the pinned ones, or generated ones where none are.

A rule is proven when each case raises exactly its alerts, and the cases show
each condition of its query both true and false where it decides, unless it is
explained why none can. A condition that they do not show is a warning: the rule
is partly proven. Where no events that raise an alert were found, the rule is
undecided, which is a warning, too: write a case by hand.

With --coverage, the query is changed in every small way (a mutant), and each
change has to make some case fail.

  rulewright test --coverage --minimum-mutation-score 95

Exit codes: 0 all cases pass, 1 a case fails, a rule cannot be read, or coverage
is too low, 2 misuse.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from rulewright._project.coverage import Coverage, Minimum, percentage
from rulewright._project.proof import Outcome, Proof, prove
from rulewright._report import print_json, show, style_for
from rulewright._report.summary import proofs_summed_up
from rulewright.cli._shared import CLEAN, FINDINGS, add_format, add_paths, the_project
from rulewright_schema.config import Config, percent


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_format(parser)
    parser.add_argument(
        "--coverage", action="store_true", help="tell the condition coverage (MC/DC) and the mutants killed"
    )
    for name, what in (("condition-coverage", "conditions are shown both ways"), ("mutation-score", "mutants die")):
        parser.add_argument(
            f"--minimum-{name}",
            type=percent,
            metavar="PERCENT",
            help=f"with --coverage, fail a rule where fewer {what} (default: the settings', else 0)",
        )
    parser.add_argument(  # the name of before
        "--minimum-leaves", dest="minimum_condition_coverage", type=percent, help=argparse.SUPPRESS
    )


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    sources = dict(project.sources)
    show(project.unreadable, sources, arguments.format)
    minimum = _minimum(arguments, project.config)
    proofs: list[Proof] = []
    measured: list[Coverage] = []
    for rule in project.rules:
        proof = prove(rule)
        proofs.append(proof)
        if proof.case_file is not None:
            sources[proof.case_file.source.name] = proof.case_file.source
        show(proof.problems, sources, arguments.format)
        if proof.outcome is Outcome.NOT_EXECUTABLE:
            print(f"{rule.file.name}: {proof.outcome}: {proof.reason}", file=_of_people(arguments))
        elif arguments.coverage and proof.cases:
            measured.append(Coverage(proof, minimum))
            show(measured[-1].problems, sources, arguments.format)
    if arguments.coverage:
        _show_coverage(measured, arguments.format)
    unreadable = len(project.files) - len(project.rules)
    print(proofs_summed_up(proofs, unreadable), file=sys.stderr)
    is_too_low = any(coverage.is_too_low for coverage in measured)
    return FINDINGS if unreadable or is_too_low or any(proof.failed for proof in proofs) else CLEAN


def _of_people(arguments: argparse.Namespace) -> TextIO:
    """Where a line goes that no program reads."""
    return sys.stderr if arguments.format == "json" else sys.stdout


def _minimum(arguments: argparse.Namespace, config: Config) -> Minimum:
    """What is asked of the cases."""
    conditions, mutants = arguments.minimum_condition_coverage, arguments.minimum_mutation_score
    return Minimum(
        config.minimum_condition_coverage if conditions is None else conditions,
        config.minimum_mutation_score if mutants is None else mutants,
    )


def _show_coverage(measured: Sequence[Coverage], form: str) -> None:
    """A line for each rule, and one for all."""
    if form == "json":
        for coverage in measured:
            print_json(coverage.as_data())
        return
    rows = [(c.proof.rule.file.name, len(c.proof.cases), c.conditions, c.mutants) for c in measured]
    rows.append(("all", sum(row[1] for row in rows), _sum(row[2] for row in rows), _sum(row[3] for row in rows)))
    width, style = max(len(row[0]) for row in rows), style_for(sys.stdout)
    print(f"{'rule':<{width}}  {'cases':>6}  {'conditions shown':>16}  {'mutants killed':>26}")
    for name, cases, conditions, mutants in rows:
        is_whole = conditions[0] == conditions[1] and mutants[0] == mutants[1]
        share = f"{_share(*mutants)}  {percentage(*mutants) if mutants[1] else '':>6}"
        line = f"{name:<{width}}  {cases:>6,}  {_share(*conditions):>16}  {share:>26}".rstrip()
        print(line if is_whole else style.paint("yellow", line))


def _sum(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    parts, wholes = zip(*pairs, (0, 0), strict=True)
    return sum(parts), sum(wholes)


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,}" if whole else "none"
