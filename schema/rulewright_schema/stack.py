"""Versions of the Elastic Stack, as far as features come with them: major and minor."""

import re
from dataclasses import dataclass

__all__ = ["StackVersion", "read_stack_version"]

_VERSION = re.compile(r"(\d{1,4})\.(\d{1,4})(?:\.\d+.*)?")


@dataclass(frozen=True, slots=True, order=True)
class StackVersion:
    major: int
    minor: int

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


def read_stack_version(text: str) -> StackVersion | None:
    """The version that a text such as `9.3` or `9.3.0` names; None where it names none."""
    found = _VERSION.fullmatch(text)
    return StackVersion(int(found[1]), int(found[2])) if found else None
