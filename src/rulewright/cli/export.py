"""Write rules in the form of other tools.

`rulewright export FORMAT --help` tells the options of a format.

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
from rulewright_schema.diagnostics import Diagnostic


def configure(parser: argparse.ArgumentParser) -> None:
    formats = parser.add_subparsers(dest="target", metavar="FORMAT", required=True)
    for name, target in TARGETS.items():
        format_ = formats.add_parser(name, help=target.help, description=f"Write {target.help}.", allow_abbrev=False)
        add_paths(format_)
        add_output(format_, f"{BUILD}/{name}")
        for option in target.options:
            usual = option.choices[0]
            help_ = f"{option.help} (default: {usual})"
            format_.add_argument(f"--{option.name}", choices=option.choices, default=usual, help=help_)


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    target, output = arguments.target, output_of(arguments, arguments.target)
    options = {option.name: getattr(arguments, option.name) for option in TARGETS[target].options}
    broken: list[Diagnostic] = []
    try:
        templates = templates_of(arguments)
        summary = write_export(target, project.rules, output, problems=broken, templates=templates, **options)
    except TemplateError as error:
        return template_problem(error)
    show([*project.unreadable, *broken], project.sources)
    print(summary, file=sys.stderr)
    return FINDINGS if project.unreadable or broken else CLEAN
