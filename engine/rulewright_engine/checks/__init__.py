"""The checks that read the query of a rule.

context.py     QueryContext: a rule with its query, read once; the registry of these checks
literals.py    values that can never be met, and lists that say a thing twice
kql.py         KQL that is accepted and asks for something else
eql.py         EQL that runs here and can fail in production
rule_types.py  what a rule says beside its query: source, exceptions, the keys of its type; rule_fields.py: its fields
stack.py       what the lowest stack version of the rule lacks
proven.py      what the solver proves: conditions that can never be met, and those that make no difference
timing.py      what a sequence's time span asks of the schedule
esql/          the lints of ES|QL

`query_checks` is a pass of `rulewright_schema.checks.check_rules`; it also reports what is wrong with the query itself.
To add a check, see the map of `rulewright_schema.checks`; the decorator is `context.check`.
"""

from collections.abc import Iterable, Iterator, Sequence

from rulewright_engine.checks import eql, kql, literals, proven, rule_fields, rule_types, stack, timing
from rulewright_engine.checks.context import QUERY_CHECKS, TYPE_CHECKS, QueryContext
from rulewright_engine.checks.proven import proven_problems
from rulewright_engine.ir.query import Language
from rulewright_engine.languages import field_codes
from rulewright_engine.languages.eql import codes as eql_codes
from rulewright_engine.languages.filters import codes as filter_codes
from rulewright_engine.languages.kql import codes as kql_codes
from rulewright_engine.languages.lucene import codes as lucene_codes
from rulewright_engine.rules import Compilation, compile_rule
from rulewright_engine.rules import codes as type_codes
from rulewright_engine.rules.rule_query import RuleQuery
from rulewright_schema.checks import RuleContext, check_rules
from rulewright_schema.config import Config
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.files.load import RuleFile

__all__ = ["CODE_MODULES", "QUERY_CHECKS", "QueryContext", "check_rule_file", "query_checks"]

CODE_MODULES = (
    field_codes,
    eql_codes,
    kql_codes,
    lucene_codes,
    filter_codes,
    type_codes,
    literals,
    eql,
    kql,
    rule_types,
    rule_fields,
    stack,
    timing,
    proven,
)
"""The modules of this package that define codes; importing one registers its pages. Rule types bring their own."""


def query_checks(context: RuleContext) -> Iterable[Diagnostic]:
    """What is wrong with the query of a rule and its filters, and with what they say."""
    compilation = compile_rule(context.rule, context.config)
    problems = [located.placed(context.file) for located in compilation.problems]
    problems += TYPE_CHECKS.run(context, context.config.profile)
    if compilation.query is not None:
        problems += _language_checks(context, compilation, compilation.query, problems)
    return problems


def _language_checks(
    context: RuleContext, compilation: Compilation, query: RuleQuery, said: Sequence[Diagnostic]
) -> Iterator[Diagnostic]:
    """What the query itself says; `said` is not said again."""
    if query.language is Language.ESQL:
        from rulewright_engine.checks.esql import esql_checks  # imported late: most rule sets hold no ES|QL

        yield from esql_checks(context, query)
        return
    found = QueryContext(context.file, context.rule, context.config, query)
    problems = [*said, *QUERY_CHECKS.run(found, context.config.profile)]
    yield from problems[len(said) :]
    if compilation.compiled is not None and not context.rule.is_deprecated:
        yield from proven_problems(found, compilation.compiled, problems)


def check_rule_file(file: RuleFile, config: Config) -> list[Diagnostic]:
    """All that is wrong with one file, its query included."""
    return check_rules([file], config, passes=[query_checks])
