"""Writing files so that whoever reads them sees the old text or the new one, never a part."""

import glob
import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from rulewright_generators.writing.locks import is_abandoned, locked

__all__ = ["write_atomically"]


def write_atomically(path: Path, text: str) -> None:
    """Write `text` as UTF-8 with `\\n` line ends; raises OSError and leaves the old file where it cannot.

    What runs that were killed have left beside it is removed.
    """
    with ExitStack() as stack:
        with locked(path.parent):
            for left in filter(is_abandoned, path.parent.glob(f".{glob.escape(path.name)}.*.new")):
                left.unlink(missing_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
            temporary = Path(name)
            stack.callback(temporary.unlink, missing_ok=True)
            stack.enter_context(locked(temporary))
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        temporary.replace(path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
