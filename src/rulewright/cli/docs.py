"""Write an investigation guide for each rule, and an index by tactic.

Guides are in HTML and in Markdown, and can be read without a server.

Exit codes: 0 written, 1 written without the rules that cannot be read, or a
template is wrong, 2 misuse.
"""

import argparse
import sys

from rulewright._project.outputs import write_guides
from rulewright._project.proof import prove
from rulewright._report import show
from rulewright._report.summary import guides_written
from rulewright.cli._shared import (
    BUILD,
    CLEAN,
    FINDINGS,
    add_output,
    add_paths,
    output_of,
    template_problem,
    templates_of,
    the_project,
)
from rulewright_generators.writing.templates import TemplateError


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_output(parser, f"{BUILD}/docs")


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    output = output_of(arguments, "docs")
    try:
        written = write_guides([prove(rule) for rule in project.rules], output, templates=templates_of(arguments))
    except TemplateError as error:
        return template_problem(error)
    problems = [*project.unreadable, *written.problems]
    show(problems, project.sources)
    print(guides_written(written), file=sys.stderr)
    return FINDINGS if problems else CLEAN
