"""What a check of a query is given, and the registry of these checks."""

from collections.abc import Iterator
from dataclasses import dataclass

from rulewright_engine.ir.expression import Condition
from rulewright_engine.rules.rule_query import RuleQuery
from rulewright_schema.checks import Registry, RuleContext

__all__ = ["QUERY_CHECKS", "TYPE_CHECKS", "QueryContext", "check", "check_type"]


@dataclass(frozen=True)
class QueryContext(RuleContext):
    """A rule and its query."""

    query: RuleQuery

    @property
    def conditions(self) -> Iterator[Condition]:
        """Every node of every condition of the query, outer ones first; none where the query is wrong."""
        query = self.query.parsed.query
        for condition in query.conditions if query else ():
            yield from condition.walk()


QUERY_CHECKS: Registry[QueryContext] = Registry()
"""Of queries in EQL, KQL and Lucene."""
TYPE_CHECKS: Registry[RuleContext] = Registry()
"""Of what a rule says beside its query, whatever its language."""

check = QUERY_CHECKS.check
check_type = TYPE_CHECKS.check
