"""Write rules in the form of other tools.

  sigma    one Sigma rule a file; losses.json tells what each does not say, and
           which rules have no Sigma form
  kibana   rules.ndjson, as Kibana's rule import takes it

Exit codes: 0 written, 1 written without the rules that cannot be read, or a
template is wrong, 2 misuse.
"""

import argparse
import sys

from rulewright._project.outputs import write_kibana, write_sigma
from rulewright._report import show
from rulewright._report.summary import kibana_written, sigma_written
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
    parser.add_argument("target", choices=("sigma", "kibana"))
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
    rules, output, templates = project.rules, output_of(arguments, arguments.target), templates_of(arguments)
    try:
        if arguments.target == "sigma":
            summary = sigma_written(write_sigma(rules, output, profile=arguments.profile, templates=templates))
        else:
            summary = kibana_written(write_kibana(rules, output, templates=templates))
    except TemplateError as error:
        return template_problem(error)
    show(project.unreadable, project.sources)
    print(summary, file=sys.stderr)
    return FINDINGS if project.unreadable else CLEAN
