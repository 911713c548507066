"""The lints of ES|QL rules: queries that run and yet do not do what their author meant.

context.py   EsqlContext: a rule with its analysed query; the registry of these checks
patterns.py  RW590, RW591: characters that mean something else than they seem to
nulls.py     RW592, RW593: rows that null drops
alerting.py  RW594, RW595, RW596: what a rule needs for its alerts
columns.py   RW597, RW598, RW599: the columns that an alert shows
versions.py  RW574: what a stack that the rule supports answers otherwise

`esql_checks` runs all of them over a query without errors.
"""

from collections.abc import Iterable

from rulewright_engine.checks.esql import (
    alerting,
    columns,
    nulls,
    patterns,
    versions,
)
from rulewright_engine.checks.esql.context import ESQL_CHECKS, EsqlContext, esql_context
from rulewright_engine.esql.syntax import codes
from rulewright_engine.rules.rule_query import RuleQuery
from rulewright_schema.checks import RuleContext
from rulewright_schema.diagnostics import Diagnostic, Level

__all__ = ["CODE_MODULES", "EsqlContext", "esql_checks"]

CODE_MODULES = (codes, patterns, nulls, alerting, columns, versions)
"""The modules that define codes; importing one registers its pages."""


def esql_checks(context: RuleContext, query: RuleQuery) -> Iterable[Diagnostic]:
    """What an ES|QL query without errors says."""
    if any(problem.level is Level.ERROR for problem in query.parsed.diagnostics):
        return ()
    return ESQL_CHECKS.run(esql_context(context, query), context.config.profile)
