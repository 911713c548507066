"""Which rule files the arguments of a command stand for."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from rulewright_schema.errors import UsageError
from rulewright_schema.limits import MAX_FILE_SIZE

__all__ = ["discover", "holds_a_rule"]

RULE_HEADER = re.compile(rb"^[ \t]*\[[ \t]*[\"']?rule[\"']?[ \t]*\]", re.MULTILINE)


def discover(paths: Iterable[str | Path]) -> list[Path]:
    """The rule files that `paths` name, each once: a file as it is, a folder by its `**/*.toml` with a `[rule]` table.

    The files of a folder are sorted. Links to folders are not followed, links to files only where they stay inside;
    hidden folders are skipped. Raises UsageError for a folder without rules, or one that cannot be read.
    """
    found: dict[str, Path] = {}
    for path in map(Path, paths):
        files = _rules_in(path) if path.is_dir() else [path]
        if not files:
            raise UsageError(
                f"no rule in `{path}`: give a file, or a folder with `*.toml` files that have a `[rule]` table"
            )
        for file in files:
            found.setdefault(os.path.realpath(file), file)
    return list(found.values())


def _rules_in(folder: Path) -> list[Path]:
    root = folder.resolve()
    candidates = (path for path in _toml_files(folder) if not path.is_symlink() or path.resolve().is_relative_to(root))
    return sorted(path for path in candidates if holds_a_rule(path))


def _toml_files(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (path for name in files if name.endswith(".toml") and (path := Path(where, name)).is_file())


def _refuse(error: OSError) -> None:
    raise UsageError(f"cannot read the folder `{error.filename}`: {(error.strerror or 'unknown reason').lower()}")


def holds_a_rule(path: Path) -> bool:
    """Whether a `[rule]` header stands in the file; a file that cannot be read counts, so that it gets reported."""
    try:
        with path.open("rb") as file:
            return RULE_HEADER.search(file.read(MAX_FILE_SIZE)) is not None
    except OSError:
        return True
