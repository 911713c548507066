"""The pages of RW30x: what can be wrong between a query and the fields it names, in any language."""

from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Level

__all__ = [
    "FREE_TEXT",
    "MISFIT",
    "NEVER_HELD",
    "OTHER_KIND",
    "UNEXPECTED_VALUE",
    "UNKNOWN_FIELD",
    "UNSUITABLE_OPERATOR",
    "WITHOUT_KEY",
]

UNKNOWN_FIELD = Code(
    code="RW301",
    name="unknown-field",
    level=Level.ERROR,
    title="a query names fields that exist",
    why="Elasticsearch rejects an EQL or ES|QL query with a field that no index maps; in KQL and Lucene such a "
    "condition is never met, without a word. Fields of your own go into `[tool.rulewright.fields]`.",
    bad="""
[rule]
query = 'process where «process.comand_line» : "*-enc*"'
""",
    good="""
[rule]
query = 'process where process.command_line : "*-enc*"'
""",
)
MISFIT = Code(
    code="RW302",
    name="impossible-value",
    level=Level.ERROR,
    title="a literal is a value that the field can hold",
    why="Elasticsearch reads the literal as a value of the field's type and fails the whole search when it cannot.",
    bad="""
[rule]
query = 'network where destination.port == «"https"»'
""",
    good="""
[rule]
query = 'network where destination.port == 443'
""",
)
UNSUITABLE_OPERATOR = Code(
    code="RW303",
    name="unsuitable-operator",
    level=Level.ERROR,
    title="an operator suits the type of the field",
    why="Patterns and `:` compare text only, booleans have no order, and EQL sees neither objects nor analysed text.",
    bad="""
[rule]
query = 'network where «destination.port» : 443'
""",
    good="""
[rule]
query = 'network where destination.port == 443'
""",
)
OTHER_KIND = Code(
    code="RW304",
    name="other-kind-of-value",
    level=Level.WARNING,
    title="a literal is of the same kind as what it is compared with",
    why="A number compared with text is read as text, and ordered by characters: `event.code > 4000` holds for `5`.",
    bad="""
[rule]
query = 'any where event.code == «4625»'
""",
    good="""
[rule]
query = 'any where event.code == "4625"'
""",
)
UNEXPECTED_VALUE = Code(
    code="RW305",
    name="value-outside-schema",
    level=Level.WARNING,
    title="a value is one that the schema of the field allows",
    why="The Elastic Common Schema lists the values of some fields. No document that follows it has another one, so "
    "the condition is never met.",
    bad="""
[rule]
query = '«procces» where process.name == "nc"'
""",
    good="""
[rule]
query = 'process where process.name == "nc"'
""",
)
NEVER_HELD = Code(
    code="RW306",
    name="never-held",
    level=Level.WARNING,
    title="a value is one that some document can hold",
    why="A whole number never equals a fraction, and analysed text without a letter or digit has nothing to find. The "
    "query is accepted, and the condition never met.",
    bad="""
[rule]
type = "query"
language = "kuery"
query = "process.pid:«4.5»"
""",
    good="""
[rule]
type = "query"
language = "kuery"
query = "process.pid:4"
""",
)
FREE_TEXT = Code(
    code="RW307",
    name="text-without-field",
    level=Level.WARNING,
    title="a value stands behind the name of a field",
    why="KQL and Lucene look for a value without a field in every field, which finds too much and costs time. Most "
    "often a colon was forgotten.",
    bad="""
[rule]
type = "query"
language = "kuery"
query = "«process.name nc» and event.type:start"
""",
    good="""
[rule]
type = "query"
language = "kuery"
query = "process.name:nc and event.type:start"
""",
)
WITHOUT_KEY = Code(
    code="RW308",
    name="wildcard-below-flattened",
    level=Level.WARNING,
    title="wildcards are used on fields that have an index of their own",
    why="All keys of a flattened field share one index, in which a value stands behind its key. Elasticsearch looks "
    "for the pattern without the key, so the condition finds other documents than it says, or none.",
    bad="""
[rule]
type = "query"
language = "kuery"
query = "aws.cloudtrail.flattened.request_parameters.roleName:«admin*»"
""",
    good="""
[rule]
type = "query"
language = "kuery"
query = "aws.cloudtrail.flattened.request_parameters.roleName:admin"
""",
)
