"""What a check of a query is given, and the registry of these checks."""

from collections.abc import Iterator
from dataclasses import dataclass

from rulewright_engine.ir.expression import Condition
from rulewright_engine.rules.rule_query import RuleQuery, rule_query
from rulewright_schema.checks import Registry, RuleContext
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Fix, Label
from rulewright_schema.source import Span

__all__ = ["QUERY_CHECKS", "QueryContext", "check", "query_context"]


@dataclass(frozen=True)
class QueryContext(RuleContext):
    """A rule and its query."""

    query: RuleQuery

    @property
    def conditions(self) -> Iterator[Condition]:
        """Every node of every condition of the query, outer ones first; none where the query is wrong."""
        if self.query.parsed.query is not None:
            for condition in self.query.parsed.query.conditions:
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

check = QUERY_CHECKS.check


def query_context(context: RuleContext) -> QueryContext | None:
    """The rule with its query; None for a rule without one."""
    query = rule_query(context.rule, context.config)
    return None if query is None else QueryContext(context.file, context.rule, context.config, query)
