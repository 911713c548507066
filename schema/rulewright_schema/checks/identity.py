"""What tells one rule from another: its id, its name, its file."""

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from rulewright_schema.checks.context import Collection, RuleContext
from rulewright_schema.checks.registries import check, collection_check
from rulewright_schema.codes.code import Code, Profile
from rulewright_schema.diagnostics import Diagnostic, Level

__all__ = ["DUPLICATE_ID", "DUPLICATE_NAME", "FILE_NAME", "MALFORMED_ID"]

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
ALMOST_UUID = re.compile(r"[0-9A-Fa-f-]{30,42}")
FILE = re.compile(r"[a-z0-9_]+\.toml")

MALFORMED_ID = Code(
    code="RW201",
    name="malformed-id",
    level=Level.WARNING,
    title="a rule id that looks like a UUID is one",
    why="An id with a digit too many works until a tool insists on UUIDs. By then it cannot be changed any more: "
    "alerts, exceptions and updates refer to it.",
    bad="""
[rule]
rule_id = «"3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1a"»
""",
    good="""
[rule]
rule_id = "3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1"
""",
)
DUPLICATE_ID = Code(
    code="RW202",
    name="duplicate-id",
    level=Level.ERROR,
    title="no two rules have the same id",
    why="The SIEM keeps one of them and overwrites the other, without a word.",
    bad="""
# file: first.toml
[rule]
rule_id = "3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1"
name = "Reverse Shell"
# file: second.toml
[rule]
rule_id = «"3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1"»
name = "Bind Shell"
""",
    good="""
# file: first.toml
[rule]
rule_id = "3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1"
name = "Reverse Shell"
# file: second.toml
[rule]
rule_id = "0a9e5b7c-3f53-4d0e-9a42-6d1f6f0f2c11"
name = "Bind Shell"
""",
)
DUPLICATE_NAME = Code(
    code="RW203",
    name="duplicate-name",
    level=Level.ERROR,
    title="no two rules have the same name",
    why="An analyst who reads an alert cannot tell which rule raised it. Only a deprecated rule may share the name of "
    "its successor.",
    bad="""
# file: first.toml
[rule]
rule_id = "3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1"
name = "Reverse Shell"
# file: second.toml
[rule]
rule_id = "0a9e5b7c-3f53-4d0e-9a42-6d1f6f0f2c11"
name = «"Reverse Shell"»
""",
    good="""
# file: first.toml
[rule]
rule_id = "3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1"
name = "Reverse Shell"
# file: second.toml
[rule]
rule_id = "0a9e5b7c-3f53-4d0e-9a42-6d1f6f0f2c11"
name = "Reverse Shell through a Named Pipe"
""",
)
FILE_NAME = Code(
    code="RW204",
    name="file-name",
    level=Level.WARNING,
    title="the name of a rule file is made of lower-case letters, digits and `_`",
    why="Such a name is the same on every file system, and sorts with its neighbours.",
    profile=Profile.ELASTIC,
    bad="""
# file: Reverse-Shell.toml
[rule]
«name» = "Reverse Shell"
""",
    good="""
# file: reverse_shell.toml
[rule]
name = "Reverse Shell"
""",
)


@check(MALFORMED_ID)
def check_id(context: RuleContext) -> Iterator[Diagnostic]:
    rule_id = context.rule.rule_id
    if ALMOST_UUID.fullmatch(rule_id) and not UUID.fullmatch(rule_id):
        lower = rule_id.lower()
        help_ = f"write it as `{lower}`" if UUID.fullmatch(lower) else "give a new rule an id of 8-4-4-4-12 hex digits"
        yield context.report(MALFORMED_ID, ("rule", "rule_id"), f"`{rule_id}` is not a UUID", help=help_)


@check(FILE_NAME)
def check_file_name(context: RuleContext) -> Iterator[Diagnostic]:
    name = PurePosixPath(context.file.name).name
    if not FILE.fullmatch(name):
        wanted = re.sub(r"[^a-z0-9]+", "_", name.removesuffix(".toml").lower()).strip("_")
        message = f"the file is called `{name}`"
        yield context.report(FILE_NAME, ("rule", "name"), message, key=True, help=f"call it `{wanted}.toml`")


@collection_check(DUPLICATE_ID)
def check_ids_differ(collection: Collection) -> Iterator[Diagnostic]:
    yield from _duplicates(collection, DUPLICATE_ID, "rule_id", "id", lambda context: (context.rule.rule_id,))


@collection_check(DUPLICATE_NAME)
def check_names_differ(collection: Collection) -> Iterator[Diagnostic]:
    yield from _duplicates(
        collection, DUPLICATE_NAME, "name", "name", lambda context: (context.rule.name, context.file.is_deprecated)
    )


def _duplicates(
    collection: Collection, code: Code, key: str, what: str, identity: Callable[[RuleContext], tuple[object, ...]]
) -> Iterator[Diagnostic]:
    """Report every rule after the first that has the same identity."""
    first: dict[tuple[object, ...], RuleContext] = {}
    for context in collection.rules:
        other = first.setdefault(identity(context), context)
        if other is not context:
            line = other.file.source.position(other.file.span_of(("rule", key)).start).line
            message = f"{what} `{getattr(context.rule, key)}` is taken by `{other.file.name}`"
            note = f"see {other.file.name}:{line}"
            yield context.report(code, ("rule", key), message, help=f"give this rule another {what}", note=note)
