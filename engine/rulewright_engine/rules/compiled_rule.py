"""A rule as it runs."""

from dataclasses import dataclass

from rulewright_engine.ir.expression import Condition, Constant
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.ir.query import AnyQuery, EsqlQuery, Query, QueryOptions
from rulewright_schema.limits import DEFAULT_MAX_SIGNALS
from rulewright_schema.rule import Rule

__all__ = ["CompiledRule", "limit_of"]

_ALL = Constant(True)


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule that can be run, as it runs at `now` (epoch milliseconds).

    `query` holds the rule's filters, too. `indicators` is what the documents of a threat_match rule's indices must
    meet.
    """

    rule: Rule
    query: AnyQuery
    fields: CatalogueFields
    options: QueryOptions
    indicators: Condition = _ALL

    @property
    def now(self) -> int:
        return self.options.now

    @property
    def esql(self) -> EsqlQuery | None:
        """The query of an ES|QL rule; None where the query is about events."""
        return None if isinstance(self.query, Query) else self.query


def limit_of(rule: Rule) -> int:
    """The most alerts of one run."""
    return rule.max_signals if rule.max_signals is not None else DEFAULT_MAX_SIGNALS
