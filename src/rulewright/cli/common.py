"""What several commands share: their arguments, how diagnostics are shown, and the last line of a run."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rulewright._project.project import Project, open_project
from rulewright._report import (
    FORMATS,
    as_concise,
    as_full,
    as_json,
    style_for,
)
from rulewright_generators.writing.output import inside
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.source import Source
from rulewright_schema.wording import counted, listed

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
    "show",
    "sources_of",
    "summarize",
    "template_problem",
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
    parser.add_argument("--templates", metavar="DIR", help="folder of templates that replace ours")


def output_of(arguments: argparse.Namespace, name: str) -> Path:
    """The folder to write to: the one that is given, else `name` in the folder of `rulewright build`."""
    return Path(arguments.output) if arguments.output else inside(Path(BUILD), name)


def the_project(arguments: argparse.Namespace) -> Project:
    return open_project(arguments.paths)


def sources_of(project: Project) -> Mapping[str, Source]:
    """The texts that diagnostics of the project's rules point into."""
    return {file.name: file.source for file in project.files}


def show(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source], form: str = "full") -> None:
    """Print diagnostics to standard output."""
    style = style_for(sys.stdout)
    printers: Mapping[str, Callable[[Diagnostic, Source], str]] = {
        "full": lambda problem, source: as_full(problem, source, style),
        "concise": lambda problem, source: as_concise(problem, source, style),
        "json": as_json,
    }
    for problem in diagnostics:
        print(printers[form](problem, sources.get(problem.path, Source(problem.path, ""))))


def template_problem(error: "TemplateError") -> int:
    """Show what is wrong with a template; the exit code for it."""
    path = Path(error.diagnostic.path)
    text = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    show([error.diagnostic], {error.diagnostic.path: Source(error.diagnostic.path, text)})
    return FINDINGS


def summarize(diagnostics: Iterable[Diagnostic], rules: int) -> str:
    """`3 errors and 1 note in 2 of 40 rules`."""
    found = list(diagnostics)
    levels = Counter(problem.level for problem in found)
    parts = [counted(levels[level], level.value) for level in Level if levels[level]]
    if not parts:
        return f"{counted(rules, 'rule')}, no findings"
    files = len({problem.path for problem in found})
    return f"{listed(parts)} in {files:,} of {counted(rules, 'rule')}"
