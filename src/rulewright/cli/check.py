"""Validate rules: structure, metadata, ATT&CK mapping, query, field names and types.

Findings go to standard output and a summary to standard error. Exit code 1 when there is an error; warnings and notes
do not fail a run.
"""

import argparse
import sys

from rulewright.cli.common import CLEAN, FINDINGS, add_format, add_paths, show, sources_of, summarize, the_project
from rulewright_schema.diagnostics import Level


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_format(parser)


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    show(project.problems, sources_of(project), arguments.format)
    print(summarize(project.problems, len(project.files)), file=sys.stderr)
    return FINDINGS if any(problem.level is Level.ERROR for problem in project.problems) else CLEAN
