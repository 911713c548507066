"""Rule files as pytest items: one for each rule and kind of proof.

Opt-in: set `rule_paths` in the configuration, or call pytest with `--rules`. Kinds: `schema` (what `check` finds),
`positive` and `near-miss` (the cases), `conditions` (each is shown true and false), `docs` (the guide renders). An item
fails of errors, as the commands do; what is only a warning, or not decided, skips it with the reason. At the end stand
the totals of `rulewright test`.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # what a run without rules must not pay for
    from _pytest.terminal import TerminalReporter

    from rulewright._project.project import Project
    from rulewright._project.proof import Proof
    from rulewright_schema.diagnostics import Diagnostic

__all__ = ["RuleCheckFailed", "RuleFileItems", "RuleItem"]

KINDS = ("schema", "positive", "near-miss", "conditions", "docs")


_PROOFS = pytest.StashKey[list["Proof | None"]]()
"""The proof of each rule file that was collected; None of one that holds no rule."""


class RuleCheckFailed(Exception):
    """What a rule item found; the text is ready to be shown."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("rulewright", "detection rules")
    group.addoption("--rules", action="store_true", help="collect every rule file among the arguments")
    parser.addini("rule_paths", "folders whose rule files are collected as tests", type="paths")


def pytest_configure(config: pytest.Config) -> None:
    for kind in KINDS:
        config.addinivalue_line("markers", f"rule_{kind.replace('-', '_')}: the {kind} item of a detection rule")


def pytest_terminal_summary(terminalreporter: "TerminalReporter", config: pytest.Config) -> None:
    """The totals, in the words of `rulewright test`."""
    found = config.stash.get(_PROOFS, [])
    if found:
        from rulewright._report.summary import proofs_summed_up

        proofs = [proof for proof in found if proof is not None]
        terminalreporter.section("detection rules")
        terminalreporter.line(proofs_summed_up(proofs, len(found) - len(proofs)))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix != ".toml" or not _is_wanted(file_path, parent.config):
        return None
    from rulewright_schema.files.discover import holds_a_rule

    return RuleFileItems.from_parent(parent, path=file_path) if holds_a_rule(file_path) else None


def _is_wanted(path: Path, config: pytest.Config) -> bool:
    folders: list[Path] = config.getini("rule_paths")
    return bool(config.getoption("rules")) or any(path.is_relative_to(folder) for folder in folders)


class RuleFileItems(pytest.File):
    """The items of one rule file. A file that is no rule has a single item, `schema`, which fails with the reason."""

    def collect(self) -> Iterator["RuleItem"]:
        kinds = KINDS if self.proof is not None else ("schema",)
        for kind in kinds:
            item = RuleItem.from_parent(self, name=kind)
            item.add_marker(f"rule_{kind.replace('-', '_')}")
            yield item
        self.config.stash.setdefault(_PROOFS, []).append(self.proof)

    @cached_property
    def problems(self) -> "list[Diagnostic]":
        return self.project.problems

    @cached_property
    def proof(self) -> "Proof | None":
        from rulewright._project.proof import prove

        return prove(self.project.rules[0]) if self.project.rules else None

    @cached_property
    def project(self) -> "Project":
        from rulewright._project.project import open_project

        return open_project([str(self.path)])


class RuleItem(pytest.Item):
    """One kind of proof of one rule."""

    parent: RuleFileItems

    def runtest(self) -> None:
        proof = self.parent.proof
        if self.name == "schema":
            self._fail_with(self.parent.problems)
            return
        assert proof is not None  # Invariant: only a file with a rule has other items than `schema`
        self.user_properties.append(("rule_id", proof.rule.rule.rule_id))
        if self.name == "docs":
            _render_guide(proof)
            return
        found = [finding.problem for finding in proof.findings if finding.claim == self.name]
        self._fail_with(found)
        if found:
            pytest.skip(
                "; ".join(filter(None, (text for each in found for text in (each.message, each.note, each.help))))
            )
        if not any(case.is_positive for case in proof.cases):  # nothing was shown, so nothing passes
            pytest.skip(proof.reason)

    def _fail_with(self, problems: "list[Diagnostic]") -> None:
        from rulewright._report import as_full
        from rulewright_schema.diagnostics import Level
        from rulewright_schema.source import Source

        found = [problem for problem in problems if problem.level is Level.ERROR]
        if found:
            source = self.parent.project.files[0].source
            raise RuleCheckFailed(
                "\n".join(
                    as_full(problem, source if problem.path == source.name else Source(problem.path, ""))
                    for problem in found
                )
            )

    def repr_failure(self, excinfo, style=None):  # type: ignore[no-untyped-def]  # the base's types are pytest's own
        return (
            str(excinfo.value) if isinstance(excinfo.value, RuleCheckFailed) else super().repr_failure(excinfo, style)
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        file = self.parent.project.files[0]
        line = 1
        if file.rule is not None and self.name != "schema":
            line = file.source.position(file.span_of(("rule", "query"), key=True).start).line
        return self.path, line - 1, f"{file.rule.name if file.rule else self.path.name}::{self.name}"


def _render_guide(proof: "Proof") -> None:
    """Render the guide into a folder that is thrown away; a template error is the failure."""
    from tempfile import TemporaryDirectory

    from rulewright._project.outputs import write_guides

    with TemporaryDirectory() as folder:
        write_guides([proof], Path(folder))
