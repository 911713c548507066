"""The keys of a Sigma rule that say what it is for, and which keys of a rule have no place there."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from rulewright_generators.exports.sigma.items import Loss
from rulewright_generators.exports.sigma.logsource import LogSource
from rulewright_schema.rule import Rule

__all__ = ["metadata_losses", "metadata_of"]

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_OID, "rulewright.sigma")
_STATUS = {"production": "test", "development": "experimental", "deprecated": "deprecated"}
_LICENSES = {"Elastic License v2": "Elastic-2.0"}
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*")
_ATTACK_LINK = re.compile(r"https?://attack\.mitre\.org/(?:techniques|tactics)/[\w./]*")
_WITHOUT_PLACE = (
    "risk_score", "risk_score_mapping", "severity_mapping", "interval", "from", "to", "note", "setup", "max_signals",
    "alert_suppression", "exceptions_list", "rule_name_override", "timestamp_override", "building_block_type",
    "timeline_id", "event_category_override", "timestamp_field", "tiebreaker_field", "actions", "response_actions",
)  # fmt: skip


def metadata_of(rule: Rule, log_source: LogSource) -> dict[str, Any]:
    """The values of the template, all but `detection`."""
    created, updated = (date.replace("/", "-") for date in (rule.metadata.creation_date, rule.metadata.updated_date))
    return {
        "title": _line(rule.name)[:256],
        "id": str(uuid.uuid5(_NAMESPACE, f"{rule.rule_id}:rule")),
        "related": rule.rule_id if _is_uuid(rule.rule_id) else None,
        "status": _STATUS.get(rule.metadata.maturity, "experimental"),
        "description": _line(rule.description)[:65_535],
        "license": _license(rule),
        "references": _unique(url for url in rule.references if not _ATTACK_LINK.fullmatch(url)),
        "author": ", ".join(rule.author),
        "date": created,
        "modified": updated if updated != created else None,
        "tags": _unique(_tags(rule)),
        "logsource": _log_source(rule, log_source),
        "fields": _unique(iter(rule.investigation_fields)),
        "falsepositives": _unique(text for text in map(_line, rule.false_positives) if len(text) > 1),
        "level": rule.severity,
    }


def metadata_losses(rule: Rule) -> Iterator[Loss]:
    """What the rule says and Sigma has no key for."""
    stated = rule.raw.get("rule", {})
    yield from (Loss("metadata", key) for key in _WITHOUT_PLACE if stated.get(key))
    if rule.license and not _license(rule):
        yield Loss("metadata", "license")


def _log_source(rule: Rule, log_source: LogSource) -> dict[str, str]:
    parts = {name: part for name, part in log_source._asdict().items() if part}
    return parts | ({"definition": f"Indices: {', '.join(rule.index)}"} if rule.index else {})


def _tags(rule: Rule) -> Iterator[str]:
    for threat in rule.threat:
        if threat.framework == "MITRE ATT&CK":
            yield "attack." + re.sub(r"[^a-z0-9]+", "-", threat.tactic.name.lower()).strip("-")
            for technique in threat.technique:
                yield from (f"attack.{entry.id.lower()}" for entry in (technique, *technique.subtechnique))


def _license(rule: Rule) -> str | None:
    license_ = rule.license or ""
    return _LICENSES.get(license_) or (license_ if _SPDX.fullmatch(license_) else None)


def _is_uuid(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _line(text: str) -> str:
    return " ".join(text.split())


def _unique(texts: Iterator[str]) -> list[str]:
    return list(dict.fromkeys(texts))
