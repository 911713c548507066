"""Check, test, document and export rules, with one summary: the main job.

Writes docs/, sigma/ and kibana/ into the output folder.

Exit codes: 0 every rule is proven, 1 a rule has an error or a failed case,
2 misuse.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rulewright._project.project import Project
from rulewright._project.proof import Proof, prove
from rulewright._report import Style, style_for
from rulewright.cli.common import (
    BUILD,
    CLEAN,
    FINDINGS,
    add_output,
    add_paths,
    show,
    sources_of,
    summarize,
    template_problem,
    the_project,
)
from rulewright.cli.docs import entries_of
from rulewright.cli.export import export_kibana, export_sigma
from rulewright.cli.test import summary_of
from rulewright_generators.guides.site import write_docs
from rulewright_generators.writing.output import inside
from rulewright_generators.writing.templates import TemplateError, Templates
from rulewright_schema.diagnostics import Level
from rulewright_schema.source import Source
from rulewright_schema.wording import counted


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    add_output(parser, BUILD)


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    output = Path(arguments.output or BUILD)
    docs, sigma, kibana = (inside(output, name) for name in ("docs", "sigma", "kibana"))
    folder = Path(arguments.templates) if arguments.templates else None
    summary = _Summary(style_for(sys.stdout))
    proofs = [prove(rule) for rule in project.rules]
    problems = [*project.problems, *(problem for proof in proofs for problem in proof.problems)]
    show(problems, _sources(project, proofs))
    clean = not any(problem.level is Level.ERROR for problem in project.problems)
    summary.line("check", clean, lambda: summarize(project.problems, len(project.files)))
    summary.line("test", not any(proof.failed for proof in proofs), lambda: summary_of(proofs))
    try:
        summary.line("docs", True, lambda: _docs(project, proofs, docs, folder))
        templates = Templates(folder)
        summary.line("sigma", True, lambda: export_sigma(project, sigma, templates=templates))
        summary.line("kibana", True, lambda: export_kibana(project, kibana, templates=templates))
    except TemplateError as error:
        return template_problem(error)
    summary.close()
    return CLEAN if summary.clean else FINDINGS


def _docs(project: Project, proofs: list[Proof], output: Path, templates: Path | None) -> str:
    write_docs(entries_of(project, proofs), output, templates=templates)
    return f"{counted(len(proofs), 'investigation guide')}, open {output}/index.html"


def _sources(project: Project, proofs: list[Proof]) -> dict[str, Source]:
    cases = [proof.case_file.source for proof in proofs if proof.case_file is not None]
    return {**sources_of(project), **{source.name: source for source in cases}}


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

    def close(self) -> None:
        took = time.perf_counter() - self._start
        verdict = "every rule is proven" if self.clean else "not every rule is proven"
        print(f"\n{self.style.paint('bold', verdict)} ({took:.1f} s)")
