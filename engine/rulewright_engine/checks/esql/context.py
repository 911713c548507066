"""What a lint of ES|QL is given, and the registry of these lints."""

from collections.abc import Iterator
from dataclasses import dataclass

from rulewright_engine.esql.analysis.analyze import Analysis
from rulewright_engine.esql.analysis.plan import Column as PlanColumn
from rulewright_engine.esql.analysis.query import analysis_of
from rulewright_engine.esql.analysis.scope import Scope
from rulewright_engine.esql.syntax.ast import (
    Call,
    Column,
    Command,
    Query,
    is_aggregating,
)
from rulewright_engine.esql.syntax.traversal import calls_of
from rulewright_engine.ir.fields import CatalogueFields
from rulewright_engine.rules.rule_query import RuleQuery
from rulewright_schema.checks import Registry, RuleContext
from rulewright_schema.source import Span

__all__ = ["ESQL_CHECKS", "EsqlContext", "check", "esql_context"]


@dataclass(frozen=True)
class EsqlContext(RuleContext):
    """A rule and its query, parsed and typed."""

    analysis: Analysis
    fields: CatalogueFields

    @property
    def query(self) -> Query:
        return self.analysis.query

    @property
    def aggregates(self) -> bool:
        return is_aggregating(self.analysis.query)

    @property
    def steps(self) -> Iterator[tuple[Command, Scope]]:
        """Each command but the first, with the columns that it finds."""
        yield from zip(self.query.commands[1:], self.analysis.scopes, strict=False)

    @property
    def calls(self) -> Iterator[tuple[Call, Command]]:
        """Every call of every command, outer ones first."""
        for command in self.query.commands:
            yield from ((call, command) for call in calls_of(command))

    @staticmethod
    def field_of(node: Column, scope: Scope) -> PlanColumn | None:
        """The column of an event that a name stands for; None for one that the query computes."""
        found = scope.lookup(node.name)
        return found if found is not None and found.field is not None else None

    def source(self, span: Span) -> str:
        return self.query.text[span.start : span.end]


ESQL_CHECKS: Registry[EsqlContext] = Registry()

check = ESQL_CHECKS.check


def esql_context(context: RuleContext, query: RuleQuery) -> EsqlContext:
    """The rule with its analysed query."""
    analysis = analysis_of(query.text, query.fields, query.options.now)
    return EsqlContext(context.file, context.rule, context.config, analysis, query.fields)
