"""Rule files of a git revision. Git is run without a shell; names from outside are arguments behind `--`, or object
ids, so that none of them is an option."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rulewright_schema.errors import UsageError
from rulewright_schema.limits import MAX_FILE_SIZE

__all__ = ["Blob", "blobs", "contents", "is_revision", "root_of"]

TIMEOUT = 60
"""Seconds for one call."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file of a revision; `path` is relative to the top of the repository."""

    path: str
    id: str


def root_of(folder: Path) -> Path:
    """The top of the repository around a folder. Raises UsageError where there is none, or no git."""
    return Path(_git(folder, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n"))


def is_revision(root: Path, name: str) -> bool:
    """Whether the repository knows a commit by this name."""
    if not name or name.startswith("-") or "\0" in name:
        return False
    return _run(root, ["rev-parse", "--quiet", "--verify", "--end-of-options", f"{name}^{{commit}}"]).returncode == 0


def blobs(root: Path, revision: str, folder: str) -> list[Blob]:
    """The TOML files below a folder (or the file) of a revision, in order; links are left out."""
    listed = _git(
        root, "ls-tree", "-r", "-z", "--full-tree", "--end-of-options", f"{revision}^{{commit}}", "--", folder or "."
    )
    found = []
    for entry in filter(None, listed.split(b"\0")):
        mode, kind, identity = entry.partition(b"\t")[0].split()
        path = entry.partition(b"\t")[2].decode("utf-8", "backslashreplace")
        if kind == b"blob" and mode != b"120000" and path.endswith(".toml"):
            found.append(Blob(path, identity.decode()))
    return sorted(found, key=lambda blob: blob.path)


def contents(root: Path, wanted: Sequence[Blob]) -> Iterator[bytes]:
    """What each blob holds, in order; at most one byte more than a rule file may have."""
    batch = _run(root, ["cat-file", "--batch"], "".join(f"{blob.id}\n" for blob in wanted).encode())
    _check(batch)
    data, at = batch.stdout, 0
    for _ in wanted:
        end = data.index(b"\n", at)
        size = int(data[at:end].split()[2])
        yield data[end + 1 : end + 1 + min(size, MAX_FILE_SIZE + 1)]
        at = end + 1 + size + 1


def _git(folder: Path, *arguments: str) -> bytes:
    result = _run(folder, arguments)
    _check(result)
    return result.stdout


def _run(folder: Path, arguments: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("git")
    if program is None:
        raise UsageError("revisions need git, which is not installed; give files or folders")
    command = [program, "-C", str(folder), "-c", "core.quotePath=false", "--literal-pathspecs", *arguments]
    try:
        return subprocess.run(command, input=given, capture_output=True, timeout=TIMEOUT, check=False)
    except subprocess.TimeoutExpired as error:
        raise UsageError("git did not answer in time; give files or folders") from error


def _check(result: subprocess.CompletedProcess[bytes]) -> None:
    if result.returncode != 0:
        said = result.stderr.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")
        raise UsageError(f"git says: {said or 'nothing, and failed'}")
