"""Runs that write at the same time, and what is left of runs that were killed.

Locks are the system's own, on folders and files that are there anyway; they end with the process that holds them,
however it ends. Where there are none (Windows, some network drives), nothing waits and nothing is cleared away.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["is_abandoned", "locked"]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let no other run be inside of such a block of the same folder or file; wait until one that is has left it."""
    with _opened(path) as handle:
        _lock(handle, waits=True)
        yield


def is_abandoned(path: Path) -> bool:
    """Whether the run that had this `locked` for as long as it lasts has ended."""
    with _opened(path) as handle:
        return _lock(handle, waits=False)


def _lock(handle: int | None, *, waits: bool) -> bool:
    """Whether the lock was taken; closing the handle gives it back."""
    if sys.platform == "win32" or handle is None:
        return False
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


@contextmanager
def _opened(path: Path) -> Iterator[int | None]:
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        handle = None
    try:
        yield handle
    finally:
        if handle is not None:
            os.close(handle)
