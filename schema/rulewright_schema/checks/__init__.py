"""The checks of a rule that need no query. `check_rules(files, config)` runs them all.

registry.py, registries.py  which checks there are; context.py  what a check is given; run.py  runs them
examples.py                 completes the examples of a code's page to whole files
identity, metadata, scoring, timing, threat (its pages: threat_codes), guide   the checks, by what they look at

To add a check, define its page and a generator of diagnostics in the module it belongs to:

    MISPLACED = Code(code="RW2xx", name="...", level=Level.ERROR, title=..., why=..., bad=..., good=...)

    @check(MISPLACED)
    def check_something(context: RuleContext) -> Iterator[Diagnostic]:
        if context.rule.severity == ...:
            yield context.report(MISPLACED, ("rule", "severity"), "message", help="what to do")

A test runs `bad` (one diagnostic, where `«»` stands) and `good` (none) of every page.

Checks that read the query, or ask the type of a rule, live in the engine and use the same parts: a context of its own
with what it parsed,

    @dataclass(frozen=True)
    class QueryContext(RuleContext):
        parsed: Parsed

    QUERY_CHECKS: Registry[QueryContext] = Registry()
    check = QUERY_CHECKS.check

    def query_checks(context: RuleContext) -> Iterable[Diagnostic]: ...   # builds a QueryContext, runs QUERY_CHECKS

and the function is handed over as one of the passes: `check_rules(files, config, passes=[query_checks])`. Problems
at a place in the query are made by `context.report_in_query`; those of a parser come to the file by `file.placed`.
"""

from rulewright_schema.checks.context import Collection, RuleContext
from rulewright_schema.checks.registry import Registry
from rulewright_schema.checks.run import CHECK_MODULES, Pass, check_rules

__all__ = ["CHECK_MODULES", "Collection", "Pass", "Registry", "RuleContext", "check_rules"]
