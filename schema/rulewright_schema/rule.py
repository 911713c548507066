"""The rule model: one class a rule type, fields named as in the TOML file.

Source of the fields: the rule format of elastic/detection-rules. What a file leaves out is None or empty here, so a
rule can be written back and exported without inventing values; durations.py says what Kibana takes for them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

__all__ = [
    "AlertSuppression",
    "Cardinality",
    "EqlRule",
    "EsqlRule",
    "MachineLearningRule",
    "Metadata",
    "NewTerms",
    "NewTermsRule",
    "QueryRule",
    "Rule",
    "Tactic",
    "Technique",
    "Threat",
    "ThreatMapping",
    "ThreatMatchRule",
    "Threshold",
    "ThresholdRule",
    "Transform",
]

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """`[metadata]`: dates are `YYYY/MM/DD` texts; `integration` is always a tuple, though a file may hold one text."""

    creation_date: str
    updated_date: str
    maturity: str = "production"
    integration: tuple[str, ...] = ()
    min_stack_version: str | None = None
    min_stack_comments: str | None = None
    deprecation_date: str | None = None
    deprecated_reason: str | None = None
    bypass_bbr_timing: bool = False
    promotion: bool = False
    extra: Table = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Technique:
    id: str
    name: str
    reference: str
    subtechnique: tuple["Technique", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tactic:
    id: str
    name: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """One `[[rule.threat]]`: a tactic and the techniques that serve it; `framework_version` names ATT&CK's version."""

    framework: str
    tactic: Tactic
    technique: tuple[Technique, ...] = ()
    framework_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSuppression:
    """`duration` is `{value, unit}`; None suppresses within one run."""

    group_by: tuple[str, ...] = ()
    duration: tuple[int, str] | None = None
    missing_fields_strategy: str = "suppress"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """`[transform]`: the investigate and osquery entries that placeholders in `note` stand for."""

    investigate: tuple[Table, ...] = ()
    osquery: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What every rule has. `raw` is the file's data as TOML gave it, for exports and round trips."""

    metadata: Metadata
    name: str
    description: str
    author: tuple[str, ...]
    rule_id: str
    risk_score: int
    severity: str
    type: str
    license: str | None = None
    tags: tuple[str, ...] = ()
    index: tuple[str, ...] = ()
    data_view_id: str | None = None
    from_: str | None = None
    to: str | None = None
    interval: str | None = None
    threat: tuple[Threat, ...] = ()
    note: str | None = None
    setup: str | None = None
    references: tuple[str, ...] = ()
    false_positives: tuple[str, ...] = ()
    timestamp_override: str | None = None
    timestamp_override_fallback_disabled: bool = False
    investigation_fields: tuple[str, ...] = ()
    building_block_type: str | None = None
    max_signals: int | None = None
    filters: tuple[Table, ...] = ()
    exceptions_list: tuple[Table, ...] = ()
    alert_suppression: AlertSuppression | None = None
    enabled: bool | None = None
    timeline_id: str | None = None
    timeline_title: str | None = None
    severity_mapping: tuple[Table, ...] = ()
    risk_score_mapping: tuple[Table, ...] = ()
    rule_name_override: str | None = None
    transform: Transform = Transform()
    raw: Table = field(repr=False, compare=False)

    @property
    def query_text(self) -> str | None:
        """The query as written, or None for a rule type without one (machine_learning)."""
        return getattr(self, "query", None)

    @property
    def query_language(self) -> str | None:
        """`eql`, `kuery`, `lucene` or `esql`; None for machine_learning."""
        return getattr(self, "language", None)

    @classmethod
    def keys_of_type(cls) -> tuple[str, ...]:
        """The keys that rules of this type have and not every rule has."""
        common = {each.name for each in fields(Rule)}
        return tuple(each.name for each in fields(cls) if each.name not in common)

    @property
    def is_deprecated(self) -> bool:
        return self.metadata.maturity == "deprecated"

    @property
    def is_building_block(self) -> bool:
        return self.building_block_type is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class EqlRule(Rule):
    query: str
    language: str = "eql"
    event_category_override: str | None = None
    timestamp_field: str | None = None
    tiebreaker_field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRule(Rule):
    query: str
    language: str = "kuery"


@dataclass(frozen=True, slots=True, kw_only=True)
class EsqlRule(Rule):
    query: str
    language: str = "esql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cardinality:
    field: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """`field` empty means that all events form one group. Only the first cardinality entry counts in Kibana."""

    field: tuple[str, ...]
    value: int
    cardinality: tuple[Cardinality, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdRule(QueryRule):
    threshold: Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTerms:
    """`[rule.new_terms]`: the file wraps both in `{field, value}`; here they are plain."""

    fields: tuple[str, ...]
    history_window_start: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTermsRule(QueryRule):
    new_terms: NewTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatMapping:
    """One entry: the event's `field` equals the indicator's `value` field (does not, where `negate`)."""

    field: str
    value: str
    type: str = "mapping"
    negate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatMatchRule(QueryRule):
    """`threat_mapping` is an OR of groups; a group is an AND of entries, all of one indicator document."""

    threat_index: tuple[str, ...]
    threat_mapping: tuple[tuple[ThreatMapping, ...], ...]
    threat_query: str | None = None
    threat_language: str | None = None
    threat_indicator_path: str | None = None
    threat_filters: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineLearningRule(Rule):
    anomaly_threshold: int
    machine_learning_job_id: tuple[str, ...]
