"""What a check of a query is given, and the registry of these checks."""

from collections.abc import Iterator
from dataclasses import dataclass

from rulewright_engine.ir.expression import Condition
from rulewright_engine.rules.rule_query import RuleQuery
from rulewright_schema.checks import Registry, RuleContext
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Fix, Label
from rulewright_schema.source import Span

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

    def report_in_query(
        self,
        code: Code,
        span: Span,
        message: str,
        *,
        help: str,  # noqa: A002 (the field of a diagnostic)
        note: str = "",
        secondary: tuple[tuple[Span, str], ...] = (),
        fix: Fix | None = None,
    ) -> Diagnostic:
        """A problem at a place in the query; `secondary` are more places and what to say there."""
        labels = tuple(Label(place, text) for place, text in secondary)
        problem = code.report(message, span, help=help, note=note, secondary=labels, fix=fix)
        return problem.relocated(self.file.name, self.file.place(("rule", "query")))


QUERY_CHECKS: Registry[QueryContext] = Registry()
"""Of queries in EQL, KQL and Lucene."""
TYPE_CHECKS: Registry[RuleContext] = Registry()
"""Of what a rule says beside its query, whatever its language."""

check = QUERY_CHECKS.check
check_type = TYPE_CHECKS.check
