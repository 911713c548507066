"""What the time span of a sequence asks of the rule's schedule."""

from collections.abc import Iterator

from rulewright_engine.checks.context import QueryContext, check
from rulewright_engine.ir.query import Sequence
from rulewright_schema.codes import Code, Profile
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.durations import (
    DEFAULT_FROM,
    DEFAULT_INTERVAL,
    DEFAULT_TO,
    duration_ms,
    duration_text,
    offset_ms,
    time_words,
)

__all__ = ["SPAN_BEYOND_INTERVAL", "SPAN_BEYOND_LOOK_BACK"]

SPAN_BEYOND_LOOK_BACK = Code(
    code="RW523",
    name="maxspan-beyond-look-back",
    level=Level.ERROR,
    title="a run looks back as far as a sequence may take",
    why="A run sees only the events since `from`; the first events of a longer sequence are never among them. Ten "
    "minutes of grace are given.",
    profile=Profile.ELASTIC,
    bad="""
[rule]
from = «"now-19m"»
interval = "15m"
query = 'sequence by host.id with maxspan=30m [process where true] [network where true]'
""",
    good="""
[rule]
from = "now-40m"
interval = "30m"
query = 'sequence by host.id with maxspan=30m [process where true] [network where true]'
""",
)
SPAN_BEYOND_INTERVAL = Code(
    code="RW524",
    name="maxspan-beyond-interval",
    level=Level.ERROR,
    title="a rule with a long `maxspan` runs at intervals of at least half of it",
    why="Each run searches the whole span again; running more often costs more than it finds.",
    profile=Profile.ELASTIC,
    bad="""
[rule]
from = "now-60m"
interval = «"5m"»
query = 'sequence by host.id with maxspan=30m [process where true] [network where true]'
""",
    good="""
[rule]
from = "now-60m"
interval = "15m"
query = 'sequence by host.id with maxspan=30m [process where true] [network where true]'
""",
)

_GRACE = 600_000
_SHORT = 150_000
"""Up to this `maxspan` any interval will do: 2.5 minutes."""


@check(SPAN_BEYOND_LOOK_BACK)
def check_look_back(context: QueryContext) -> Iterator[Diagnostic]:
    span = _maxspan(context)
    start = offset_ms(context.rule.from_ or DEFAULT_FROM)
    end = offset_ms(context.rule.to or DEFAULT_TO)
    if span is None or start is None or end is None:
        return
    look_back = end - start
    if span > look_back + _GRACE:
        yield context.report(
            SPAN_BEYOND_LOOK_BACK,
            ("rule", "from"),
            f"the sequence may take {time_words(span)}, a run looks back {time_words(look_back)}",
            help=f'write `from = "now-{_written(span)}"` or more, or a shorter `maxspan`',
        )


@check(SPAN_BEYOND_INTERVAL)
def check_interval(context: QueryContext) -> Iterator[Diagnostic]:
    span = _maxspan(context)
    interval = duration_ms(context.rule.interval or DEFAULT_INTERVAL)
    if span is None or interval is None or span <= _SHORT or interval >= span / 2:
        return
    yield context.report(
        SPAN_BEYOND_INTERVAL,
        ("rule", "interval"),
        f"the sequence may take {time_words(span)}, the rule runs every {time_words(interval)}",
        help=f'write `interval = "{_written((span + 1) // 2)}"` or more, or a shorter `maxspan`',
    )


def _maxspan(context: QueryContext) -> int | None:
    query = context.query.parsed.query
    return query.maxspan if isinstance(query, Sequence) else None


def _written(milliseconds: int) -> str:
    """As `from` and `interval` take it: in whole seconds, rounded up."""
    return duration_text(-(-milliseconds // 1000) * 1000)
