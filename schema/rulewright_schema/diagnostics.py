"""One problem, one value: what is wrong, where, and what to do next.

Wording (a test holds every message to it): `message` is lower case without a full stop, the user's own text stands in
backticks; `help` says what to do; `note` says why or which data decided; no names of the implementation.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from rulewright_schema.limits import MAX_SAME_PROBLEMS
from rulewright_schema.source import Span

__all__ = ["Diagnostic", "Edit", "Fix", "Label", "Level", "first_of_each_code"]


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


def first_of_each_code(problems: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The problems of one file, in order, up to `MAX_SAME_PROBLEMS` of a code; the last says how many are left out."""
    problems = tuple(problems)
    counts = Counter(problem.code for problem in problems)
    if all(count <= MAX_SAME_PROBLEMS for count in counts.values()):
        return problems
    told: Counter[str] = Counter()
    kept: list[Diagnostic] = []
    for problem in problems:
        told[problem.code] += 1
        left_out = counts[problem.code] - MAX_SAME_PROBLEMS
        if told[problem.code] == MAX_SAME_PROBLEMS and left_out > 0:
            more = f"and {left_out:,} more of this kind in the file"
            kept.append(replace(problem, note=f"{problem.note}; {more}" if problem.note else more))
        elif told[problem.code] <= MAX_SAME_PROBLEMS:
            kept.append(problem)
    return tuple(kept)
