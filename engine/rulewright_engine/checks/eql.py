"""EQL that runs here and can fail in production."""

from collections.abc import Iterator

from rulewright_engine.checks.context import QueryContext, check
from rulewright_engine.evaluate.functions import FUNCTIONS
from rulewright_engine.ir.expression import Call, Leaf
from rulewright_engine.ir.query import Language
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level

__all__ = ["FAILING_FUNCTION"]

FAILING_FUNCTION = Code(
    code="RW525",
    name="eql-failing-function",
    level=Level.WARNING,
    title="a function takes what every event can give it",
    why="Elasticsearch fails the whole search at the first event that has another value: the rule finds nothing, in no "
    "event. No condition beside it is certain to be asked first.",
    bad="""
[rule]
query = 'process where «number(process.command_line) > 5»'
""",
    good="""
[rule]
query = 'process where process.pid > 5'
""",
)


@check(FAILING_FUNCTION)
def check_failing_functions(context: QueryContext) -> Iterator[Diagnostic]:
    if context.query.language is not Language.EQL:
        return
    for node in context.conditions:
        for call in node.value.find(Call) if isinstance(node, Leaf) else ():
            function = FUNCTIONS[call.function]
            if function.fails_on and any(call.arguments[0].fields()):
                yield context.report_in_query(
                    FAILING_FUNCTION,
                    node.span,
                    f"{function.fails_on} fails the whole search",
                    help="compare a field of the type that is wanted, or use an ES|QL rule: its functions give null",
                )
