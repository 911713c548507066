"""The rules that a command works on: found, loaded and checked once, with the settings that apply to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rulewright_engine.checks import query_checks
from rulewright_engine.rules import Compilation, CompiledRule, compile_rule
from rulewright_schema.checks import check_rules
from rulewright_schema.config import Config, find_config
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.discover import discover
from rulewright_schema.errors import UsageError
from rulewright_schema.load import RuleFile, load_rule
from rulewright_schema.rule import Rule

__all__ = ["LoadedRule", "Project", "cases_path", "open_project"]


@dataclass(frozen=True)
class LoadedRule:
    """A rule whose file has the shape of one."""

    path: Path
    file: RuleFile
    rule: Rule
    config: Config

    @cached_property
    def compilation(self) -> Compilation:
        """The rule as it runs, with its filters and what its type adds; and what is wrong with it."""
        return compile_rule(self.rule, self.config)

    @property
    def compiled(self) -> CompiledRule | None:
        """The rule as it runs; None where it cannot be run."""
        return self.compilation.compiled


@dataclass(frozen=True)
class Project:
    """Rule files and the settings that apply to them."""

    config: Config
    paths: Sequence[Path]
    files: Sequence[RuleFile]

    @cached_property
    def problems(self) -> list[Diagnostic]:
        """Everything that is wrong with the files."""
        return check_rules(self.files, self.config, passes=[query_checks])

    @cached_property
    def rules(self) -> list[LoadedRule]:
        """The files that hold a rule, in order."""
        return [
            LoadedRule(path, file, file.rule, self.config)
            for path, file in zip(self.paths, self.files, strict=True)
            if file.rule is not None
        ]


def open_project(paths: Sequence[str]) -> Project:
    """The rules in `paths`, else in the `paths` of the settings. Raises UsageError where there are none."""
    config = find_config(Path.cwd())
    found = discover(paths or [config.root / path for path in config.paths])
    if not found:
        raise UsageError("no rules: no path is given, and the settings' `paths` are empty")
    return Project(config, found, [load_rule(path) for path in found])


def cases_path(rule_path: Path) -> Path:
    """Where the cases of a rule are pinned: `<rule>.cases.jsonl` beside it."""
    return rule_path.with_suffix(".cases.jsonl")
