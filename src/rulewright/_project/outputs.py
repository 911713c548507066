"""The files that are made of rules: cases, investigation guides, Sigma rules, Kibana's rule NDJSON."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rulewright._project.atomic_files import write_atomically
from rulewright._project.project import LoadedRule, cases_path
from rulewright._project.proof import Proof, cases
from rulewright_generators.cases import dump_cases, read_cases
from rulewright_schema.diagnostics import Diagnostic

__all__ = [
    "CasesUpdate",
    "GuideFiles",
    "KibanaFile",
    "SigmaFiles",
    "update_of_cases",
    "write_guides",
    "write_kibana",
    "write_sigma",
]


@dataclass(frozen=True)
class CasesUpdate:
    """The file of a rule's cases as it is, and as it would be; `problems` keep it from being read."""

    rule: LoadedRule
    path: Path
    before: str = ""
    problems: tuple[Diagnostic, ...] = ()
    after: str = ""

    @property
    def is_change(self) -> bool:
        return not self.problems and self.before != self.after

    def write(self) -> None:
        write_atomically(self.path, self.after)


def update_of_cases(rule: LoadedRule) -> CasesUpdate:
    """What `rulewright cases --write` makes of the cases of a rule that can be run."""
    path = cases_path(rule.path)
    if not path.exists():
        return CasesUpdate(rule, path, after=dump_cases(cases(rule)))
    pinned = read_cases(path, str(path))
    if pinned.diagnostics:
        return CasesUpdate(rule, path, problems=pinned.diagnostics)
    return CasesUpdate(rule, path, pinned.source.text, after=dump_cases(cases(rule, keep=pinned.cases)))


@dataclass(frozen=True, slots=True)
class GuideFiles:
    """`files` are the pages of `guides` guides, in two formats, and their indices."""

    folder: Path
    guides: int
    files: int

    @property
    def start(self) -> Path:
        return self.folder / "index.html"


def write_guides(proofs: Sequence[Proof], folder: Path, *, templates: Path | None = None) -> GuideFiles:
    """Write an investigation guide for each rule. Raises TemplateError, and UsageError for an unusable folder."""
    from rulewright_generators.guides import Entry
    from rulewright_generators.guides.site import write_docs

    entries = [
        Entry(
            rule=proof.rule.rule,
            source=proof.rule.file.source,
            query=proof.rule.compiled.query if proof.rule.compiled else None,
            cases=proof.cases,
            unproven={
                each.name: each.outcome.reason for each in proof.conditions if each.outcome and each.outcome.reason
            },
            attack_version=proof.rule.config.attack_version,
        )
        for proof in proofs
    ]
    return GuideFiles(folder, len(entries), len(write_docs(entries, folder, templates=templates)))


@dataclass(frozen=True, slots=True)
class SigmaFiles:
    """`lossy` of the `rules` do not say all that ours do; `refused` have no Sigma form."""

    folder: Path
    rules: int
    lossy: int
    refused: int


def write_sigma(
    rules: Sequence[LoadedRule], folder: Path, *, profile: str = "portable", templates: Path | None = None
) -> SigmaFiles:
    """Write Sigma rules. Raises TemplateError, and UsageError for an unusable folder."""
    from rulewright_generators.exports.sigma import Profile, export
    from rulewright_generators.writing.templates import Templates

    chosen, renderer = Profile(profile), Templates(templates)
    exports = [export.to_sigma(rule.compilation, profile=chosen, templates=renderer) for rule in rules]
    export.write_sigma(exports, folder)
    written = [each for each in exports if each.text is not None]
    lossy = sum(bool(each.losses) for each in written)
    return SigmaFiles(folder, len(written), lossy, len(exports) - len(written))


@dataclass(frozen=True, slots=True)
class KibanaFile:
    """`deprecated` rules are left out."""

    path: Path
    rules: int
    deprecated: int


def write_kibana(rules: Sequence[LoadedRule], folder: Path, *, templates: Path | None = None) -> KibanaFile:
    """Write the NDJSON of Kibana's rule import. Raises TemplateError, and UsageError for an unusable folder."""
    from rulewright_generators.exports.kibana import export
    from rulewright_generators.writing.templates import Templates

    current = [rule.compilation for rule in rules if not rule.rule.is_deprecated]
    path = export.write_kibana(current, folder, templates=Templates(templates))
    return KibanaFile(path, len(current), len(rules) - len(current))
