"""Prints diagnostics and JSON, and sums diagnostics up."""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from rulewright._report.machine import as_data
from rulewright._report.style import style_for
from rulewright._report.text import as_concise, as_full
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.source import Source
from rulewright_schema.wording import counted, listed

__all__ = ["FORMATS", "print_json", "show", "summarize"]

FORMATS = ("full", "concise", "json")


def show(
    diagnostics: Iterable[Diagnostic],
    sources: Mapping[str, Source],
    form: str = "full",
    *,
    stream: TextIO | None = None,
) -> None:
    """Print diagnostics, to standard output where no stream is given; `sources` are the texts that they point into."""
    out = stream or sys.stdout
    style = style_for(out)
    for problem in diagnostics:
        source = sources.get(problem.path, Source(problem.path, ""))
        match form:
            case "json":
                print_json(as_data(problem, source))
            case "concise":
                print(as_concise(problem, source, style), file=out)
            case _:
                print(as_full(problem, source, style), file=out)


def print_json(value: Any, *, flush: bool = False) -> None:
    """Print one line; escaped where standard output could not hold it otherwise."""
    is_unicode = (getattr(sys.stdout, "encoding", None) or "").lower() in ("utf-8", "utf8")
    print(json.dumps(value, ensure_ascii=not is_unicode), flush=flush)


def summarize(diagnostics: Iterable[Diagnostic], rules: int) -> str:
    """`3 errors and 1 note in 2 of 40 rules`."""
    found = list(diagnostics)
    levels = Counter(problem.level for problem in found)
    parts = [counted(levels[level], level.value) for level in Level if levels[level]]
    if not parts:
        return f"{counted(rules, 'rule')}, no findings"
    files = len({problem.path for problem in found})
    return f"{listed(parts)} in {files:,} of {counted(rules, 'rule')}"
