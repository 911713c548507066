"""The lints of ES|QL rules: queries that run and yet do not do what their author meant.

context.py   EsqlContext: a rule with its analysed query; the registry of these checks
patterns.py  RW590, RW591: characters that mean something else than they seem to
nulls.py     RW592, RW593: rows that null drops
alerting.py  RW594, RW595, RW596: what a rule needs for its alerts
columns.py   RW597, RW598, RW599: the columns that an alert shows

`esql_checks` is a pass of `rulewright_schema.checks.check_rules`; it also reports what is wrong with the query itself.
"""

from collections.abc import Iterable

from rulewright_engine.checks.esql import (
    alerting,
    columns,
    nulls,
    patterns,
)
from rulewright_engine.checks.esql.context import ESQL_CHECKS, EsqlContext, esql_context
from rulewright_engine.esql.syntax import codes
from rulewright_schema.checks import RuleContext
from rulewright_schema.diagnostics import Diagnostic, Level

__all__ = ["CODE_MODULES", "EsqlContext", "esql_checks"]

CODE_MODULES = (codes, patterns, nulls, alerting, columns)
"""The modules that define codes; importing one registers its pages."""


def esql_checks(context: RuleContext) -> Iterable[Diagnostic]:
    """What is wrong with the query of an ES|QL rule, and with what it says. The lints want a query without errors."""
    found = esql_context(context)
    if found is None:
        return
    place = context.file.place(("rule", "query"))
    for problem in found.analysis.diagnostics:
        yield problem.relocated(context.file.name, place)
    if all(problem.level is not Level.ERROR for problem in found.analysis.diagnostics):
        yield from ESQL_CHECKS.run(found, context.config.profile)
