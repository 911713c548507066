"""The fields that a rule names outside its query."""

from collections.abc import Iterator

from rulewright_engine.checks.context import check_type
from rulewright_engine.rules.types import type_of
from rulewright_schema.checks import RuleContext
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Edit, Fix, Level
from rulewright_schema.files.positions import KeyPath

__all__ = ["LIST_IN_KEY", "UNKNOWN_GROUP_FIELD", "UNSUITABLE_GROUP_FIELD"]

UNKNOWN_GROUP_FIELD = Code(
    code="RW310",
    name="unknown-field-of-key",
    level=Level.ERROR,
    title="the fields by which events are grouped, compared or ordered exist",
    why="No event has the field, so the rule never raises an alert, or folds all alerts into one. Fields of your own "
    "go into `[tool.rulewright.fields]`.",
    bad="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
threshold = { field = [«"source.adress"»], value = 20 }
""",
    good="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
threshold = { field = ["source.address"], value = 20 }
""",
)
UNSUITABLE_GROUP_FIELD = Code(
    code="RW311",
    name="unsuitable-field-of-key",
    level=Level.ERROR,
    title="the fields by which events are grouped hold whole values",
    why="Elasticsearch cannot group by analysed text, or by an object: every run of the rule fails.",
    bad="""
[rule]
alert_suppression = { group_by = [«"message"»] }
""",
    good="""
[rule]
alert_suppression = { group_by = ["event.code"] }
""",
)

LIST_IN_KEY = Code(
    code="RW312",
    name="list-in-key",
    level=Level.WARNING,
    title="a group of several threat mappings compares fields of a single value",
    why="When a run has fewer events than indicators, Kibana asks from the events and skips a group of several "
    "entries for each event that has a list in one of them: the rule is silent on it, and no error tells so.",
    bad="""
[rule]
type = "threat_match"
language = "kuery"
query = "event.category : network"
threat_index = ["logs-ti_*"]
[[rule.threat_mapping]]
entries = [
  { field = «"host.ip"», type = "mapping", value = "threat.indicator.ip" },
  { field = "destination.port", type = "mapping", value = "threat.indicator.port" },
]
""",
    good="""
[rule]
type = "threat_match"
language = "kuery"
query = "event.category : network"
threat_index = ["logs-ti_*"]
[[rule.threat_mapping]]
entries = [
  { field = "destination.ip", type = "mapping", value = "threat.indicator.ip" },
  { field = "destination.port", type = "mapping", value = "threat.indicator.port" },
]
""",
)

UNGROUPABLE = {"text", "match_only_text", "object", "nested"}


@check_type(UNKNOWN_GROUP_FIELD, UNSUITABLE_GROUP_FIELD)
def check_fields(context: RuleContext) -> Iterator[Diagnostic]:
    rule_type = type_of(context.rule)
    for path, name in rule_type.grouping_fields(context.rule):
        entry = context.config.catalogue.lookup(name)
        if entry is None:
            yield _unknown(context, path, name)
        elif entry.type in UNGROUPABLE:
            message = f"`{name}` is {entry.type}, by which events cannot be grouped"
            help_ = "choose a field of type keyword, number, date, boolean or ip"
            yield context.report(UNSUITABLE_GROUP_FIELD, path, message, help=help_, note=f"according to {entry.source}")
    for path, name in rule_type.compared_fields(context.rule):
        if context.config.catalogue.lookup(name) is None:
            yield _unknown(context, path, name)


@check_type(LIST_IN_KEY)
def check_single_fields(context: RuleContext) -> Iterator[Diagnostic]:
    for path, name in type_of(context.rule).single_fields(context.rule):
        entry = context.config.catalogue.lookup(name)
        if entry is not None and entry.array:
            message = f"`{name}` is a list, and a run may skip the group for events with several values"
            help_ = "map a field of one value, or give the entry a group of its own"
            note = f"according to {entry.source}"
            yield context.report(LIST_IN_KEY, path, message, help=help_, note=note)


def _unknown(context: RuleContext, path: KeyPath, name: str) -> Diagnostic:
    near = context.config.catalogue.nearest(name)
    return context.report(
        UNKNOWN_GROUP_FIELD,
        path,
        f"unknown field `{name}`",
        help=f"did you mean `{near}`?" if near else "correct it, or declare it in `[tool.rulewright.fields]`",
        fix=Fix((Edit(context.file.span_of(path), f'"{near}"'),), safe=False) if near else None,
    )
