"""EQL rules: they alert on each event, sequence or sample that their query finds."""

from collections.abc import Iterator

from rulewright_engine.rules.aspect import Fact
from rulewright_engine.rules.types.base import KeyField, RuleType, named_keys
from rulewright_schema.rule import EqlRule

__all__ = ["EqlType"]


class EqlType(RuleType[EqlRule]):
    title = "event correlation"

    def compared_fields(self, rule: EqlRule) -> Iterator[KeyField]:
        yield from super().compared_fields(rule)
        yield from named_keys(rule, "event_category_override", "timestamp_field", "tiebreaker_field")

    def facts(self, rule: EqlRule) -> Iterator[Fact]:
        yield Fact("Event category field", (rule.event_category_override or "",), code=True)
        yield Fact("Timestamp field", (rule.timestamp_field or "",), code=True)
        yield Fact("Tiebreaker field", (rule.tiebreaker_field or "",), code=True)
