"""The rules of the two sides: of files, folders or git revisions, and which of them belong together."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rulewright._compare.git import (
    Blob,
    blobs,
    contents,
    is_revision,
    root_of,
)
from rulewright_schema.config import Config
from rulewright_schema.errors import UsageError
from rulewright_schema.files.discover import RULE_HEADER, discover
from rulewright_schema.files.load import RuleFile, load_bytes, load_rule
from rulewright_schema.limits import MAX_FILE_SIZE
from rulewright_schema.wording import listed

__all__ = ["Pair", "Side", "paired", "sides"]


@dataclass(frozen=True, slots=True)
class Side:
    """`files` are those with a `[rule]` table; `is_file`: one file was named, which is compared whatever its id is."""

    files: tuple[RuleFile, ...]
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """The files of one rule; None on the side that does not have it."""

    old: RuleFile | None
    new: RuleFile | None


def sides(old: str, new: str, config: Config) -> tuple[Side, Side]:
    """What the two arguments stand for. Raises UsageError for one that is neither a path nor a revision.

    A path that exists is taken for one. `REVISION:PATH` names a file or folder of a revision; a revision alone stands
    for the same file or folder as the other side, else for the `paths` of the settings.
    """
    places = [name if Path(name).exists() else None for name in (old, new)]
    if places[0] is not None and places[1] is not None:
        return _on_disk(places[0]), _on_disk(places[1])
    missing = old if places[0] is None else new
    try:
        root = root_of(Path.cwd())
    except UsageError as error:
        raise UsageError(f"there is no file or folder `{missing}`; {error}") from error
    found: list[Side] = []
    for name, place, other in ((old, places[0], new), (new, places[1], old)):
        if place is not None:
            found.append(_on_disk(place))
            continue
        revision = name.partition(":")[0]
        if not is_revision(root, revision):
            raise UsageError(f"`{name}` is neither a file, nor a folder, nor a revision that git knows")
        found.append(_in_revision(root, revision, _folders(name, other, root, config)))
    return found[0], found[1]


def _folders(name: str, other: str, root: Path, config: Config) -> list[str]:
    """What `name`, a revision with or without a path, is about, from the top of the repository."""
    for each in (name, other):
        if ":" in each and not Path(each).exists():
            return [each.partition(":")[2]]
    return [_in_repository(path, root) for path in ([other] if Path(other).exists() else _paths(config))]


def paired(old: Side, new: Side) -> Iterator[Pair]:
    """The rules of both sides by their id, in the order of the new side; then those that are gone.

    A file that is no rule is compared by its name. Of two files with one id, those of one name belong together.
    """
    if old.is_file and new.is_file:
        yield Pair(next(iter(old.files), None), next(iter(new.files), None))
        return
    waiting: dict[str, list[RuleFile]] = {}
    for file in old.files:
        waiting.setdefault(_key(file), []).append(file)
    for file in new.files:
        candidates = waiting.get(_key(file), [])
        partner = next((each for each in candidates if _name(each) == _name(file)), next(iter(candidates), None))
        if partner is not None:
            candidates.remove(partner)
        yield Pair(partner, file)
    yield from (Pair(file, None) for left in waiting.values() for file in left)


def _on_disk(place: str) -> Side:
    return Side(tuple(map(load_rule, discover([place]))), Path(place).is_file())


def _in_revision(root: Path, revision: str, folders: Sequence[str]) -> Side:
    found = [blob for folder in folders for blob in blobs(root, revision, folder)]
    if not found:
        where = listed([f"`{folder}`" for folder in folders], word="or")
        raise UsageError(f"no TOML file at {where} in `{revision}`; write `{revision}:FOLDER`")
    files = tuple(_files(root, revision, found))
    return Side(files, len(found) == 1 and found[0].path in folders)


def _files(root: Path, revision: str, found: Sequence[Blob]) -> Iterator[RuleFile]:
    for blob, content in zip(found, contents(root, found), strict=True):
        if RULE_HEADER.search(content[:MAX_FILE_SIZE]):
            yield load_bytes(content, f"{revision}:{blob.path}")


def _paths(config: Config) -> Iterable[str]:
    return (str(config.root / path) for path in config.paths)


def _in_repository(path: str, root: Path) -> str:
    """A path as git knows it, from the top of the repository."""
    real, top = os.path.realpath(path), os.path.realpath(root)
    relative = os.path.relpath(real, top).replace(os.sep, "/")
    if relative.startswith(".."):
        raise UsageError(f"`{path}` lies outside of the repository; write `REVISION:PATH`")
    return "" if relative == "." else relative


def _key(file: RuleFile) -> str:
    return file.rule.rule_id if file.rule is not None else f"file {_name(file)}"


def _name(file: RuleFile) -> str:
    return file.name.rpartition("/")[2]
