"""Write rules in the form of other tools.

  sigma    one Sigma rule a file; losses.json tells what each does not say, and
           which rules have no Sigma form
  kibana   rules.ndjson, as Kibana's rule import takes it

Exit codes: 0 written, 1 written without the rules that cannot be read, or a
template is wrong, 2 misuse.
"""

import argparse
import sys

from rulewright._project.outputs import write_export
from rulewright._report import show
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
from rulewright_generators.exports import TARGETS
from rulewright_generators.writing.templates import TemplateError


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", choices=TARGETS)
    add_paths(parser)
    add_output(parser, f"{BUILD}/<target>")
    parser.add_argument(
        "--profile",
        choices=("portable", "exact"),
        default="portable",
        help="sigma: `exact` keeps case with modifiers that few back ends know (default: portable)",
    )


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    target, output = arguments.target, output_of(arguments, arguments.target)
    options = {"profile": arguments.profile} if target == "sigma" else {}
    try:
        summary = write_export(target, project.rules, output, templates=templates_of(arguments), **options)
    except TemplateError as error:
        return template_problem(error)
    show(project.unreadable, project.sources)
    print(summary, file=sys.stderr)
    return FINDINGS if project.unreadable else CLEAN
