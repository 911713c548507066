"""What a rule says that its type, or a run outside of a cluster, passes over."""

from collections.abc import Iterator

from rulewright_engine.checks.context import check_type
from rulewright_schema.checks import RuleContext
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.rule import ThresholdRule

__all__ = ["IGNORED_CARDINALITY", "UNKNOWN_EXCEPTIONS"]

UNKNOWN_EXCEPTIONS = Code(
    code="RW571",
    name="unknown-exceptions",
    level=Level.NOTE,
    title="all that decides about an alert stands in the rule file",
    why="The items of an exception list live in Kibana. Cases run as if the list were empty, so in a cluster the rule "
    "can raise fewer alerts than its cases say.",
    bad="""
[[rule.exceptions_list]]
id = "endpoint_list"
list_id = «"endpoint_list"»
namespace_type = "agnostic"
type = "endpoint"
""",
    good="""
[rule]
query = 'process where process.name == "nc" and not user.name == "monitoring"'
""",
)
IGNORED_CARDINALITY = Code(
    code="RW572",
    name="ignored-cardinality",
    level=Level.WARNING,
    title="a threshold has at most one cardinality, of a field that does not form the groups",
    why="Kibana reads the first cardinality and ignores the others, and refuses one of a field that forms the groups: "
    "within a group it has one value.",
    bad="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
[rule.threshold]
field = ["source.ip"]
value = 20
cardinality = [{ field = "user.name", value = 5 }, { field = «"host.id"», value = 2 }]
""",
    good="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
[rule.threshold]
field = ["source.ip"]
value = 20
cardinality = [{ field = "user.name", value = 5 }]
""",
)


@check_type(UNKNOWN_EXCEPTIONS)
def check_exceptions(context: RuleContext) -> Iterator[Diagnostic]:
    for index, exceptions in enumerate(context.rule.exceptions_list):
        name = exceptions.get("list_id", "")
        yield context.report(
            UNKNOWN_EXCEPTIONS,
            ("rule", "exceptions_list", index, "list_id"),
            f"the exceptions of `{name}` are not known offline",
            help="nothing to mend; an exception that always holds belongs into the query",
        )


@check_type(IGNORED_CARDINALITY)
def check_cardinality(context: RuleContext) -> Iterator[Diagnostic]:
    if not isinstance(context.rule, ThresholdRule):
        return
    threshold = context.rule.threshold
    for index, cardinality in enumerate(threshold.cardinality):
        path: KeyPath = ("rule", "threshold", "cardinality", index, "field")
        if index > 0:
            help_ = "remove it, or make it the only one"
            message = f"the cardinality of `{cardinality.field}` is ignored: only the first one counts"
            yield context.report(IGNORED_CARDINALITY, path, message, help=help_)
        elif cardinality.field in threshold.field:
            message = f"`{cardinality.field}` forms the groups, so each has one value of it"
            yield context.report(IGNORED_CARDINALITY, path, message, help="count the values of another field")
