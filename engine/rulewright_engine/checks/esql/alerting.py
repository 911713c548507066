"""What a rule needs so that its rows become the alerts that they should."""

from collections.abc import Iterator
from dataclasses import replace

from rulewright_engine.checks.esql.context import EsqlContext, check
from rulewright_engine.esql.analysis.scope import matches
from rulewright_engine.esql.syntax.ast import From, Keep
from rulewright_schema.codes import Code, Profile
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.durations import DEFAULT_FROM, DEFAULT_INTERVAL, DEFAULT_TO, duration_ms, offset_ms

__all__ = ["ALERTS_REPEAT", "KEEP_MISSING", "METADATA_MISSING"]

ALERTS_REPEAT = Code(
    code="RW594",
    name="esql-alerts-repeat",
    level=Level.NOTE,
    title="the runs of an aggregating rule do not overlap",
    why="A row of STATS is no document, so nothing tells that an earlier run has raised an alert for the same events: "
    "what lies in the overlap of two runs is alerted twice.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
from = «"now-9m"»
interval = "5m"
query = '''
from logs-*
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.*
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
from = "now-6m"
interval = "5m"
query = '''
from logs-*
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.*
'''
""",
)
METADATA_MISSING = Code(
    code="RW595",
    name="esql-metadata",
    level=Level.WARNING,
    title="a rule that does not aggregate asks for the identity of its documents, and keeps it",
    why="Alerts are told apart by `_id`, `_version` and `_index`. Without them every run raises the same alert again, "
    "and the alert lacks the document's fields.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
«from logs-*»
| where user.name == "root"
| keep user.name
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-* metadata _id, _version, _index
| where user.name == "root"
| keep user.name, _id, _version, _index
'''
""",
)
KEEP_MISSING = Code(
    code="RW596",
    name="esql-keep",
    level=Level.ERROR,
    title="a rule says with KEEP which columns its alerts have",
    why="Without it every field of every index ends up in the alert, and a change of a mapping changes the alerts.",
    profile=Profile.ELASTIC,
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
«from logs-*
| stats Esql.event_count = count(*) by host.id»
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats Esql.event_count = count(*) by host.id
| keep host.id, Esql.*
'''
""",
)

_IDENTITY = ("_id", "_version", "_index")
_GRACE = 60_000
"""What a run may look back further than the interval, for events that arrive late."""


@check(ALERTS_REPEAT)
def check_overlap(context: EsqlContext) -> Iterator[Diagnostic]:
    rule = context.rule
    start, end = offset_ms(rule.from_ or DEFAULT_FROM), offset_ms(rule.to or DEFAULT_TO)
    every = rule.interval or DEFAULT_INTERVAL
    interval = duration_ms(every)
    if not context.aggregates or start is None or end is None or interval is None:
        return
    if end - start > interval + _GRACE:
        yield context.report(
            ALERTS_REPEAT,
            ("rule", "from"),
            f"each run looks back from `{rule.from_ or DEFAULT_FROM}`, and there is one every `{every}`",
            help="bring `from` and `interval` together, or suppress repeated alerts with `alert_suppression`",
        )


@check(METADATA_MISSING)
def check_metadata(context: EsqlContext) -> Iterator[Diagnostic]:
    source = context.query.commands[0]
    if not isinstance(source, From):
        return
    asked = {name.text for name in source.metadata}
    if context.aggregates:
        if asked.intersection(_IDENTITY) and not _uses_metadata(context, asked):
            problem = context.report_in_query(
                METADATA_MISSING,
                source.metadata[0].span,
                "metadata columns are lost in STATS: they only cost",
                help="leave METADATA out of a query that aggregates",
            )
            yield replace(problem, level=Level.NOTE)
        return
    missing = [name for name in _IDENTITY if name not in asked]
    if missing:
        yield context.report_in_query(
            METADATA_MISSING,
            source.span,
            f"the query does not ask for {', '.join(f'`{name}`' for name in missing)}",
            help="write `metadata _id, _version, _index` behind the indices",
        )
        return
    for command in context.query.commands:
        lost = [name for name in _IDENTITY if isinstance(command, Keep) and not _keeps(command, name)]
        if lost:
            yield context.report_in_query(
                METADATA_MISSING,
                command.span,
                f"this KEEP loses {', '.join(f'`{name}`' for name in lost)}",
                help="add them to the columns that are kept",
            )
            return


def _uses_metadata(context: EsqlContext, asked: set[str]) -> bool:
    """Whether the query computes with a metadata column, `_index` say."""
    return any(column.metadata and column.name in asked for column in context.analysis.loaded.values())


def _keeps(command: Keep, name: str) -> bool:
    return any(matches(pattern, name) for pattern in command.patterns)


@check(KEEP_MISSING)
def check_keep(context: EsqlContext) -> Iterator[Diagnostic]:
    commands = context.query.commands
    if not any(isinstance(command, Keep) for command in commands):
        span = commands[0].span.to(commands[-1].span)
        yield context.report_in_query(
            KEEP_MISSING,
            span,
            "the query has no KEEP",
            help="end it with `| keep` and the columns that an analyst needs",
        )
