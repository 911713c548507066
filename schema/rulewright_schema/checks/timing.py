"""When a rule runs and what stretch of time a run looks at."""

from collections.abc import Iterator

from rulewright_schema.checks.context import RuleContext
from rulewright_schema.checks.registries import check
from rulewright_schema.codes.code import Code, Profile
from rulewright_schema.diagnostics import Diagnostic, Label, Level
from rulewright_schema.durations import DEFAULT_FROM, DEFAULT_INTERVAL, DEFAULT_TO, duration_ms, offset_ms
from rulewright_schema.rule import Rule

__all__ = ["BUILDING_BLOCK_TIMING", "GAP_BETWEEN_RUNS", "TOO_MANY_SIGNALS"]

GAP_BETWEEN_RUNS = Code(
    code="RW230",
    name="gap-between-runs",
    level=Level.ERROR,
    title="a run looks back at least as far as the last run",
    why="Events in the gap are never searched: the rule misses them every time.",
    bad="""
[rule]
from = «"now-5m"»
interval = "15m"
""",
    good="""
[rule]
from = "now-20m"
interval = "15m"
""",
)
BUILDING_BLOCK_TIMING = Code(
    code="RW232",
    name="building-block-timing",
    level=Level.WARNING,
    title="a building block rule runs hourly or less often, over 119 minutes or more",
    why="Building blocks are many and of low urgency; run often, they cost more than the rules they feed.",
    profile=Profile.ELASTIC,
    bad="""
[rule]
building_block_type = "default"
from = «"now-9m"»
interval = "5m"
""",
    good="""
[rule]
building_block_type = "default"
from = "now-119m"
interval = "60m"
""",
)
TOO_MANY_SIGNALS = Code(
    code="RW233",
    name="too-many-signals",
    level=Level.WARNING,
    title="`max_signals` is at most 1000",
    why="Kibana stops a run at 1000 alerts unless its own setting is raised, so the larger number promises too much.",
    bad="""
[rule]
max_signals = «5000»
""",
    good="""
[rule]
max_signals = 1000
""",
)

MINUTE_MS = 60 * 1000
MAX_KIBANA_SIGNALS = 1000
"""Alerts of one run that Kibana raises, unless its own setting says otherwise."""


def look_back_ms(rule: Rule) -> int | None:
    """Length of the window that a run searches, or None when its bounds are not date math."""
    start, end = offset_ms(rule.from_ or DEFAULT_FROM), offset_ms(rule.to or DEFAULT_TO)
    return None if start is None or end is None else end - start


@check(GAP_BETWEEN_RUNS)
def check_runs_overlap(context: RuleContext) -> Iterator[Diagnostic]:
    rule = context.rule
    start, every = rule.from_ or DEFAULT_FROM, rule.interval or DEFAULT_INTERVAL
    look_back, interval = look_back_ms(rule), duration_ms(every)
    if look_back is None or interval is None or look_back >= interval:
        return
    says_both = rule.from_ is not None and rule.interval is not None
    yield context.report(
        GAP_BETWEEN_RUNS,
        ("rule", "from") if rule.from_ else ("rule", "interval"),
        f"runs every `{every}`, but looks back from `{start}` only",
        help="look back a little further than the interval, to catch events that arrive late",
        note="" if says_both else f"by default `from` is `{DEFAULT_FROM}` and `interval` is `{DEFAULT_INTERVAL}`",
        secondary=(Label(context.file.span_of(("rule", "interval")), "how often it runs"),) if says_both else (),
    )


@check(BUILDING_BLOCK_TIMING)
def check_building_block(context: RuleContext) -> Iterator[Diagnostic]:
    rule = context.rule
    if not rule.is_building_block or rule.metadata.bypass_bbr_timing:
        return
    start, interval = offset_ms(rule.from_ or DEFAULT_FROM), duration_ms(rule.interval or DEFAULT_INTERVAL)
    if start is not None and start > -119 * MINUTE_MS:
        message = f"a building block that looks back from `{rule.from_ or DEFAULT_FROM}` only"
        yield context.report(BUILDING_BLOCK_TIMING, ("rule", "from"), message, help="look back from `now-119m` or more")
    elif interval is not None and interval < 60 * MINUTE_MS:
        message = f"a building block that runs every `{rule.interval or DEFAULT_INTERVAL}`"
        yield context.report(
            BUILDING_BLOCK_TIMING, ("rule", "interval"), message, help="run it every `60m` or less often"
        )


@check(TOO_MANY_SIGNALS)
def check_max_signals(context: RuleContext) -> Iterator[Diagnostic]:
    count = context.rule.max_signals
    if count is not None and count > MAX_KIBANA_SIGNALS:
        message = f"`max_signals` {count} is more than Kibana raises in a run"
        yield context.report(
            TOO_MANY_SIGNALS, ("rule", "max_signals"), message, help=f"use {MAX_KIBANA_SIGNALS} at most"
        )
