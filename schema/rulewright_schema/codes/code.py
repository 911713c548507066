"""The kinds of problem that Rulewright reports: one `Code` each, with the page that explains it.

RW0xx file, 1xx structure, 2xx metadata, 3xx fields, 4xx ATT&CK, 5xx query, 6xx solver, 7xx cases, 8xx exports.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from rulewright_schema.diagnostics import Diagnostic, Fix, Label, Level
from rulewright_schema.source import Span

__all__ = ["CODES", "Code", "Profile"]


class Profile(StrEnum):
    """The sets of checks: `core` is true of any rule, `elastic` adds the conventions of elastic/detection-rules."""

    CORE = "core"
    ELASTIC = "elastic"


_codes: dict[str, "Code"] = {}

CODES: Mapping[str, "Code"] = MappingProxyType(_codes)
"""Every code by its name (`RW101`). A code registers itself when the module that makes it is imported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A kind of problem and its page.

    `title` says the rule in one line, `why` what goes wrong without it. `bad` breaks it and `good` does not: pieces of
    a rule file that `examples.py` completes to a whole one; in `bad`, `«»` encloses what the diagnostic points at.
    """

    code: str
    name: str
    level: Level
    title: str
    why: str
    bad: str
    good: str
    profile: Profile = Profile.CORE

    def __post_init__(self) -> None:
        # Invariant: a code is defined once. Two definitions would let a diagnostic lead to the wrong page.
        if _codes.setdefault(self.code, self) is not self:
            raise ValueError(f"{self.code} is defined twice: {_codes[self.code].name} and {self.name}")

    def report(
        self,
        message: str,
        span: Span | None = None,
        *,
        path: str = "",
        label: str = "",
        help: str = "",  # noqa: A002  (the name of the field it fills)
        note: str = "",
        secondary: tuple[Label, ...] = (),
        fix: Fix | None = None,
    ) -> Diagnostic:
        """A problem of this kind; `span` is in the text named by `path`."""
        return Diagnostic(self.code, self.level, message, span, label, help, note, secondary, fix, path)
