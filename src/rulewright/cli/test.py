"""Run the cases of rules: the pinned ones, or generated ones (in memory) where none are pinned.

A rule passes when every case raises exactly the alerts it says and every leaf of the query is shown true and false
where it decides; a leaf for which that is impossible, with an explanation, is no failure.
"""

import argparse
import sys
from collections.abc import Sequence

from rulewright.cli.common import CLEAN, FINDINGS, add_format, add_paths, counted, show, sources_of, the_project
from rulewright.proof import Proof, prove


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    sources = dict(sources_of(project))
    unreadable = [problem for file in project.files if file.rule is None for problem in file.diagnostics]
    show(unreadable, sources, arguments.format)
    proofs = [prove(rule) for rule in project.rules]
    for proof in proofs:
        if proof.case_file is not None:
            sources[proof.case_file.source.name] = proof.case_file.source
        show(proof.problems, sources, arguments.format)
        if proof.skipped:
            print(f"{proof.rule.file.name}: skipped: {proof.skipped}")
    print(summary_of(proofs, len(unreadable)), file=sys.stderr)
    return FINDINGS if unreadable or any(proof.failed for proof in proofs) else CLEAN


def summary_of(proofs: Sequence[Proof], unreadable: int = 0) -> str:
    """`26 rules proven by 512 cases; 1,033 leaves shown true and false, 4 explained`."""
    ran = [proof for proof in proofs if not proof.skipped]
    failed = [proof for proof in ran if proof.failed]
    leaves = [leaf for proof in ran for leaf in proof.leaves]
    shown = sum(leaf.held and leaf.failed for leaf in leaves)
    explained = sum(leaf.is_covered and not (leaf.held and leaf.failed) for leaf in leaves)
    parts = [
        f"{counted(len(ran) - len(failed), 'rule')} proven by {counted(sum(len(p.cases) for p in ran), 'case')}",
        f"{shown:,} of {counted(len(leaves), 'leaf').replace('leafs', 'leaves')} shown true and false",
    ]
    parts += [f"{explained:,} explained"] if explained else []
    parts += [f"{counted(len(failed) + unreadable, 'rule')} failed"] if failed or unreadable else []
    skipped = len(proofs) - len(ran)
    return "; ".join(parts + ([f"{counted(skipped, 'rule')} skipped"] if skipped else []))
