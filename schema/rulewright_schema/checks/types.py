"""What a rule type asks of its own keys, beyond the schema."""

from collections.abc import Iterator, Sequence

from rulewright_schema.checks.context import RuleContext
from rulewright_schema.checks.registries import check
from rulewright_schema.codes.code import Code, Profile
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.files.positions import KeyPath
from rulewright_schema.rule import EsqlRule, MachineLearningRule, NewTermsRule, ThreatMatchRule, ThresholdRule

__all__ = ["CONTRADICTORY_MAPPING", "NO_INDEX", "REPEATED_FIELD", "TRIVIAL_THRESHOLD", "TWO_SOURCES"]

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
TRIVIAL_THRESHOLD = Code(
    code="RW243",
    name="trivial-threshold",
    level=Level.WARNING,
    title="a threshold is more than one event",
    why="At a threshold of 1 without cardinality every event raises an alert: a plain query says that better.",
    profile=Profile.ELASTIC,
    bad="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
threshold = { field = ["source.ip"], value = «1» }
""",
    good="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
threshold = { field = ["source.ip"], value = 20 }
""",
)
CONTRADICTORY_MAPPING = Code(
    code="RW244",
    name="contradictory-mapping",
    level=Level.ERROR,
    title="a group of threat mappings can match, and has an entry that is not negated",
    why="A group of negated entries alone would match nearly every event, and an entry beside its own negation none.",
    bad="""
[rule]
type = "threat_match"
language = "kuery"
query = "event.category : network"
threat_index = ["logs-ti_*"]
[[rule.threat_mapping]]
entries = [{ field = "source.ip", type = "mapping", value = "threat.indicator.ip", negate = «true» }]
""",
    good="""
[rule]
type = "threat_match"
language = "kuery"
query = "event.category : network"
threat_index = ["logs-ti_*"]
[[rule.threat_mapping]]
entries = [{ field = "source.ip", type = "mapping", value = "threat.indicator.ip" }]
""",
)


@check(TWO_SOURCES, NO_INDEX)
def check_source(context: RuleContext) -> Iterator[Diagnostic]:
    rule = context.rule
    if rule.index and rule.data_view_id is not None:
        message = "the rule has both `index` and `data_view_id`"
        yield context.report(TWO_SOURCES, ("rule", "data_view_id"), message, key=True, help="keep one of the two")
    elif not rule.index and rule.data_view_id is None and not isinstance(rule, EsqlRule | MachineLearningRule):
        message = "the rule does not say what it searches"
        yield context.report(NO_INDEX, ("rule",), message, help='add `index`, such as `index = ["logs-*"]`')


@check(REPEATED_FIELD)
def check_fields_differ(context: RuleContext) -> Iterator[Diagnostic]:
    rule = context.rule
    suppression = rule.alert_suppression
    if suppression is not None:
        yield from _repeated(context, ("rule", "alert_suppression", "group_by"), suppression.group_by)
    if isinstance(rule, NewTermsRule):
        yield from _repeated(context, ("rule", "new_terms", "value"), rule.new_terms.fields)
    if isinstance(rule, ThresholdRule):
        yield from _repeated(context, ("rule", "threshold", "field"), rule.threshold.field)


def _repeated(context: RuleContext, path: KeyPath, fields: Sequence[str]) -> Iterator[Diagnostic]:
    for index, field in enumerate(fields):
        if field in fields[:index]:
            message = f"field `{field}` is there twice"
            yield context.report(REPEATED_FIELD, (*path, index), message, help="remove it, or name another field")


@check(TRIVIAL_THRESHOLD)
def check_threshold(context: RuleContext) -> Iterator[Diagnostic]:
    rule = context.rule
    if isinstance(rule, ThresholdRule) and rule.threshold.value == 1 and not rule.threshold.cardinality:
        message = "a threshold of 1 is met by every event"
        help_ = "raise it, or use a rule of type `query`"
        yield context.report(TRIVIAL_THRESHOLD, ("rule", "threshold", "value"), message, help=help_)


@check(CONTRADICTORY_MAPPING)
def check_threat_mapping(context: RuleContext) -> Iterator[Diagnostic]:
    rule = context.rule
    if not isinstance(rule, ThreatMatchRule):
        return
    for index, group in enumerate(rule.threat_mapping):
        path: KeyPath = ("rule", "threat_mapping", index, "entries")
        positive = {(entry.field, entry.value) for entry in group if not entry.negate}
        negated = [(position, entry) for position, entry in enumerate(group) if entry.negate]
        if not positive and negated:
            message = "the group has negated entries only"
            help_ = "add an entry that is not negated"
            yield context.report(CONTRADICTORY_MAPPING, (*path, negated[0][0], "negate"), message, help=help_)
        for position, entry in negated:
            if (entry.field, entry.value) in positive:
                message = f"`{entry.field}` must both equal and not equal `{entry.value}`"
                yield context.report(
                    CONTRADICTORY_MAPPING, (*path, position, "negate"), message, help="remove one entry"
                )
