"""The index: every rule under each tactic that it serves, in the order of an attack."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rulewright_generators.guides.facts import data_sources
from rulewright_generators.guides.guide import Guide

__all__ = ["Group", "Row", "groups_of", "severities_of"]

_ORDER = (
    "TA0043", "TA0042", "TA0001", "TA0002", "TA0003", "TA0004", "TA0005", "TA0112", "TA0006", "TA0007", "TA0008",
    "TA0009", "TA0011", "TA0010", "TA0040",
)  # fmt: skip
"""The tactics as the ATT&CK matrix orders them."""
_SEVERITIES = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Row:
    """A rule in the index; `page` is its page without extension."""

    name: str
    page: str
    severity: str
    techniques: tuple[str, ...]
    sources: tuple[str, ...]
    positives: int
    near_misses: int


@dataclass(frozen=True, slots=True)
class Group:
    """A tactic and its rules, the most severe first; the last group holds the rules without a tactic."""

    id: str
    name: str
    url: str
    anchor: str
    rows: tuple[Row, ...]


def groups_of(pages: Sequence[tuple[str, Guide]]) -> Iterator[Group]:
    """The groups that have rules; `pages` holds the page and guide of each rule."""
    tactics = {threat.tactic.id: threat.tactic for _, guide in pages for threat in guide.rule.threat}
    order = {id_: position for position, id_ in enumerate(_ORDER)}
    for id_ in sorted(tactics, key=lambda id_: (order.get(id_, len(order)), id_)):
        tactic = tactics[id_]
        rows = [_row(page, guide, id_) for page, guide in pages if any(t.tactic.id == id_ for t in guide.rule.threat)]
        yield Group(
            id_, tactic.name, tactic.reference, f"tactic-{_ORDER.index(id_) if id_ in order else id_}", _sorted(rows)
        )
    rest = [_row(page, guide, None) for page, guide in pages if not guide.rule.threat]
    if rest:
        yield Group("", "Without a tactic", "", "tactic-none", _sorted(rest))


def severities_of(guides: Sequence[Guide]) -> list[tuple[str, int]]:
    """How many rules there are of each severity, the highest first."""
    counts = Counter(guide.rule.severity for guide in guides)
    return [(severity, counts[severity]) for severity in _SEVERITIES if counts[severity]]


def _row(page: str, guide: Guide, tactic_id: str | None) -> Row:
    rule = guide.rule
    techniques = (
        sub.id
        for threat in rule.threat
        if threat.tactic.id == tactic_id
        for technique in threat.technique
        for sub in (technique.subtechnique or (technique,))
    )
    return Row(
        rule.name,
        page,
        rule.severity,
        tuple(dict.fromkeys(techniques)),
        data_sources(rule) or rule.metadata.integration,
        len(guide.positives),
        len(guide.near_misses),
    )


def _sorted(rows: list[Row]) -> tuple[Row, ...]:
    rank = {severity: position for position, severity in enumerate(_SEVERITIES)}
    return tuple(sorted(rows, key=lambda row: (rank.get(row.severity, len(rank)), row.name.casefold(), row.page)))
