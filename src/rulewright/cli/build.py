"""Check, test, document and export rules, with one summary: the main job.

Writes docs/ and a folder for each format of `rulewright export` into the output
folder.

Exit codes: 0 no rule has an error or a failed case, 1 one has, 2 misuse.
"""

import argparse
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path

from rulewright._project.outputs import GuideFiles, write_export, write_guides
from rulewright._project.project import Project
from rulewright._project.proof import Outcome, Proof, prove
from rulewright._report import Style, show, style_for, summarize
from rulewright._report.summary import left_open, proofs_summed_up, rules_summed_up
from rulewright.cli._shared import (
    BUILD,
    CLEAN,
    FINDINGS,
    add_output,
    add_paths,
    template_problem,
    templates_of,
    the_project,
)
from rulewright_generators.exports import TARGETS
from rulewright_generators.writing.locks import locked
from rulewright_generators.writing.output import inside
from rulewright_generators.writing.templates import TemplateError
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.wording import counted


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_output(parser, BUILD)


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    output, templates = Path(arguments.output or BUILD), templates_of(arguments)
    folders = [inside(output, name) for name in ("docs", *TARGETS)]
    summary = _Summary(style_for(sys.stdout))
    proofs = [prove(rule) for rule in project.rules]
    cases = {proof.case_file.source.name: proof.case_file.source for proof in proofs if proof.case_file is not None}
    show(
        [*project.problems, *(problem for proof in proofs for problem in proof.problems)], {**project.sources, **cases}
    )
    clean = not any(problem.level is Level.ERROR for problem in project.problems)
    summary.line("check", clean, lambda: summarize(project.problems, len(project.files)))
    summary.line("test", not any(proof.failed for proof in proofs), lambda: proofs_summed_up(proofs))
    try:
        with suppress(OSError):  # whoever writes says why not
            output.mkdir(parents=True, exist_ok=True)
        with locked(output):
            _write(project, proofs, folders, templates, summary)
    except TemplateError as error:
        return template_problem(error)
    summary.close(proofs, sum(problem.level is Level.WARNING for problem in project.problems))
    return CLEAN if summary.clean else FINDINGS


def _write(
    project: Project, proofs: list[Proof], folders: list[Path], templates: Path | None, summary: "_Summary"
) -> None:
    docs, *exports = folders
    written = write_guides(proofs, docs, templates=templates)
    show(written.problems, project.sources)
    summary.line("docs", not written.problems, lambda: _docs(written))
    for target, folder in zip(TARGETS, exports, strict=True):
        broken: list[Diagnostic] = []
        said = write_export(target, project.rules, folder, problems=broken, templates=templates)
        show(broken, project.sources)
        summary.line(target, not broken, partial(str, said))


def _docs(written: GuideFiles) -> str:
    return f"{counted(written.guides, 'investigation guide')}, open {written.start}"


class _Summary:
    """One line a step: a mark, its name, what came of it."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.clean = True
        self._start = time.perf_counter()

    def line(self, name: str, clean: bool, work: Callable[[], str]) -> None:
        self.clean &= clean
        mark = self.style.paint("green", "ok") if clean else self.style.paint("red", "failed")
        print(f"{self.style.paint('bold', f'{name:<8}')}{mark:<4}  {work()}", flush=True)

    def close(self, proofs: list[Proof], warnings: int) -> None:
        """The verdict on all rules; `warnings` are those of `check`."""
        took = time.perf_counter() - self._start
        if not self.clean:
            verdict = "not every rule is proven"
        elif all(proof.outcome is Outcome.PROVEN for proof in proofs) and not warnings:
            verdict = "every rule is proven"
        else:
            told = f", {counted(warnings, 'warning')} of `check`" if warnings else ""
            verdict = f"no rule failed: {rules_summed_up(proofs)}{told}"
        lines = left_open(proofs)
        if lines:
            print("", *lines, sep="\n")
        print(f"\n{self.style.paint('bold', verdict)} ({took:.1f} s)")
