"""What a guide shows of one rule, as plain values: the templates only lay them out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rulewright_engine.ir.expression import Leaf
from rulewright_engine.ir.query import AnyQuery, Part, Query, Role
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.format.conditions import condition_names
from rulewright_generators.guides.evidence import Findings, findings
from rulewright_generators.guides.facts import Fact, facts_of
from rulewright_generators.guides.highlight import Piece, highlight
from rulewright_generators.guides.rows import CaseRow, case_rows
from rulewright_generators.guides.words import Line, in_words
from rulewright_generators.writing.escaping import markdown_span, markdown_text
from rulewright_generators.writing.placeholders import expand
from rulewright_schema.attack import DEFAULT_ATTACK_VERSION
from rulewright_schema.rule import Rule
from rulewright_schema.source import Source

__all__ = ["ConditionRow", "Entry", "Guide", "guide_of"]

_MAX_EXAMPLES = 4
"""Events that are shown in full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A rule to document: its file, and what is known of it. `query` is None where it cannot be read (yet).

    `unproven` says for a condition, by its text, why it has no positive or no near miss.
    """

    rule: Rule
    source: Source
    query: AnyQuery | None = None
    cases: tuple[Case, ...] = ()
    unproven: Mapping[str, str] | None = None
    attack_version: str = DEFAULT_ATTACK_VERSION


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition and its evidence: the case that fires because of it, the one that stays quiet without it."""

    text: str
    positive: CaseRow | None
    near_miss: CaseRow | None
    reason: str

    @property
    def is_proven(self) -> bool:
        return self.positive is not None and self.near_miss is not None


@dataclass(frozen=True, slots=True)
class Stage:
    """The condition of one stage in words; an event query has a single stage without title.

    `first_condition` is the position of its first single condition in `Guide.conditions`.
    """

    title: str
    line: Line
    first_condition: int


@dataclass(frozen=True, slots=True)
class Example:
    """Events in full, as JSON."""

    caption: str
    text: str


@dataclass(frozen=True, slots=True)
class Guide:
    """Everything on a rule's page."""

    rule: Rule
    path: str
    source_text: str
    facts: tuple[Fact, ...]
    pieces: tuple[Piece, ...]
    stages: tuple[Stage, ...]
    conditions: tuple[ConditionRow, ...]
    positives: tuple[CaseRow, ...]
    near_misses: tuple[CaseRow, ...]
    example: Example | None
    note: str
    attack_version: str

    @property
    def proven(self) -> int:
        """How many conditions have both a case that fires and one that does not."""
        return sum(condition.is_proven for condition in self.conditions)


def guide_of(entry: Entry) -> Guide:
    """Collect what a page shows."""
    rule = entry.rule
    found = findings(entry.query, entry.cases) if isinstance(entry.query, Query) else Findings({}, {})
    rows = case_rows(entry.cases, found.deciding, _conditions(entry.query))
    first = next((case for case in entry.cases if case.is_positive), None)
    return Guide(
        rule=rule,
        path=entry.source.name,
        source_text=entry.source.text,
        facts=tuple(facts_of(rule, entry.attack_version)),
        pieces=tuple(highlight(rule.query_language, (rule.query_text or "").strip())),
        stages=tuple(_stages(entry.query)),
        conditions=tuple(_condition_rows(found, rows, entry.unproven or {})),
        positives=tuple(row for row in rows.values() if row.is_positive),
        near_misses=tuple(row for row in rows.values() if not row.is_positive),
        example=_example(first) if first else None,
        note=expand(rule.note or "", rule.transform, _placeholder_text),
        attack_version=entry.attack_version,
    )


def _conditions(query: AnyQuery | None) -> dict[str, Leaf]:
    """Every single condition, by the name that cases use."""
    if query is None:
        return {}
    return dict(zip(condition_names(query), query.leaves(), strict=True))


def _title(number: int, part: Part) -> str:
    """What a condition of a query is about; nothing for the one of an event query."""
    match part.role:
        case Role.EVENT:
            return ""
        case Role.UNTIL:
            return "Until"
        case Role.STAGE | Role.MISSING:
            times = f", {part.runs} times" if part.runs > 1 else ""
            return f"{'Event' if part.wanted else 'No event'} {number}{times}"


def _stages(query: AnyQuery | None) -> Iterator[Stage]:
    first_condition = 0
    for number, part in enumerate(query.parts if query else (), 1):
        yield Stage(_title(number, part), in_words(part.condition), first_condition)
        first_condition += sum(1 for _ in part.condition.leaves())


def _condition_rows(
    found: Findings, rows: Mapping[str, CaseRow], unproven: Mapping[str, str]
) -> Iterator[ConditionRow]:
    for name, (fires, quiet) in found.evidence.items():
        yield ConditionRow(name, rows.get(fires), rows.get(quiet), unproven.get(name, ""))


def _example(case: Case) -> Example:
    """The events of a case, as JSON for people; of many, the first and the last."""
    events = case.events if len(case.events) <= _MAX_EXAMPLES else (case.events[0], case.events[-1])
    match len(case.events):
        case 1:
            caption = "An event that fires"
        case number if number > len(events):
            caption = f"The first and the last of {number} events that fire together"
        case number:
            caption = f"{number} events that fire together"
    return Example(caption, "\n".join(json.dumps(event, indent=2, ensure_ascii=False) for event in events))


def _placeholder_text(plugin: str, entry: Mapping[str, Any]) -> str:
    """An entry of `[transform]` in readable Markdown that fits on one line."""
    label = markdown_text(str(entry.get("label", plugin)))
    if plugin == "osquery":
        return f"**{label}**: {markdown_span(str(entry.get('query', '')))}"
    groups = [" and ".join(_provider(p) for p in group) for group in entry.get("providers", ())]
    span = f" ({entry['relativeFrom']} to {entry.get('relativeTo', 'now')})" if "relativeFrom" in entry else ""
    return f"**{label}**{span}: {' *or* '.join(groups)}"


def _provider(provider: Mapping[str, Any]) -> str:
    negation = "not " if provider.get("excluded") else ""
    if provider.get("queryType") == "exists":
        return f"{negation}{markdown_span(str(provider.get('field', '')))} is present"
    return negation + markdown_span(f"{provider.get('field', '')}: {provider.get('value', '')}")
