"""Validate rules: structure, metadata, ATT&CK mapping, query, field names, types.

Findings go to standard output, a summary to standard error. Each finding has a
code; `rulewright explain RW301` tells what one means.

Exit codes: 0 no errors (there may be warnings and notes), 1 errors, 2 misuse.
"""

import argparse
import sys

from rulewright._report import show, summarize
from rulewright.cli._shared import CLEAN, FINDINGS, add_format, add_paths, the_project
from rulewright_schema.diagnostics import Level


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    show(project.problems, project.sources, arguments.format)
    print(summarize(project.problems, len(project.files)), file=sys.stderr)
    return FINDINGS if any(problem.level is Level.ERROR for problem in project.problems) else CLEAN
