"""The investigation guide (`note`), the placeholders in it, the setup text, and the timeline it opens."""

import re
from collections.abc import Iterator

from rulewright_schema.checks.context import RuleContext
from rulewright_schema.checks.registries import check
from rulewright_schema.codes.code import Code, Profile
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.source import Span

__all__ = [
    "HALF_TIMELINE",
    "RENDERED_PLACEHOLDER",
    "SETUP_HEADING",
    "UNKNOWN_PLACEHOLDER",
    "UNKNOWN_TIMELINE",
    "UNUSED_TRANSFORM",
]

UNKNOWN_PLACEHOLDER = Code(
    code="RW250",
    name="unknown-placeholder",
    level=Level.ERROR,
    title="every placeholder in the note has an entry in `[transform]`",
    why="The analyst would read `$osquery_1` instead of the query that should stand there.",
    bad="""
[rule]
note = "Ask the host: «$osquery_1»"
[[transform.osquery]]
label = "Users"
query = "SELECT * FROM users"
""",
    good="""
[rule]
note = "Ask the host: $osquery_0"
[[transform.osquery]]
label = "Users"
query = "SELECT * FROM users"
""",
)
UNUSED_TRANSFORM = Code(
    code="RW251",
    name="unused-transform",
    level=Level.WARNING,
    title="every entry of `[transform]` stands somewhere in the note",
    why="An entry without a placeholder never reaches the analyst.",
    bad="""
[rule]
note = "Ask the host."
«[[transform.osquery]]»
label = "Users"
query = "SELECT * FROM users"
""",
    good="""
[rule]
note = "Ask the host: $osquery_0"
[[transform.osquery]]
label = "Users"
query = "SELECT * FROM users"
""",
)
RENDERED_PLACEHOLDER = Code(
    code="RW252",
    name="rendered-placeholder",
    level=Level.WARNING,
    title="queries for the analyst stand in `[transform]`, not in the note",
    why="As JSON inside Markdown nobody can review them.",
    profile=Profile.ELASTIC,
    bad="""
[rule]
note = 'Ask the host: «!{osquery»{"label":"Users","query":"SELECT * FROM users"}}'
""",
    good="""
[rule]
note = "Ask the host: $osquery_0"
[[transform.osquery]]
label = "Users"
query = "SELECT * FROM users"
""",
)
SETUP_HEADING = Code(
    code="RW253",
    name="setup-heading",
    level=Level.WARNING,
    title="what must be set up stands once, in `setup` or below `## Setup` in the note",
    why="The export moves the section `## Setup` of a note into a field of its own; under another heading, or beside "
    "the field, it is left where it stands and read twice.",
    profile=Profile.ELASTIC,
    bad="""
[rule]
setup = "Install the agent."
note = "«## Setup»\\nInstall the agent."
""",
    good="""
[rule]
setup = "Install the agent."
note = "## Triage and analysis"
""",
)
HALF_TIMELINE = Code(
    code="RW254",
    name="half-timeline",
    level=Level.ERROR,
    title="`timeline_id` and `timeline_title` come together",
    why="Kibana refuses a rule that has one without the other.",
    bad="""
[rule]
«timeline_id» = "300afc76-072d-4261-864d-4149714bf3f1"
""",
    good="""
[rule]
timeline_id = "300afc76-072d-4261-864d-4149714bf3f1"
timeline_title = "Comprehensive Network Timeline"
""",
)
UNKNOWN_TIMELINE = Code(
    code="RW255",
    name="unknown-timeline",
    level=Level.WARNING,
    title="a timeline is one of Kibana's templates, under its own title",
    why="A template that only one installation has opens nothing on another.",
    profile=Profile.ELASTIC,
    bad="""
[rule]
timeline_id = "300afc76-072d-4261-864d-4149714bf3f1"
timeline_title = «"Network"»
""",
    good="""
[rule]
timeline_id = "300afc76-072d-4261-864d-4149714bf3f1"
timeline_title = "Comprehensive Network Timeline"
""",
)

