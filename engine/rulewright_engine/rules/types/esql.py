"""ES|QL rules: each row of the query's result is an alert."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rulewright_engine.evaluate.outside import outside_of
from rulewright_engine.ir.query import EsqlQuery
from rulewright_engine.rules.alert import Alert
from rulewright_engine.rules.aspect import Feature
from rulewright_engine.rules.compiled_rule import CompiledRule, limit_of
from rulewright_engine.rules.documents import Documents
from rulewright_engine.rules.types.base import Finder, KeyField, RuleType
from rulewright_schema.rule import EsqlRule

if TYPE_CHECKING:  # most rule sets hold no ES|QL
    from rulewright_engine.esql.execution.alerts import RowAlert as Row

__all__ = ["EsqlType", "alert_of_row"]


class EsqlType(RuleType[EsqlRule]):
    title = "ES|QL"
    family = "esql"
    compared_as_text = "an ES|QL rule"
    compared_by_runs = True
    judges_single_events = False
    alerts_on_single_events = False
    groups_by_each_value = False
    since = "8.11"
    suppresses_since = "8.15"

    needs_index = False

    def grouping_fields(self, rule: EsqlRule) -> Iterator[KeyField]:
        """None: the columns that a query computes are no fields of the events."""
        yield from ()

    def features(self, rule: EsqlRule) -> Iterator[Feature]:
        from rulewright_engine.esql.analysis.versions import dated

        yield from super().features(rule)
        for name, since, span in dated(rule.query):
            yield Feature(f"`{name}`", since, ("rule", "query"), span)

    def finder(self, compiled: CompiledRule) -> Finder:
        from rulewright_engine.esql.execution.alerts import Alerts, rule_alerts

        query, limit = compiled.query, limit_of(compiled.rule)
        assert isinstance(query, EsqlQuery)  # Invariant: the structure of the file sees to it

        def found(documents: Documents) -> list[Alert]:
            result = rule_alerts(
                query.text,
                documents.searched,
                compiled.fields,
                now=compiled.now,
                outside=outside_of(documents.answers, documents.lookups),
                max_signals=limit,
            )
            rows = result.alerts if isinstance(result, Alerts) else ()
            return [alert_of_row(row, documents.current) for row in rows]

        return found


def alert_of_row(row: "Row", positions: Sequence[int]) -> Alert:
    """The alert of a row of events that stand at these positions."""
    events = tuple(positions[index] for index in row.events)
    return Alert(events, columns=row.columns, is_aggregated=row.is_aggregated)
