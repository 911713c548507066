"""Versions of the Elastic Stack, as far as features come with them: major and minor."""

import re
from dataclasses import dataclass

__all__ = ["StackVersion", "lacks", "read_stack_version"]

_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})(?:\.\d+.*)?")


@dataclass(frozen=True, slots=True, order=True)
class StackVersion:
    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


_RELEASED_TOGETHER = {StackVersion(9, 0): StackVersion(8, 18), StackVersion(9, 1): StackVersion(8, 19)}
"""Two versions of one day: what the pages of the later one call new may stand in the earlier one, too."""


def read_stack_version(text: str) -> StackVersion | None:
    """The version that a text such as `9.3` or `9.3.0` names; None where it names none."""
    found = _VERSION.fullmatch(text)
    return StackVersion(int(found[1]), int(found[2])) if found else None


def lacks(stack: StackVersion | None, since: str) -> bool:
    """Whether a stack certainly does not have what came with version `since`.

    >>> [lacks(read_stack_version(stack), "9.1") for stack in ("8.18", "8.19", "9.0", "9.1")]
    [True, False, True, False]
    """
    needed = read_stack_version(since)
    if stack is None or needed is None:
        return False
    return stack < (_RELEASED_TOGETHER.get(needed, needed) if stack.major < needed.major else needed)
