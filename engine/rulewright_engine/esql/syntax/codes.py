"""The pages of what reading and running an ES|QL query reports. Those of the lints stand in `checks.py`."""

from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Level

__all__ = [
    "ARGUMENT_COUNT",
    "BAD_CONSTANT",
    "BECOMES_NULL",
    "MISPLACED",
    "NOT_OFFLINE",
    "SHADOWED",
    "SYNTAX",
    "TYPE",
    "UNKNOWN_COLUMN",
    "UNKNOWN_COMMAND",
    "UNKNOWN_FUNCTION",
]

SYNTAX = Code(
    code="RW580",
    name="esql-syntax",
    level=Level.ERROR,
    title="a query follows the grammar of ES|QL",
    why="Elasticsearch rejects the whole query, so the rule never runs.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats count = count(*) by host.id
| where count «=» 5
| keep host.id
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
| where Esql.event_count == 5
| keep host.id
'''
""",
)
UNKNOWN_COMMAND = Code(
    code="RW581",
    name="esql-unknown-command",
    level=Level.ERROR,
    title="every `|` is followed by a command of the language",
    why="Elasticsearch rejects the whole query, so the rule never runs.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| «wher» host.id is not null
| stats Esql.event_count = count(*) by host.id
| keep host.id
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where host.id is not null
| stats Esql.event_count = count(*) by host.id
| keep host.id
'''
""",
)
NOT_OFFLINE = Code(
    code="RW582",
    name="esql-not-offline",
    level=Level.NOTE,
    title="a query needs nothing but the events",
    why="Commands that ask models of a cluster, or whose result a run may choose, cannot be run here. The query may be "
    "right; what stands behind such a command is not checked, and no cases can be made or run. LOOKUP JOIN and ENRICH "
    "are run over the rows that a case gives.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| «sample» 0.1
| stats Esql.event_count = count(*) by host.id
| keep host.id
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
| keep host.id
'''
""",
)
UNKNOWN_COLUMN = Code(
    code="RW583",
    name="esql-unknown-column",
    level=Level.ERROR,
    title="a query names columns that exist where it names them",
    why="ES|QL checks names before it runs: with one that no index maps, or that KEEP or STATS has left behind, the "
    "whole query is rejected.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats Esql.event_count = count(*) by host.id
| where «user.name» == "root"
| keep host.id
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats Esql.event_count = count(*) by host.id, user.name
| where user.name == "root"
| keep host.id, user.name
'''
""",
)
UNKNOWN_FUNCTION = Code(
    code="RW584",
    name="esql-unknown-function",
    level=Level.ERROR,
    title="a query calls functions of the language",
    why="Elasticsearch rejects the whole query, so the rule never runs.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats Esql.host_count = «countdistinct»(host.id) by user.name
| keep user.name, Esql.host_count
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats Esql.host_count = count_distinct(host.id) by user.name
| keep user.name, Esql.host_count
'''
""",
)
ARGUMENT_COUNT = Code(
    code="RW585",
    name="esql-argument-count",
    level=Level.ERROR,
    title="a function gets as many arguments as it takes",
    why="Elasticsearch rejects the whole query, so the rule never runs.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where «starts_with»(user.name)
| stats Esql.event_count = count(*) by user.name
| keep user.name
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where starts_with(user.name, "svc-")
| stats Esql.event_count = count(*) by user.name
| keep user.name
'''
""",
)
TYPE = Code(
    code="RW586",
    name="esql-type",
    level=Level.ERROR,
    title="operators and functions get values of the types they take",
    why="ES|QL converts only literal texts (to dates, addresses, versions, booleans) and widens numbers. Any other "
    "mismatch makes it reject the whole query.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where destination.port == «"443"»
| stats Esql.event_count = count(*) by host.id
| keep host.id
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where destination.port == 443
| stats Esql.event_count = count(*) by host.id
| keep host.id
'''
""",
)
MISPLACED = Code(
    code="RW587",
    name="esql-misplaced",
    level=Level.ERROR,
    title="what is computed of many rows stands in STATS, and there stands nothing else",
    why="An aggregate has a value only for a group of rows, a plain column only for a row; KQL asks about an event, of "
    "which none is left behind STATS. Elasticsearch rejects a query that mixes them.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where «count»(*) > 5
| stats Esql.event_count = count(*) by host.id
| keep host.id
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
| where Esql.event_count > 5
| keep host.id
'''
""",
)
BAD_CONSTANT = Code(
    code="RW588",
    name="esql-constant",
    level=Level.ERROR,
    title="patterns, escapes and other constants are valid",
    why='A pattern that cannot be read makes Elasticsearch reject the whole query. In `"..."` only `\\t`, `\\n`, '
    '`\\r`, `\\"` and `\\\\` are escapes; between three quotes there are none.',
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where process.command_line rlike «".*[a-z"»
| stats Esql.event_count = count(*) by host.id
| keep host.id
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where process.command_line rlike ".*[a-z]"
| stats Esql.event_count = count(*) by host.id
| keep host.id
'''
""",
)
BECOMES_NULL = Code(
    code="RW589",
    name="esql-becomes-null",
    level=Level.WARNING,
    title="an expression has a value",
    why="A function or operator that meets several values where it takes one, or a value that it cannot use, gives "
    "null; a condition that is null drops the row. Elasticsearch answers with such a warning too.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where source.ip == «to_ip("10.0.0.256")»
| stats Esql.event_count = count(*) by host.id
| keep host.id
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| where source.ip == to_ip("10.0.0.25")
| stats Esql.event_count = count(*) by host.id
| keep host.id
'''
""",
)
SHADOWED = Code(
    code="RW598",
    name="esql-shadowed",
    level=Level.WARNING,
    title="a column has a name of its own",
    why="Of two columns with one name only the last is left; and a computed column that takes the name of a field of "
    "another type is refused when the alert is written.",
    bad="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats «Esql.ports» = values(source.port), Esql.ports = values(destination.port) by host.id
| keep host.id, Esql.*
'''
""",
    good="""
[rule]
type = "esql"
language = "esql"
# without index
query = '''
from logs-*
| stats Esql.source_ports = values(source.port), Esql.ports = values(destination.port) by host.id
| keep host.id, Esql.*
'''
""",
)
