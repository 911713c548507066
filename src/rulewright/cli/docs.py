"""Write an investigation guide for each rule, and an index by tactic.

Guides are in HTML and in Markdown, and can be read without a server.

Exit codes: 0 written, 1 written without the rules that cannot be read, or a
template is wrong, 2 misuse.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from rulewright._project.project import Project
from rulewright._project.proof import Proof, prove
from rulewright.cli.common import (
    BUILD,
    CLEAN,
    FINDINGS,
    add_output,
    add_paths,
    counted,
    output_of,
    show,
    sources_of,
    template_problem,
    the_project,
)
from rulewright_generators.guides import Entry
from rulewright_generators.guides.site import write_docs
from rulewright_generators.writing.templates import TemplateError
from rulewright_schema.config import Config


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_output(parser, f"{BUILD}/docs")


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    templates = Path(arguments.templates) if arguments.templates else None
    output = output_of(arguments, "docs")
    try:
        entries = entries_of(project, [prove(rule) for rule in project.rules])
        files = write_docs(entries, output, templates=templates)
    except TemplateError as error:
        return template_problem(error)
    unreadable = [problem for file in project.files if file.rule is None for problem in file.diagnostics]
    show(unreadable, sources_of(project))
    print(
        f"{counted(len(entries), 'guide')} in {counted(len(files), 'file')}; start at {output}/index.html",
        file=sys.stderr,
    )
    return FINDINGS if unreadable else CLEAN


def entries_of(project: Project, proofs: Sequence[Proof]) -> list[Entry]:
    return [entry_of(proof, project.config) for proof in proofs]


def entry_of(proof: Proof, config: Config) -> Entry:
    """What a guide needs of a rule."""
    return Entry(
        rule=proof.rule.rule,
        source=proof.rule.file.source,
        query=proof.rule.compiled.query if proof.rule.compiled else None,
        cases=proof.cases,
        unproven={leaf.name: leaf.outcome.reason for leaf in proof.leaves if leaf.outcome and leaf.outcome.reason},
        attack_version=config.attack_version,
    )
