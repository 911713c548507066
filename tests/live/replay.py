"""One case on a cluster: its events in an index of its own, one run of the rule, and what the alerts are about."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from live.cluster import Cluster
from live.mapping import field_names, mapping_of
from rulewright_engine.esql import parse
from rulewright_engine.esql.syntax.ast import From
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import Language
from rulewright_engine.languages.problems import Problems
from rulewright_engine.rules import Compilation, CompiledRule
from rulewright_engine.values.dates import format_instant
from rulewright_generators.cases import Case
from rulewright_generators.exports.kibana.payload import payload_of
from rulewright_generators.exports.kibana.required import named_fields

__all__ = ["Outcome", "replay", "unplayable"]

OWN_KEYS = ("rule_id", "version", "data_view_id", "exceptions_list", "related_integrations", "required_fields")
"""Keys of a stored rule that no preview takes, or that would bring other data into it."""

MISSING = -1
"""The position that stands for a missing event of a sequence."""

CLOCK = re.compile(r"\bnow\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case pins and what the cluster did: the events of each alert, or how many alerts where they name none."""

    expected: tuple[Any, ...]
    found: tuple[Any, ...]

    @property
    def agrees(self) -> bool:
        return self.expected == self.found


def unplayable(compiled: CompiledRule, case: Case) -> str:
    """Why a cluster cannot run the case as it is pinned; empty where it can."""
    if case.answers:
        return "it pins the answers of a model"
    if CLOCK.search(str(compiled.rule.raw["rule"].get("query", ""))):
        return "its query asks for the time, which is the cluster's own"
    return ""


def replay(cluster: Cluster, compilation: Compilation, case: Case, name: str) -> Outcome:
    """Run the case in indices that begin with `name`, and remove them again, whatever happens."""
    compiled = compilation.compiled
    assert compiled is not None  # Invariant: a rule with pinned cases compiles
    indices = {name: [*_numbered("h", case.history), *_numbered("e", case.events)]}
    if case.indicators:
        indices[f"{name}-indicators"] = _numbered("i", case.indicators)
    try:
        for index, documents in indices.items():
            cluster.create_index(index, mapping_of(_fields(compilation, documents), CatalogueFields()))
            cluster.index(index, documents)
        payload = _payload(compilation, name)
        found = cluster.alerts(cluster.preview(payload, format_instant(compiled.now)))
    finally:
        for index in indices:
            cluster.delete_index(index)
    return _compared(case, found)


def _numbered(letter: str, documents: tuple[Mapping[str, Any], ...]) -> list[tuple[str, Mapping[str, Any]]]:
    """Documents with ids that tell their positions, without the metadata that an index gives them itself."""
    return [
        (f"{letter}{number}", {key: value for key, value in document.items() if not key.startswith("_")})
        for number, document in enumerate(documents)
    ]


def _fields(compilation: Compilation, documents: list[tuple[str, Mapping[str, Any]]]) -> set[str]:
    named = named_fields(compilation.query) if compilation.query is not None else []
    return {"@timestamp", *named, *(name for _, document in documents for name in field_names(document))}


def _payload(compilation: Compilation, index: str) -> dict[str, Any]:
    """The rule as Kibana takes it, over the index of the case."""
    payload = {key: value for key, value in payload_of(compilation).items() if key not in OWN_KEYS}
    if payload.get("language") == Language.ESQL:
        payload["query"] = _from_index(payload["query"], index)
    else:
        payload["index"] = [index]
    if "threat_index" in payload:
        payload["threat_index"] = [f"{index}-indicators"]
    return payload


def _from_index(query: str, index: str) -> str:
    """The query with another source; its METADATA stays."""
    first = parse(query, Problems()).commands[0]
    assert isinstance(first, From)  # Invariant: a rule reads events
    metadata = f" METADATA {', '.join(name.text for name in first.metadata)}" if first.metadata else ""
    return f"{query[: first.span.start]}FROM {index}{metadata}{query[first.span.end :]}"


def _compared(case: Case, alerts: list[dict[str, Any]]) -> Outcome:
    """By the events of each alert; by their number where a group of events raised one."""
    shown = [
        alert for alert in alerts if "kibana.alert.group.index" not in alert
    ]  # without those a sequence is built of
    events = [tuple(sorted(_events(alert))) for alert in shown]
    if not all(events) or any("kibana.alert.suppression.terms" in alert for alert in shown):
        return Outcome((len(case.alerts),), (len(shown),))
    pinned = (tuple(sorted(position for position in alert if position != MISSING)) for alert in case.alerts)
    return Outcome(tuple(sorted(pinned)), tuple(sorted(events)))


def _events(alert: Mapping[str, Any]) -> Iterator[int]:
    """The positions of the events that an alert is about; none where it is about a group."""
    for ancestor in alert.get("kibana.alert.ancestors", ()):
        if ancestor.get("depth") == 0 and re.fullmatch(r"e\d+", str(ancestor.get("id"))):
            yield int(ancestor["id"][1:])
