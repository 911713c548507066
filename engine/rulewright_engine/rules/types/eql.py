"""EQL rules: they alert on each event, sequence or sample that their query finds."""

from collections.abc import Iterator
from dataclasses import replace

from rulewright_engine.evaluate.run import newest
from rulewright_engine.ir.query import Query
from rulewright_engine.rules.aspect import Fact, Feature
from rulewright_engine.rules.compiled_rule import CompiledRule, limit_of
from rulewright_engine.rules.types.base import KeyField, RuleType, named_keys
from rulewright_schema.rule import EqlRule

__all__ = ["EqlType"]


class EqlType(RuleType[EqlRule]):
    title = "event correlation"
    groups_by_each_value = False
    suppresses_since = "8.14"

    def compared_fields(self, rule: EqlRule) -> Iterator[KeyField]:
        yield from super().compared_fields(rule)
        yield from named_keys(rule, "event_category_override", "timestamp_field", "tiebreaker_field")

    def features(self, rule: EqlRule) -> Iterator[Feature]:
        yield from super().features(rule)
        for path, _ in named_keys(rule, "event_category_override", "timestamp_field", "tiebreaker_field"):
            yield Feature(f"`{path[-1]}`", "8.0", path)

    def searched(self, compiled: CompiledRule) -> CompiledRule:
        """An EQL search answers with the newest results, so the limit comes before suppression."""
        assert isinstance(compiled.query, Query)  # Invariant: the structure of the file sees to it
        return replace(compiled, query=newest(compiled.query, limit_of(compiled.rule)))

    def facts(self, rule: EqlRule) -> Iterator[Fact]:
        yield Fact("Event category field", (rule.event_category_override or "",), code=True)
        yield Fact("Timestamp field", (rule.timestamp_field or "",), code=True)
        yield Fact("Tiebreaker field", (rule.tiebreaker_field or "",), code=True)
