"""What a run of a rule gives: alerts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rulewright_engine.ir.expression import Scalar

__all__ = ["Alert", "AlertContent"]


@dataclass(frozen=True, slots=True)
class AlertContent:
    """`original_time` is the `@timestamp` of the event as text; None where it is not known.

    `highlighted` holds the values of those `investigation_fields` that the alert has. `enrichments` are objects as
    `threat.enrichments` holds them, without the id and the index of the indicator. `overrides` holds for each of
    `severity`, `risk_score` and `name` that the rule maps the field that decided, empty where it is the rule's own.
    """

    name: str
    severity: str
    risk_score: float
    original_time: str | None
    highlighted: Mapping[str, tuple[Any, ...]]
    enrichments: tuple[Mapping[str, Any], ...]
    overrides: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"name": self.name, "severity": self.severity, "risk_score": self.risk_score}
        if self.original_time is not None:
            said["original_time"] = self.original_time
        if self.highlighted:
            said["highlighted"] = {name: list(values) for name, values in self.highlighted.items()}
        if self.enrichments:
            said["enrichments"] = list(self.enrichments)
        return said


@dataclass(frozen=True, slots=True)
class Alert:
    """`events` are the positions of the events that raised it, -1 for the missing event of a sequence.

    `keys` are the values of the group or combination it stands for, `suppressed` the events that would have raised an
    alert of their own, were it not for this one. `columns` are the cells of an ES|QL row that are not null; an
    aggregated row has no document beside them.

    A sequence or sample raises one alert more for each of the events in `building_blocks`; those are building blocks
    that analysts see as parts of this one. `is_building_block` is of the rule: this alert is itself one, and hidden.
    `content` is what the alert says, where somebody asked for it.
    """

    events: tuple[int, ...]
    keys: tuple[Scalar, ...] = ()
    suppressed: tuple[int, ...] = ()
    is_building_block: bool = False
    columns: Mapping[str, Any] = field(default_factory=dict, compare=False)
    is_aggregated: bool = False
    building_blocks: tuple[int, ...] = ()
    content: AlertContent | None = field(default=None, compare=False)
