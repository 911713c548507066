"""Validate rules: structure, metadata, ATT&CK mapping, query, field names, types.

Findings go to standard output, a summary to standard error. Each finding has a
code; `rulewright explain RW301` tells what one means.

Exit codes: 0 no errors (there may be warnings and notes), 1 errors, 2 misuse.
"""

import argparse
import sys

from rulewright._project.project import open_project
from rulewright._report import show, summarize
from rulewright.cli._shared import CLEAN, FINDINGS, add_format, add_paths
from rulewright_schema.diagnostics import Level
from rulewright_schema.stack import StackVersion, read_stack_version


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_format(parser)
    parser.add_argument(
        "--stack", metavar="VERSION", type=_stack, help="check for this stack version (default: each rule's lowest)"
    )


def _stack(text: str) -> StackVersion:
    version = read_stack_version(text)
    if version is None:
        raise argparse.ArgumentTypeError(f"`{text}` is no version such as 9.3")
    return version


def run(arguments: argparse.Namespace) -> int:
    project = open_project(arguments.paths, stack=arguments.stack)
    show(project.problems, project.sources, arguments.format)
    print(summarize(project.problems, len(project.files)), file=sys.stderr)
    return FINDINGS if any(problem.level is Level.ERROR for problem in project.problems) else CLEAN
