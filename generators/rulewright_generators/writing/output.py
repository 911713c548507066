"""Files that we write: names that are safe on every system, never outside their folder, never half-written."""

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath

from rulewright_generators.writing.locks import is_abandoned, locked
from rulewright_schema.errors import UsageError

__all__ = ["FileNames", "OutputFolder", "inside", "output_folder", "slug"]

_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
_LISTING = ".rulewright-files"
"""Lists what the last run wrote."""
_STAGING = ".rulewright-staging-"
"""What the folders begin with in which files wait."""
_SAFE_PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def slug(text: str, *, separator: str = "-", longest: int = 80) -> str:
    """Lower-case ASCII letters, digits and separators, whatever `text` is; `rule` when nothing of it is left."""
    ascii_text = unicodedata.normalize("NFKD", re.sub("['’]", "", text)).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", ascii_text)
    name = separator.join(words)
    if len(name) > longest:
        name = name[: longest + 1].rpartition(separator)[0] or name[:longest]
    return f"rule{separator}{name}" if name in _RESERVED else name or "rule"


class FileNames:
    """Gives every text a file name of its own: the second `a` becomes `a-2`."""

    def __init__(self, *, separator: str = "-", longest: int = 80) -> None:
        self._separator = separator
        self._longest = longest
        self._taken: set[str] = set()

    def take(self, text: str) -> str:
        """A name without extension that no earlier call got."""
        number = 1
        name = slug(text, separator=self._separator, longest=self._longest)
        while name in self._taken:
            number += 1
            suffix = f"{self._separator}{number}"
            name = slug(text, separator=self._separator, longest=self._longest - len(suffix)) + suffix
        self._taken.add(name)
        return name


class OutputFolder:
    """Takes the files of one run; made by `output_folder`."""

    def __init__(self, path: Path, staging: Path) -> None:
        self.path = path
        self._staging = staging
        self._names: dict[PurePosixPath, None] = {}

    def write(self, name: str, text: str) -> None:
        """Stage one file; `name` is relative, with `/` between its parts."""
        relative = PurePosixPath(name)
        if not _is_safe(relative):
            raise UsageError(f"`{name}` is no name for a file in the output folder; use letters, digits, `-` and `_`")
        target = self._staging / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        self._names[relative] = None

    @property
    def files(self) -> list[Path]:
        """Where the files written so far come to lie, in the order of `write`."""
        return [self.path / name for name in self._names]

    def _publish(self) -> None:
        earlier = self._listed()
        self._list(earlier | self._names.keys())  # a run that is killed now leaves no file that the next does not know
        for name in self._names:
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if not self._is_inside(target):
                raise UsageError(f"`{target.parent}` is a link that leaves the output folder; remove it")
            (self._staging / name).replace(target)
        for name in earlier - self._names.keys():
            if self._is_inside(self.path / name):
                (self.path / name).unlink(missing_ok=True)
        self._list(self._names.keys())

    def _list(self, names: Iterable[PurePosixPath]) -> None:
        listing = self._staging / _LISTING
        listing.write_text("".join(f"{name}\n" for name in sorted(names)), encoding="utf-8", newline="\n")
        listing.replace(self.path / _LISTING)

    def _listed(self) -> set[PurePosixPath]:
        """The files of the run before, of those that this run could have written."""
        try:
            lines = (self.path / _LISTING).read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, UnicodeDecodeError):
            return set()
        return {name for name in map(PurePosixPath, lines) if _is_safe(name)}

    def _is_inside(self, target: Path) -> bool:
        return target.parent.resolve().is_relative_to(self.path.resolve())


def _is_safe(name: PurePosixPath) -> bool:
    return bool(name.parts) and all(_SAFE_PART.fullmatch(part) for part in name.parts)


def inside(folder: Path, name: str) -> Path:
    """The folder `name` in an output folder. Raises UsageError where it is a link that leads elsewhere."""
    target = folder / name
    if not target.resolve().is_relative_to(folder.resolve()):
        raise UsageError(f"`{target}` is a link that leaves `{folder}`; remove it, or write elsewhere with --output")
    return target


@contextmanager
def output_folder(path: Path) -> Iterator[OutputFolder]:
    """A folder whose files appear together: what is written inside the `with` block moves into place at its end.

    Files that the run before wrote and this one does not are removed: nobody should deploy a rule that is gone.
    When the block raises, nothing of it remains. Of runs at the same time the files of one stay, of the last that ends.
    Raises UsageError for a folder that cannot be written.
    Invariant: no file is written or removed outside `path`, and each file is the old one or the complete new one.
    """
    with _readable_errors(path):
        path.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            with locked(path):
                for left in filter(is_abandoned, path.glob(f"{_STAGING}*")):
                    shutil.rmtree(left, ignore_errors=True)
                staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=path))
                stack.callback(shutil.rmtree, staging, ignore_errors=True)
                stack.enter_context(locked(staging))
            output = OutputFolder(path, staging)
            yield output
            with locked(path):
                output._publish()


@contextmanager
def _readable_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"cannot write to `{path}`: {reason}") from error
