"""Rules as they are loaded: their files, the settings that apply to them, and what is wrong with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from rulewright_engine.checks import query_checks
from rulewright_engine.rules import Compilation, CompiledRule, compile_rule
from rulewright_schema.checks import check_rules
from rulewright_schema.config import Config, find_config, read_config
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.errors import UsageError
from rulewright_schema.files.discover import discover
from rulewright_schema.files.load import RuleFile, load_rule, load_text
from rulewright_schema.rule import Rule as RuleModel
from rulewright_schema.source import Source
from rulewright_schema.stack import StackVersion

__all__ = ["Project", "Rule", "cases_path", "check", "load", "loads", "open_project"]


@dataclass(frozen=True, repr=False)
class Rule:
    """A rule file and the settings that apply to it.

    `path` is where it stands, `file` its text and data, `rule` what it says, typed.
    """

    path: Path
    file: RuleFile
    config: Config

    def __repr__(self) -> str:
        return f"Rule({self.name!r}, path={str(self.path)!r})"

    @property
    def name(self) -> str:
        """The name of the rule; of a file that holds none, that of the file."""
        return self.file.rule.name if self.file.rule is not None else self.file.name

    @property
    def text(self) -> str:
        """The text of the file."""
        return self.file.source.text

    @property
    def is_readable(self) -> bool:
        """Whether the file has the shape of a rule; `check` says what it lacks."""
        return self.file.rule is not None

    @property
    def rule(self) -> RuleModel:
        """What the file says. Raises UsageError for a file that is no rule."""
        if self.file.rule is None:
            raise UsageError(f"`{self.file.name}` cannot be read as a rule; `rulewright check` says why")
        return self.file.rule

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
    loaded: tuple[Rule, ...]

    @cached_property
    def problems(self) -> list[Diagnostic]:
        """Everything that is wrong with the files."""
        return check(self.loaded)

    @property
    def files(self) -> list[RuleFile]:
        return [each.file for each in self.loaded]

    @cached_property
    def rules(self) -> list[Rule]:
        """The files that hold a rule, in order."""
        return [each for each in self.loaded if each.is_readable]

    @property
    def unreadable(self) -> list[Diagnostic]:
        """What keeps the other files from being read as rules."""
        return [problem for each in self.loaded if not each.is_readable for problem in each.file.diagnostics]

    @property
    def sources(self) -> Mapping[str, Source]:
        """The texts that diagnostics of the rules point into, by name."""
        return {file.name: file.source for file in self.files}


def load(*paths: str | Path, settings: str | Path | None = None) -> list[Rule]:
    """The rules of files and folders, or of the settings' `paths` where none is given.

    A file that cannot be read as a rule is loaded, too: `check` says what is wrong with it. `settings` is a file of
    settings; without it, the nearest upwards from the working directory counts. Raises UsageError where there are no
    rules, or where the settings cannot be used.

    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "netcat.toml").write_text(rule.text)
    >>> [rule.name for rule in rulewright.load(folder)]
    ['Netcat listens']
    """
    return list(open_project(paths, settings=settings).loaded)


def loads(text: str, *, name: str = "<rule>", settings: str | Path | None = None) -> Rule:
    """The rule that a text holds, in TOML.

    `name` is the path that problems name; cases that are pinned beside it count. `settings` is as of `load`.

    >>> rulewright.loads(rule.text, name="rules/netcat.toml")
    Rule('Netcat listens', path='rules/netcat.toml')
    """
    path = Path(name)
    if not path.name:
        raise UsageError(f"`{name}` is no name of a file")
    return Rule(path, load_text(text, name), _settings(settings))


def check(rules: Rule | Iterable[Rule]) -> list[Diagnostic]:
    """Everything that is wrong with rules: structure, metadata, ATT&CK, query and field types.

    An empty list is a clean bill. Rules that are checked together must not share an id, so give all of them at once.

    >>> rulewright.check(rule)
    []
    >>> [problem] = rulewright.check(rulewright.loads(rule.text.replace("process.name", "process.nam")))
    >>> problem.code, problem.level.value, problem.message, problem.help
    ('RW301', 'error', 'unknown field `process.nam`', 'did you mean `process.name`?')
    """
    loaded = [rules] if isinstance(rules, Rule) else list(rules)
    if not loaded:
        return []
    return check_rules([each.file for each in loaded], loaded[0].config, passes=[query_checks])


def open_project(
    paths: Sequence[str | Path], *, settings: str | Path | None = None, stack: StackVersion | None = None
) -> Project:
    """The rules in `paths`, else in the `paths` of the settings. Raises UsageError where there are none.

    `stack` is the version that they are checked for, in place of the lowest that each names.
    """
    config = replace(_settings(settings), stack=stack)
    found = discover(paths or [config.root / path for path in config.paths])
    if not found:
        raise UsageError("no rules: no path is given, and the settings' `paths` are empty")
    return Project(config, tuple(Rule(path, load_rule(path), config) for path in found))


def cases_path(rule_path: Path) -> Path:
    """Where the cases of a rule are pinned: `<rule>.cases.jsonl` beside it."""
    return rule_path.with_suffix(".cases.jsonl")


def _settings(file: str | Path | None) -> Config:
    return find_config(Path.cwd()) if file is None else read_config(Path(file))
