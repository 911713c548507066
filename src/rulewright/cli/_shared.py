"""What several commands share: their arguments, exit codes, and where they write."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from rulewright._project.project import Project, open_project
from rulewright._report import FORMATS, show
from rulewright_generators.writing.output import inside
from rulewright_schema.source import Source

if TYPE_CHECKING:  # templates bring jinja2, which most commands do without
    from rulewright_generators.writing.templates import TemplateError

__all__ = [
    "BUILD",
    "CLEAN",
    "FINDINGS",
    "UNUSABLE",
    "add_format",
    "add_output",
    "add_paths",
    "output_of",
    "template_problem",
    "templates_of",
    "the_project",
]

CLEAN, FINDINGS, UNUSABLE = 0, 1, 2

BUILD = "build"
"""Where files are written when nobody says where."""


def add_paths(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", nargs="*", metavar="PATH", help="rule files or folders (default: the settings', else ruleset)"
    )


def add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, default="full", help="how findings are shown (default: full)")


def add_output(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument("--output", metavar="DIR", help=f"folder to write to (default: {default})")
    parser.add_argument("--templates", metavar="DIR", help="folder of templates that replace ours, or blocks of them")


def output_of(arguments: argparse.Namespace, name: str) -> Path:
    """The folder to write to: the one that is given, else `name` in the folder of `rulewright build`."""
    return Path(arguments.output) if arguments.output else inside(Path(BUILD), name)


def templates_of(arguments: argparse.Namespace) -> Path | None:
    """The folder of the user's templates."""
    return Path(arguments.templates) if arguments.templates else None


def the_project(arguments: argparse.Namespace) -> Project:
    return open_project(arguments.paths)


def template_problem(error: "TemplateError") -> int:
    """Show what is wrong with a template; the exit code for it."""
    path = Path(error.diagnostic.path)
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    show([error.diagnostic], {error.diagnostic.path: Source(error.diagnostic.path, text)})
    return FINDINGS
