"""What a rule says beside its query: its source, its fields, its exceptions, and the keys of its type."""

from collections.abc import Iterator

from rulewright_engine.checks.context import check_type
from rulewright_engine.rules.types import RULE_TYPES, type_of
from rulewright_schema.checks import RuleContext
from rulewright_schema.codes import Code, Profile
from rulewright_schema.diagnostics import Diagnostic, Level

__all__ = ["NO_INDEX", "REPEATED_FIELD", "TWO_SOURCES", "UNKNOWN_EXCEPTIONS"]

TWO_SOURCES = Code(
    code="RW240",
    name="two-sources",
    level=Level.ERROR,
    title="a rule searches an index or a data view, not both",
    why="Kibana uses the data view and ignores the index patterns, so the rule does not search what it says.",
    bad="""
[rule]
index = ["logs-endpoint.events.*"]
«data_view_id» = "logs-*"
""",
    good="""
[rule]
index = ["logs-endpoint.events.*"]
""",
)
NO_INDEX = Code(
    code="RW241",
    name="no-index",
    level=Level.WARNING,
    title="a rule says what it searches",
    why="Without an index Kibana searches its default indices, which differ from one installation to the next.",
    profile=Profile.ELASTIC,
    bad="""
«[rule]»
# without index
""",
    good="""
[rule]
index = ["logs-endpoint.events.*"]
""",
)
REPEATED_FIELD = Code(
    code="RW242",
    name="repeated-field",
    level=Level.ERROR,
    title="the fields that form a group or a combination differ",
    why="The second mention changes nothing; most often another field was meant. Kibana refuses repeated new terms.",
    bad="""
[rule]
alert_suppression = { group_by = ["host.id", «"host.id"»] }
""",
    good="""
[rule]
alert_suppression = { group_by = ["host.id", "user.id"] }
""",
)
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


@check_type(TWO_SOURCES, NO_INDEX)
def check_source(context: RuleContext) -> Iterator[Diagnostic]:
    rule = context.rule
    if rule.index and rule.data_view_id is not None:
        message = "the rule has both `index` and `data_view_id`"
        yield context.report(TWO_SOURCES, ("rule", "data_view_id"), message, key=True, help="keep one of the two")
    elif not rule.index and rule.data_view_id is None and type_of(rule).needs_index:
        message = "the rule does not say what it searches"
        yield context.report(NO_INDEX, ("rule",), message, help='add `index`, such as `index = ["logs-*"]`')


@check_type(REPEATED_FIELD)
def check_fields_differ(context: RuleContext) -> Iterator[Diagnostic]:
    for path, names in type_of(context.rule).field_lists(context.rule):
        for index, name in enumerate(names):
            if name in names[:index]:
                message = f"field `{name}` is there twice"
                yield context.report(REPEATED_FIELD, (*path, index), message, help="remove it, or name another field")


@check_type(UNKNOWN_EXCEPTIONS)
def check_exceptions(context: RuleContext) -> Iterator[Diagnostic]:
    if context.rule.query_text is None:
        return
    for index, exceptions in enumerate(context.rule.exceptions_list):
        name = exceptions.get("list_id", "")
        yield context.report(
            UNKNOWN_EXCEPTIONS,
            ("rule", "exceptions_list", index, "list_id"),
            f"the exceptions of `{name}` are not known offline",
            help="nothing to mend; an exception that always holds belongs into the query",
        )


@check_type(*(code for each in RULE_TYPES.values() for code in each.codes))
def check_keys_of_type(context: RuleContext) -> Iterator[Diagnostic]:
    """What the type of a rule says of its own keys."""
    return (located.placed(context.file) for located in type_of(context.rule).problems(context.rule))