TIMELINES = {
    "db366523-f1c6-4c1f-8731-6ce5ed9e5717": "Generic Endpoint Timeline",
    "91832785-286d-4ebe-b884-1a208d111a70": "Generic Network Timeline",
    "76e52245-7519-4251-91ab-262fb1a1728c": "Generic Process Timeline",
    "495ad7a7-316e-4544-8a0f-9c098daee76e": "Generic Threat Match Timeline",
    "4d4c0b59-ea83-483f-b8c1-8c360ee53c5c": "Comprehensive File Timeline",
    "e70679c2-6cde-4510-9764-4823df18f7db": "Comprehensive Process Timeline",
    "300afc76-072d-4261-864d-4149714bf3f1": "Comprehensive Network Timeline",
    "3e47ef71-ebfc-4520-975c-cb27fc090799": "Comprehensive Registry Timeline",
    "3e827bab-838a-469f-bd1e-5e19a2bff2fd": "Alerts Involving a Single User Timeline",
    "4434b91a-94ca-4a89-83cb-a37cdc0532b7": "Alerts Involving a Single Host Timeline",
}
"""Ids and titles of the timeline templates that Kibana ships with."""

PLACEHOLDER = re.compile(r"\$(osquery|investigate)_(\d{1,6})")
RENDERED = re.compile(r"!\{(?:osquery|investigate)")
SETUP = re.compile(r"^#+[ \t]*setup[ \t]*$", re.MULTILINE | re.IGNORECASE)


@check(UNKNOWN_PLACEHOLDER, UNUSED_TRANSFORM)
def check_placeholders(context: RuleContext) -> Iterator[Diagnostic]:
    transform = context.rule.transform
    for kind, entries in (("osquery", transform.osquery), ("investigate", transform.investigate)):
        placeholders = [match for match in PLACEHOLDER.finditer(context.rule.note or "") if match[1] == kind]
        dangling = [match for match in placeholders if int(match[2]) >= len(entries)]
        for match in dangling:
            part = Span(match.start(), match.end())
            message = f"`{match[0]}` stands for no entry"
            help_ = f"`[transform]` has {len(entries)} `{kind}` entries, counted from 0"
            yield context.report(UNKNOWN_PLACEHOLDER, ("rule", "note"), message, part=part, help=help_)
        unused = set(range(len(entries))) - {int(match[2]) for match in placeholders}
        # Placeholders that count from 1 leave entry 0 unused, too: that is one mistake.
        for index in sorted(unused) if not dangling else ():
            message = f"the note does not use `{kind}` entry {index}"
            help_ = f"put `${kind}_{index}` into the note"
            yield context.report(UNUSED_TRANSFORM, ("transform", kind, index), message, help=help_)


@check(RENDERED_PLACEHOLDER)
def check_rendered(context: RuleContext) -> Iterator[Diagnostic]:
    for match in RENDERED.finditer(context.rule.note or ""):
        part = Span(match.start(), match.end())
        message = f"`{match[0]}` stands in the note itself"
        help_ = "move it to `[transform]`, and put its placeholder here"
        yield context.report(RENDERED_PLACEHOLDER, ("rule", "note"), message, part=part, help=help_)


@check(SETUP_HEADING)
def check_setup(context: RuleContext) -> Iterator[Diagnostic]:
    for match in SETUP.finditer(context.rule.note or ""):
        part = Span(match.start(), match.end())
        if context.rule.setup:
            message, help_ = "the note has a setup section beside `setup`", "move its text into `setup`"
        elif match[0] != "## Setup":
            message, help_ = f"`{match[0]}` is not the heading that exports know", "write it `## Setup`"
        else:
            continue
        yield context.report(SETUP_HEADING, ("rule", "note"), message, part=part, help=help_)


@check(HALF_TIMELINE, UNKNOWN_TIMELINE)
def check_timeline(context: RuleContext) -> Iterator[Diagnostic]:
    rule = context.rule
    id_, title = rule.timeline_id, rule.timeline_title
    if (id_ is None) != (title is None):
        there, missing = ("timeline_title", "timeline_id") if id_ is None else ("timeline_id", "timeline_title")
        message = f"`{there}` without `{missing}`"
        yield context.report(HALF_TIMELINE, ("rule", there), message, key=True, help=f"add `{missing}`")
    elif id_ is not None and id_ not in TIMELINES:
        message = f"`{id_}` is none of Kibana's timeline templates"
        yield context.report(UNKNOWN_TIMELINE, ("rule", "timeline_id"), message, help="use the id of a template")
    elif id_ is not None and title != TIMELINES[id_]:
        message = f"the template of this id is not called `{title}`"
        yield context.report(UNKNOWN_TIMELINE, ("rule", "timeline_title"), message, help=f"write `{TIMELINES[id_]}`")
