"""A case: events and the alerts they must raise; `<rule>.cases.jsonl` holds one a line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rulewright_engine.evaluate.outside import Outside, outside_of
from rulewright_generators.cases.format.patches import Flattened
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Source, Span

__all__ = ["Base", "Case", "CaseFile", "in_order", "is_generated", "kind_of", "natural_key"]

_KINDS = "positive|near-miss|boundary|order|runs|span|group|history|indicator|alert"
GENERATED = re.compile(rf"({_KINDS})(?:-\d+|: .+)", re.DOTALL)
"""The names of cases that are made anew when a rule changes; every other case is somebody's own."""

NUMBERED = re.compile(rf"(?:{_KINDS})-\d+")
"""Such names in files that were written before names said what a case shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`alerts` lists, for each alert, the positions of the events that raised it (-1: a missing event).

    `covers` (of a positive) and `flips` (of a near miss) name conditions by their text. `answers` holds what a query
    gets from outside (ES|QL COMPLETION), `lookups` the rows that it joins (LOOKUP JOIN, ENRICH). `alert` is what each
    of the alerts says, as far as the case is about that.
    """

    name: str
    events: tuple[Mapping[str, Any], ...]
    alerts: tuple[tuple[int, ...], ...]
    why: str
    covers: tuple[str, ...] = ()
    flips: str | None = None
    history: tuple[Mapping[str, Any], ...] = ()
    indicators: tuple[Mapping[str, Any], ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    lookups: Mapping[str, Any] = field(default_factory=dict)
    alert: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_positive(self) -> bool:
        return bool(self.alerts)

    @property
    def outside(self) -> Outside:
        """What an ES|QL query gets beside the events."""
        return outside_of(self.answers, self.lookups)


@dataclass(frozen=True, slots=True)
class Base:
    """A document that cases change, and where it stands."""

    event: Flattened
    span: Span


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of a file, where each stands in it, and what is wrong with the rest; the base documents by name."""

    source: Source
    cases: tuple[Case, ...]
    spans: tuple[Span, ...]
    diagnostics: tuple[Diagnostic, ...]
    bases: Mapping[str, Base] = field(default_factory=dict)

    def text_of(self, span: Span) -> str:
        return self.source.text[span.start : span.end]


def is_generated(case: Case) -> bool:
    return GENERATED.fullmatch(case.name) is not None


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Orders names as a person would: `positive-2` before `positive-10`."""
    pieces = re.split(r"(\d{1,18})", name)
    return tuple((1, int(piece), piece) if piece.isdecimal() else (0, 0, piece) for piece in pieces)


def in_order(cases: Iterable[Case]) -> tuple[Case, ...]:
    """The cases in the order of the file."""
    return tuple(sorted(cases, key=lambda case: natural_key(case.name)))


def kind_of(case: Case) -> str:
    """`near-miss` of a generated case; empty for one by hand."""
    found = GENERATED.fullmatch(case.name)
    return found[1] if found else ""
