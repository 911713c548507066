"""One problem, one value: what is wrong, where, and what to do next.

Wording (a test holds every message to it): `message` is lower case without a full stop, the user's own text stands in
backticks; `help` says what to do; `note` says why or which data decided; no names of the implementation.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from rulewright_schema.source import Span

__all__ = ["Diagnostic", "Edit", "Fix", "Label", "Level"]


class Level(StrEnum):
    """How much a diagnostic weighs: an error fails a run, a warning is worth a look, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains the first."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text of `span` by `text`."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend the problem; `safe` means that the meaning of the rule cannot change otherwise."""

    edits: tuple[Edit, ...]
    safe: bool


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A problem at a place. `span` is in the text named by `path` (a file, or `<query>`); None is the whole text."""

    code: str
    level: Level
    message: str
    span: Span | None = None
    label: str = ""
    help: str = ""
    note: str = ""
    secondary: tuple[Label, ...] = ()
    fix: Fix | None = None
    path: str = ""

    def relocated(self, path: str, place: Callable[[Span], Span]) -> "Diagnostic":
        """The same problem in another text: each span is mapped by `place` (from a query to its file, say)."""
        return replace(
            self,
            path=path,
            span=None if self.span is None else place(self.span),
            secondary=tuple(Label(place(label.span), label.text) for label in self.secondary),
            fix=self.fix and Fix(tuple(Edit(place(e.span), e.text) for e in self.fix.edits), self.fix.safe),
        )
