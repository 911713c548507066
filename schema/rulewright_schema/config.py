"""A project's settings: `[tool.rulewright]` of pyproject.toml, or the whole of rulewright.toml.

[tool.rulewright]
paths = ["ruleset"]              # what commands work on when they are given no path
profile = "core"                 # or "elastic"
attack-version = "18.1"
ignore = ["RW210", "RW4"]        # codes, or beginnings of codes
minimum-condition-coverage = 100 # what `rulewright test --coverage` asks of the cases of each rule, in percent
minimum-mutation-score = 95

[tool.rulewright.per-file-ignores]
"ruleset/legacy/*" = ["RW401"]   # paths relative to the file of settings

[tool.rulewright.fields]
"acme.risk" = "long"             # a project's own fields: name to Elasticsearch type
"acme.labels.*" = "keyword"

`[tool.rulewright.diff-policy]` is explained in `diff_policy`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import tomli

from rulewright_schema.attack import ATTACK_VERSIONS, DEFAULT_ATTACK_VERSION, Attack, attack
from rulewright_schema.catalogue import FIELD_TYPES, Catalogue, default_catalogue
from rulewright_schema.codes.code import Profile
from rulewright_schema.diff_policy import DiffPolicy, PolicyError, policy_of
from rulewright_schema.errors import UsageError
from rulewright_schema.files.positions import KeyPath, scan
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Source
from rulewright_schema.stack import StackVersion
from rulewright_schema.wording import listed

__all__ = ["Config", "find_config", "percent", "read_config"]

CODE = re.compile(r"RW\d{1,3}")


@dataclass(frozen=True)
class Config:
    """Settings, with their defaults. `root` is the folder that the paths in them are relative to."""

    root: Path = Path()
    paths: tuple[str, ...] = ("ruleset",)
    profile: Profile = Profile.CORE
    attack_version: str = DEFAULT_ATTACK_VERSION
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    fields: Mapping[str, str] = field(default_factory=dict)
    minimum_condition_coverage: float = 0
    minimum_mutation_score: float = 0
    diff_policy: DiffPolicy = field(default_factory=DiffPolicy)
    stack: StackVersion | None = None
    """The version that rules are checked for, in place of the lowest that each names; a run sets it, no file does."""

    @cached_property
    def catalogue(self) -> Catalogue:
        """The field catalogue with the project's own fields."""
        return default_catalogue().with_fields(self.fields) if self.fields else default_catalogue()

    @property
    def attack(self) -> Attack:
        return attack(self.attack_version)

    def ignores(self, code: str, path: str) -> bool:
        """Whether the project wants not to hear of `code` in the file at `path`."""
        return code.startswith((*self.ignore, *self._ignored_in(path)))

    def _ignored_in(self, path: str) -> tuple[str, ...]:
        if not self.per_file_ignores:
            return ()
        shown = self.relative(path)
        return tuple(
            code for glob, codes in self.per_file_ignores.items() if fnmatchcase(shown, glob) for code in codes
        )

    def relative(self, path: str) -> str:
        """A path as the patterns in the settings see it."""
        absolute, root = Path(path).absolute(), self.root.absolute()
        return (absolute.relative_to(root) if absolute.is_relative_to(root) else absolute).as_posix()


def find_config(folder: Path) -> Config:
    """The settings of the nearest folder upwards from `folder` that has any, else the defaults.

    Raises UsageError for settings that cannot be used.
    """
    for parent in (folder.absolute(), *folder.absolute().parents):
        for name in ("rulewright.toml", "pyproject.toml"):
            path = parent / name
            if path.is_file() and (table := _table_in(path)) is not None:
                return _config(table, path)
    return Config()


def read_config(path: Path) -> Config:
    """The settings in one file. Raises UsageError when it has none, or some that cannot be used."""
    table = _table_in(path)
    if table is None:
        raise UsageError(f"no `[tool.rulewright]` table in `{path}`")
    return _config(table, path)


def _table_in(path: Path) -> Mapping[str, Any] | None:
    try:
        data = tomli.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"cannot read the settings in `{path}`: {error}") from error
    if path.name != "pyproject.toml":
        return data
    tool = data.get("tool")
    table = tool.get("rulewright") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else None


def _config(table: Mapping[str, Any], path: Path) -> Config:
    """Judge every key of the table; the first that cannot be used is the error."""
    values: dict[str, Any] = {}
    for written, value in table.items():
        key = _RENAMED.get(written, written)
        if key not in SETTINGS:
            near = nearest_of(key, SETTINGS)
            help_ = f": did you mean `{near}`?" if near else ""
            raise UsageError(f"unknown setting `{key}` in `{_place(path, (written,))}`{help_}")
        convert, wanted = SETTINGS[key]
        try:
            values[key.replace("-", "_")] = convert(value)
        except PolicyError as error:
            at = (written, *error.path)
            raise UsageError(f"setting `{'.'.join(map(str, at))}` in `{_place(path, at)}` {error}") from error
        except (TypeError, ValueError) as error:
            raise UsageError(f"setting `{written}` in `{_place(path, (written,))}` must be {wanted}") from error
    return Config(root=path.absolute().parent, **values)


def _place(path: Path, key: KeyPath) -> str:
    """`pyproject.toml:12:1`: where a key stands that is counted from the table of settings."""
    text = path.read_text(encoding="utf-8")
    table = ("tool", "rulewright") if path.name == "pyproject.toml" else ()
    at = Source(str(path), text).position(scan(text).span_of((*table, *key), key=True).start)
    return f"{path}:{at.line}:{at.column}"


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise TypeError(value)
    return tuple(value)


def _codes(value: Any) -> tuple[str, ...]:
    codes = _texts(value)
    if not all(CODE.fullmatch(code) for code in codes):
        raise ValueError(value)
    return codes


def _version(value: Any) -> str:
    if value not in ATTACK_VERSIONS:
        raise ValueError(value)
    return str(value)


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def _field_types(value: Any) -> Mapping[str, str]:
    if not set(_texts(list(_table(value).values()))) <= FIELD_TYPES:
        raise ValueError(value)
    return dict(value)


def percent(value: Any) -> float:
    """A share, in percent. Raises ValueError or TypeError for anything else."""
    number = float(value)
    if isinstance(value, bool) or not 0 <= number <= 100:
        raise ValueError(value)
    return number


SETTINGS = {
    "paths": (_texts, "a list of paths"),
    "profile": (Profile, "`core` or `elastic`"),
    "attack-version": (_version, listed([f'`"{version}"`' for version in ATTACK_VERSIONS], word="or")),
    "ignore": (_codes, 'a list of codes such as `"RW101"`'),
    "per-file-ignores": (
        lambda value: {glob: _codes(codes) for glob, codes in _table(value).items()},
        'a table of path patterns and lists of codes, `"legacy/*" = ["RW101"]`',
    ),
    "fields": (_field_types, 'a table of field names and Elasticsearch types, `"acme.risk" = "long"`'),
    "diff-policy": (policy_of, "tables of what to say of changes"),
    "minimum-condition-coverage": (percent, "a number from 0 to 100"),
    "minimum-mutation-score": (percent, "a number from 0 to 100"),
}
"""Each setting: what makes it a value of `Config`, and how an error describes it."""

_RENAMED = {"minimum-leaves": "minimum-condition-coverage"}
"""Names of before, which still work."""
