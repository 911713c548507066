"""What a stack that the rule supports answers otherwise."""

from collections.abc import Iterator

from rulewright_engine.checks.esql.context import EsqlContext, check
from rulewright_engine.checks.stack import lowest_stack
from rulewright_engine.esql.analysis.plan import EventTest, Filter
from rulewright_engine.ir.expression import Equals, Field, FieldType, Leaf, MatchesGlob
from rulewright_engine.values.patterns.glob import Wild
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.stack import lacks

__all__ = ["FOLDED_BY_OLD_STACK"]

FOLDED_BY_OLD_STACK = Code(
    code="RW574",
    name="kql-folded-by-old-stack",
    level=Level.NOTE,
    title="`KQL()` finds the same on all stack versions that a rule supports",
    why="From 8.17 to 9.1 `KQL()` in ES|QL paid no attention to case on keyword fields, until it was mended in October "
    "2025. Here, and since then in production, case counts there, unless `case_insensitive` says otherwise.",
    bad="""
[metadata]
min_stack_version = "9.1.0"
min_stack_comments = "What this rule needs came with 9.1."
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-* metadata _id, _version, _index
| where «kql»("process.name: nc")
| keep process.name, _id, _version, _index
'''
""",
    good="""
[metadata]
min_stack_version = "9.2.0"
min_stack_comments = "What this rule needs came with 9.2."
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-* metadata _id, _version, _index
| where kql("process.name: nc")
| keep process.name, _id, _version, _index
'''
""",
)

_FOLDS = "8.17"
_MENDED = "9.2"


@check(FOLDED_BY_OLD_STACK)
def check_folding(context: EsqlContext) -> Iterator[Diagnostic]:
    """Once, where KQL() first asks a keyword for a text whose case matters."""
    lowest = lowest_stack(context)
    if lowest is None or lacks(lowest, _FOLDS) or not lacks(lowest, _MENDED):
        return
    conditions = [step.condition for step in context.analysis.steps if isinstance(step, Filter)]
    tests = {test.span: test for condition in conditions for test in condition.find(EventTest)}
    for call, _ in context.calls:
        test = tests.get(call.span) if call.function == "kql" else None
        if test is not None and any(map(_minds_case, test.condition.leaves())):
            message = f"a stack of version {lowest} may pay no attention to case in this `KQL()`"
            help_ = f"set `min_stack_version` to {_MENDED}.0 or later, or write the condition in ES|QL"
            yield context.report_in_query(FOLDED_BY_OLD_STACK, call.name, message, help=help_)
            return


def _minds_case(leaf: Leaf) -> bool:
    """Whether a condition asks an exact text that has letters."""
    if not isinstance(leaf.value, Field) or leaf.value.type is not FieldType.KEYWORD:
        return False
    match leaf.test:
        case Equals(str(text), insensitive=False):
            return text.lower() != text.upper()
        case MatchesGlob(parts, insensitive=False):
            return any(part.lower() != part.upper() for part in parts if not isinstance(part, Wild))
        case _:
            return False
