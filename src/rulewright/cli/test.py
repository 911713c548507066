"""Run the cases of rules: the pinned ones, or generated ones where none are.

A rule passes when each case raises exactly its alerts. A leaf (one condition of
the query) that no case shows both true and false where it decides is a warning,
unless it is explained why none can. With --coverage, the query is changed in
every small way (a mutant), and each change has to make some case fail.

  rulewright test --coverage --minimum-mutation-score 95

Exit codes: 0 all cases pass, 1 a case fails, a rule cannot be read, or coverage
is too low, 2 misuse.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Sequence

from rulewright._project.coverage import Coverage, Minimum, percentage
from rulewright._project.proof import Proof, prove
from rulewright._report import style_for
from rulewright.cli.common import CLEAN, FINDINGS, add_format, add_paths, show, sources_of, the_project
from rulewright_schema.config import Config, percent
from rulewright_schema.wording import counted


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_format(parser)
    parser.add_argument("--coverage", action="store_true", help="tell the leaves shown and the mutants killed")
    for name, what in (("leaves", "leaves are shown both ways"), ("mutation-score", "mutants are killed")):
        parser.add_argument(
            f"--minimum-{name}",
            type=percent,
            metavar="PERCENT",
            help=f"with --coverage, fail a rule where fewer {what} (default: the settings', else 0)",
        )


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    sources = dict(sources_of(project))
    unreadable = [problem for file in project.files if file.rule is None for problem in file.diagnostics]
    show(unreadable, sources, arguments.format)
    minimum = _minimum(arguments, project.config)
    proofs: list[Proof] = []
    measured: list[Coverage] = []
    for rule in project.rules:
        proof = prove(rule)
        proofs.append(proof)
        if proof.case_file is not None:
            sources[proof.case_file.source.name] = proof.case_file.source
        show(proof.problems, sources, arguments.format)
        if proof.skipped:
            print(f"{proof.rule.file.name}: skipped: {proof.skipped}")
        elif arguments.coverage and proof.cases:
            measured.append(Coverage(proof, minimum))
            show(measured[-1].problems, sources, arguments.format)
    if arguments.coverage:
        _show_coverage(measured, arguments.format)
    print(summary_of(proofs, len(unreadable)), file=sys.stderr)
    is_too_low = any(coverage.is_too_low for coverage in measured)
    return FINDINGS if unreadable or is_too_low or any(proof.failed for proof in proofs) else CLEAN


def _minimum(arguments: argparse.Namespace, config: Config) -> Minimum:
    """What is asked of the cases."""
    leaves, mutants = arguments.minimum_leaves, arguments.minimum_mutation_score
    return Minimum(
        config.minimum_leaves if leaves is None else leaves,
        config.minimum_mutation_score if mutants is None else mutants,
    )


def _show_coverage(measured: Sequence[Coverage], form: str) -> None:
    """A line for each rule, and one for all."""
    if form == "json":
        for coverage in measured:
            print(json.dumps(coverage.as_data(), ensure_ascii=False))
        return
    rows = [(c.proof.rule.file.name, len(c.proof.cases), c.leaves, c.mutants) for c in measured]
    rows.append(("all", sum(row[1] for row in rows), _sum(row[2] for row in rows), _sum(row[3] for row in rows)))
    width, style = max(len(row[0]) for row in rows), style_for(sys.stdout)
    print(f"{'rule':<{width}}  {'cases':>6}  {'leaves shown':>16}  {'mutants killed':>26}")
    for name, cases, leaves, mutants in rows:
        is_whole = leaves[0] == leaves[1] and mutants[0] == mutants[1]
        share = f"{_share(*mutants)}  {percentage(*mutants) if mutants[1] else '':>6}"
        line = f"{name:<{width}}  {cases:>6,}  {_share(*leaves):>16}  {share:>26}".rstrip()
        print(line if is_whole else style.paint("yellow", line))


def _sum(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    parts, wholes = zip(*pairs, (0, 0), strict=True)
    return sum(parts), sum(wholes)


def _share(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,}" if whole else "none"


def summary_of(proofs: Sequence[Proof], unreadable: int = 0) -> str:
    """`26 rules proven by 512 cases; 1,033 leaves shown true and false, 4 explained`."""
    ran = [proof for proof in proofs if not proof.skipped]
    failed = [proof for proof in ran if proof.failed]
    leaves = [leaf for proof in ran for leaf in proof.leaves]
    shown = sum(leaf.held and leaf.failed for leaf in leaves)
    explained = sum(leaf.is_covered and not (leaf.held and leaf.failed) for leaf in leaves)
    parts = [
        f"{counted(len(ran) - len(failed), 'rule')} proven by {counted(sum(len(p.cases) for p in ran), 'case')}",
        f"{shown:,} of {counted(len(leaves), 'leaf', 'leaves')} shown true and false",
    ]
    parts += [f"{explained:,} explained"] if explained else []
    parts += [f"{counted(len(failed) + unreadable, 'rule')} failed"] if failed or unreadable else []
    skipped = len(proofs) - len(ran)
    return "; ".join(parts + ([f"{counted(skipped, 'rule')} skipped"] if skipped else []))
