"""When a rule was written, changed and given up; which stack it needs; its tags."""

import datetime
from collections.abc import Iterator

from rulewright_schema.checks.context import RuleContext
from rulewright_schema.checks.registries import check
from rulewright_schema.codes.code import Code, Profile
from rulewright_schema.diagnostics import Diagnostic, Label, Level

__all__ = [
    "DATES_OUT_OF_ORDER",
    "DUPLICATE_TAG",
    "HALF_DEPRECATED",
    "IMPOSSIBLE_DATE",
    "UNEXPLAINED_VERSION",
]

IMPOSSIBLE_DATE = Code(
    code="RW210",
    name="impossible-date",
    level=Level.ERROR,
    title="a date is a day of the calendar",
    why="Reports sort and filter by these dates.",
    bad="""
[metadata]
updated_date = «"2024/02/30"»
""",
    good="""
[metadata]
updated_date = "2024/02/29"
""",
)
DATES_OUT_OF_ORDER = Code(
    code="RW211",
    name="dates-out-of-order",
    level=Level.ERROR,
    title="a rule is created before it is updated or deprecated",
    why="One of the two dates is wrong, and with it every report on the age of rules.",
    bad="""
[metadata]
creation_date = "2024/05/02"
updated_date = «"2024/05/01"»
""",
    good="""
[metadata]
creation_date = "2024/05/01"
updated_date = "2024/05/02"
""",
)
HALF_DEPRECATED = Code(
    code="RW212",
    name="half-deprecated",
    level=Level.WARNING,
    title="a rule with a deprecation date is deprecated",
    why="Its problems count as those of a rule in use, although somebody wrote that it was given up.",
    bad="""
[metadata]
maturity = "production"
deprecation_date = «"2024/06/01"»
""",
    good="""
[metadata]
maturity = "deprecated"
deprecation_date = "2024/06/01"
""",
)
UNEXPLAINED_VERSION = Code(
    code="RW213",
    name="unexplained-version",
    level=Level.WARNING,
    title="`min_stack_version` comes with `min_stack_comments`",
    why="Nobody can later tell whether the restriction still holds.",
    profile=Profile.ELASTIC,
    bad="""
[metadata]
min_stack_version = «"9.3.0"»
""",
    good="""
[metadata]
min_stack_version = "9.3.0"
min_stack_comments = "The integration that collects these events came with 9.3."
""",
)
DUPLICATE_TAG = Code(
    code="RW214",
    name="duplicate-tag",
    level=Level.WARNING,
    title="a rule has each tag once",
    why="The second one has no effect; most often another tag was meant.",
    bad="""
[rule]
tags = ["OS: Linux", «"OS: Linux"»]
""",
    good="""
[rule]
tags = ["OS: Linux", "OS: macOS"]
""",
)

DATES = ("creation_date", "updated_date", "deprecation_date")


@check(IMPOSSIBLE_DATE, DATES_OUT_OF_ORDER)
def check_dates(context: RuleContext) -> Iterator[Diagnostic]:
    dates: dict[str, datetime.date] = {}
    for key in DATES:
        text = getattr(context.rule.metadata, key)
        if text is None:
            continue
        day = _day(text)
        if day is None:
            message = f"`{text}` is not a day of the calendar"
            yield context.report(IMPOSSIBLE_DATE, ("metadata", key), message, help="correct the day or the month")
        else:
            dates[key] = day
    created = dates.pop("creation_date", None)
    for key, day in dates.items():
        if created is not None and day < created:
            yield _out_of_order(context, key)


def _day(text: str) -> datetime.date | None:
    """The day, or None if there is none such; a text of another form is the schema's business and passes here."""
    parts = text.split("/")
    if [len(part) for part in parts] != [4, 2, 2] or not all(part.isdecimal() for part in parts):
        return datetime.date.max
    try:
        return datetime.date(*map(int, parts))
    except ValueError:
        return None


def _out_of_order(context: RuleContext, key: str) -> Diagnostic:
    metadata = context.rule.metadata
    created = Label(context.file.span_of(("metadata", "creation_date")), "created here")
    message = f"`{key}` {getattr(metadata, key)} is before `creation_date` {metadata.creation_date}"
    return context.report(
        DATES_OUT_OF_ORDER, ("metadata", key), message, help="correct one of the two", secondary=(created,)
    )


@check(HALF_DEPRECATED)
def check_deprecation(context: RuleContext) -> Iterator[Diagnostic]:
    if context.rule.metadata.deprecation_date is not None and not context.rule.is_deprecated:
        message = f"deprecated by date, but its maturity is `{context.rule.metadata.maturity}`"
        help_ = 'set `maturity = "deprecated"`, or remove the date'
        yield context.report(HALF_DEPRECATED, ("metadata", "deprecation_date"), message, help=help_)


@check(UNEXPLAINED_VERSION)
def check_stack_version(context: RuleContext) -> Iterator[Diagnostic]:
    metadata = context.rule.metadata
    if metadata.min_stack_version is not None and not metadata.min_stack_comments:
        message = f"nothing says why the rule needs `{metadata.min_stack_version}`"
        help_ = "say it in `min_stack_comments`"
        yield context.report(UNEXPLAINED_VERSION, ("metadata", "min_stack_version"), message, help=help_)


@check(DUPLICATE_TAG)
def check_tags(context: RuleContext) -> Iterator[Diagnostic]:
    seen: set[str] = set()
    for index, tag in enumerate(context.rule.tags):
        if tag in seen:
            message = f"tag `{tag}` is there twice"
            yield context.report(DUPLICATE_TAG, ("rule", "tags", index), message, help="remove one")
        seen.add(tag)
