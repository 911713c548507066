"""The files that are made of rules: cases, investigation guides, exports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rulewright._project.atomic_files import write_atomically
from rulewright._project.case_changes import CaseChanges, changes_of
from rulewright._project.project import Rule, cases_path
from rulewright._project.proof import Proof, cases
from rulewright_generators.cases import dump_cases, read_cases, updated_text
from rulewright_generators.exports import export_rules
from rulewright_schema.codes.isolation import isolated
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Source

if TYPE_CHECKING:  # guides bring jinja2, which most commands do without
    from rulewright_generators.guides import Entry

__all__ = [
    "CasesUpdate",
    "GuideFiles",
    "update_of_cases",
    "write_export",
    "write_guides",
]


@dataclass(frozen=True)
class CasesUpdate:
    """The file of a rule's cases as it is, and as it would be; `problems` keep it from being read.

    `changes` tells what becomes of the cases of a file that there is.
    """

    rule: Rule
    path: Path
    before: str = ""
    problems: tuple[Diagnostic, ...] = ()
    after: str = ""
    changes: CaseChanges | None = None

    @property
    def sources(self) -> Mapping[str, Source]:
        """The text that the problems point into."""
        return {str(self.path): Source(str(self.path), self.before)}

    @property
    def loses(self) -> bool:
        """Whether the new text takes out what shows that the rule fires on something."""
        return self.changes is not None and self.changes.loses

    @property
    def is_change(self) -> bool:
        return not self.problems and self.before != self.after

    def write(self) -> None:
        write_atomically(self.path, self.after)


def update_of_cases(rule: Rule) -> CasesUpdate:
    """What `rulewright cases --write` makes of the cases of a rule that can be run."""
    path = cases_path(rule.path)
    if not path.exists():
        return CasesUpdate(rule, path, after=dump_cases(cases(rule)))
    pinned = read_cases(path, str(path))
    if pinned.diagnostics:
        return CasesUpdate(rule, path, before=pinned.source.text, problems=pinned.diagnostics)
    made = cases(rule, keep=pinned.cases)
    before = pinned.source.text
    is_same = sorted(made, key=lambda case: case.name) == sorted(pinned.cases, key=lambda case: case.name)
    after = before if is_same else updated_text(pinned, made)
    changes = changes_of(rule.compiled, pinned.cases, made) if rule.compiled is not None and before != after else None
    return CasesUpdate(rule, path, before, (), after, changes)


@dataclass(frozen=True, slots=True)
class GuideFiles:
    """`files` are the pages of `guides` guides, in two formats, and their indices; `problems`: what kept others out."""

    folder: Path
    guides: int
    files: int
    problems: tuple[Diagnostic, ...] = ()

    @property
    def start(self) -> Path:
        return self.folder / "index.html"


def write_guides(proofs: Sequence[Proof], folder: Path, *, templates: Path | None = None) -> GuideFiles:
    """Write an investigation guide for each rule. Raises TemplateError, and UsageError for an unusable folder."""
    from rulewright_generators.guides.site import write_docs

    problems: list[Diagnostic] = []
    entries: list[Entry] = []
    for proof in proofs:
        with isolated(proof.rule.file.name, problems):
            entries.append(_entry(proof))
    files = write_docs(entries, folder, templates=templates, problems=problems)
    return GuideFiles(folder, len(proofs) - len(problems), len(files), tuple(problems))


def _entry(proof: Proof) -> "Entry":
    from rulewright_generators.guides import Entry

    return Entry(
        rule=proof.rule.rule,
        source=proof.rule.file.source,
        query=proof.rule.compiled.query if proof.rule.compiled else None,
        cases=proof.cases,
        unproven={each.name: each.outcome.reason for each in proof.conditions if each.outcome and each.outcome.reason},
        attack_version=proof.rule.config.attack_version,
    )


def write_export(
    target: str,
    rules: Sequence[Rule],
    folder: Path,
    *,
    problems: list[Diagnostic],
    templates: Path | None = None,
    **options: str,
) -> str:
    """Write rules in the format of others; see `exports.export_rules`."""
    named = {rule.file.name: rule.compilation for rule in rules}
    return export_rules(target, named, folder, problems=problems, templates=templates, **options)
