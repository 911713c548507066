"""The pages of RW500 to RW528: what can be wrong with an EQL query."""

from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Level

__all__ = [
    "ARGUMENT_COUNT",
    "ARGUMENT_TYPE",
    "CHAINED_COMPARISON",
    "FIELD_WITH_FIELD",
    "FOREIGN_OPERATOR",
    "INVALID_ESCAPE",
    "INVALID_NETWORK",
    "INVALID_PATTERN",
    "NEVER_CLOSED",
    "NOT_EXECUTABLE",
    "NO_CONDITION",
    "NULL_COMPARED",
    "OTHER_DIALECT",
    "PATTERN_NEEDS_TEXT",
    "PIPE_COUNT",
    "SEQUENCE_SHAPE",
    "SYNTAX",
    "TOO_LARGE",
    "UNBALANCED_BRACKET",
    "UNDOCUMENTED_ESCAPE",
    "UNKNOWN_FUNCTION",
    "UPPER_CASE_KEYWORD",
    "WRONG_QUOTES",
]

SYNTAX = Code(
    code="RW500",
    name="eql-syntax",
    level=Level.ERROR,
    title="a query follows the grammar of EQL",
    why="Elasticsearch rejects the query, so the rule never runs.",
    bad="""
[rule]
query = 'process where process.name == "nc" «and»'
""",
    good="""
[rule]
query = 'process where process.name == "nc" and process.args : "-l"'
""",
)
NEVER_CLOSED = Code(
    code="RW501",
    name="eql-never-closed",
    level=Level.ERROR,
    title="text, quoted names and comments are closed",
    why="What follows would be read as part of them. Text ends on the line it begins on.",
    bad="""
[rule]
query = 'process where process.name == «"»nc'
""",
    good="""
[rule]
query = 'process where process.name == "nc"'
""",
)
WRONG_QUOTES = Code(
    code="RW502",
    name="eql-wrong-quotes",
    level=Level.ERROR,
    title="text stands in double quotes",
    why="EQL in Elasticsearch knows one or three double quotes around text; other quotes are errors.",
    bad="""
[rule]
query = "process where process.name == «'nc'»"
""",
    good="""
[rule]
query = 'process where process.name == "nc"'
""",
)
INVALID_ESCAPE = Code(
    code="RW503",
    name="eql-invalid-escape",
    level=Level.ERROR,
    title="a backslash in text begins an escape",
    why="Paths hold many backslashes: double each of them, or put the text between three double quotes, where"
    " a backslash stands for itself.",
    bad=r"""
[rule]
query = 'process where process.executable == "C:«\W»indows\\nc.exe"'
""",
    good=r"""
[rule]
query = 'process where process.executable == "C:\\Windows\\nc.exe"'
""",
)
FOREIGN_OPERATOR = Code(
    code="RW504",
    name="eql-foreign-operator",
    level=Level.ERROR,
    title="operators are those of EQL",
    why="`=`, `&&`, `||` and `!` come from other languages; EQL has `==`, `and`, `or` and `not`.",
    bad="""
[rule]
query = 'process where process.name «=» "nc"'
""",
    good="""
[rule]
query = 'process where process.name == "nc"'
""",
)
UNBALANCED_BRACKET = Code(
    code="RW505",
    name="eql-unbalanced-bracket",
    level=Level.ERROR,
    title="every bracket has its counterpart",
    why="A bracket that is missing changes what belongs together, so the query is rejected.",
    bad="""
[rule]
query = 'process where «(»process.name == "nc" or process.name == "ncat"'
""",
    good="""
[rule]
query = 'process where (process.name == "nc" or process.name == "ncat")'
""",
)
CHAINED_COMPARISON = Code(
    code="RW506",
    name="eql-chained-comparison",
    level=Level.ERROR,
    title="a comparison has two sides",
    why="`a < b < c` is no range in EQL; each side is a comparison of its own.",
    bad="""
[rule]
query = 'process where 1 < process.pid «<» 100'
""",
    good="""
[rule]
query = 'process where process.pid > 1 and process.pid < 100'
""",
)
UNKNOWN_FUNCTION = Code(
    code="RW507",
    name="eql-unknown-function",
    level=Level.ERROR,
    title="functions are those of EQL in Elasticsearch",
    why="Several functions of Endgame's EQL (`wildcard`, `match`, `arrayContains`) do not exist in Elasticsearch.",
    bad="""
[rule]
query = 'process where «startWith»(process.name, "nc")'
""",
    good="""
[rule]
query = 'process where startsWith(process.name, "nc")'
""",
)
ARGUMENT_COUNT = Code(
    code="RW508",
    name="eql-argument-count",
    level=Level.ERROR,
    title="a function is given as many arguments as it takes",
    why="Elasticsearch rejects the query.",
    bad="""
[rule]
query = 'process where «endsWith(process.name)»'
""",
    good="""
[rule]
query = 'process where endsWith(process.name, ".exe")'
""",
)
ARGUMENT_TYPE = Code(
    code="RW509",
    name="eql-argument-type",
    level=Level.ERROR,
    title="arguments are of the type that the function takes",
    why="Elasticsearch rejects the query; `string(...)` and `number(...)` convert.",
    bad="""
[rule]
query = 'process where length(«process.pid») > 4'
""",
    good="""
[rule]
query = 'process where length(string(process.pid)) > 4'
""",
)
OTHER_DIALECT = Code(
    code="RW510",
    name="eql-other-dialect",
    level=Level.ERROR,
    title="a query uses what EQL in Elasticsearch has",
    why="Joins, process relations, array indexes and most pipes exist in Endgame's EQL only.",
    bad="""
[rule]
query = 'process where process.name == "nc" | «unique» process.pid'
""",
    good="""
[rule]
query = 'process where process.name == "nc" | head 5'
""",
)
TOO_LARGE = Code(
    code="RW511",
    name="eql-too-large",
    level=Level.ERROR,
    title="a query nests at most 100 levels and has at most 250,000 characters",
    why="No rule that a person wrote comes near; a query beyond is an attack or an accident of a generator.",
    bad=f"""
[rule]
query = 'process where {"(" * 100}«(»process.name == "nc"{")" * 101}'
""",
    good="""
[rule]
query = 'process where process.name == "nc"'
""",
)
FIELD_WITH_FIELD = Code(
    code="RW512",
    name="eql-field-with-field",
    level=Level.ERROR,
    title="a field is compared with a literal",
    why="EQL in Elasticsearch cannot compare two fields and rejects the query. Two arguments of one function "
    "may be fields.",
    bad="""
[rule]
query = 'process where process.name == «process.parent.name»'
""",
    good="""
[rule]
query = 'process where startsWith(process.name, process.parent.name)'
""",
)
NO_CONDITION = Code(
    code="RW513",
    name="eql-no-condition",
    level=Level.ERROR,
    title="a condition is true or false",
    why="A text or a number by itself says nothing about an event.",
    bad="""
[rule]
query = 'process where «process.name»'
""",
    good="""
[rule]
query = 'process where process.name != null'
""",
)
SEQUENCE_SHAPE = Code(
    code="RW514",
    name="eql-sequence-shape",
    level=Level.ERROR,
    title="a sequence or sample has stages that fit together",
    why="It needs two stages or more, the same number of keys in each, a time span where an event must be "
    "missing, and a join key where it is a sample.",
    bad="""
[rule]
query = '«sequence» by host.id [process where process.name == "nc"]'
""",
    good="""
[rule]
query = 'sequence by host.id [process where process.name == "nc"] [network where true]'
""",
)
PIPE_COUNT = Code(
    code="RW515",
    name="eql-pipe-count",
    level=Level.ERROR,
    title="`head` and `tail` are given a number",
    why="They keep that many results.",
    bad="""
[rule]
query = 'process where process.name == "nc" | head «-1»'
""",
    good="""
[rule]
query = 'process where process.name == "nc" | head 1'
""",
)
UPPER_CASE_KEYWORD = Code(
    code="RW516",
    name="eql-upper-case-keyword",
    level=Level.ERROR,
    title="keywords are in lower case",
    why="`AND` is read as the name of a field.",
    bad="""
[rule]
query = 'process where process.name == "nc" «AND» process.args : "-l"'
""",
    good="""
[rule]
query = 'process where process.name == "nc" and process.args : "-l"'
""",
)
INVALID_PATTERN = Code(
    code="RW517",
    name="eql-invalid-regex",
    level=Level.ERROR,
    title="a regular expression is valid",
    why="It is one of Lucene: no look-around, no back references, and it always matches the whole value.",
    bad="""
[rule]
query = 'process where process.name regex «"nc(at"»'
""",
    good="""
[rule]
query = 'process where process.name regex "nc(at)?"'
""",
)
PATTERN_NEEDS_TEXT = Code(
    code="RW518",
    name="eql-pattern-needs-text",
    level=Level.ERROR,
    title="`:`, `like` and `regex` are followed by text in quotes",
    why="A pattern is text; numbers are compared by `==`.",
    bad="""
[rule]
query = 'any where event.code : «4625»'
""",
    good="""
[rule]
query = 'any where event.code : "4625"'
""",
)
INVALID_NETWORK = Code(
    code="RW519",
    name="eql-invalid-network",
    level=Level.ERROR,
    title="`cidrMatch` is given networks",
    why="A network is an address and the length of its prefix, written as a literal.",
    bad="""
[rule]
query = 'network where cidrMatch(destination.ip, «"10.0.0.0/33"»)'
""",
    good="""
[rule]
query = 'network where cidrMatch(destination.ip, "10.0.0.0/8")'
""",
)
UNDOCUMENTED_ESCAPE = Code(
    code="RW526",
    name="eql-undocumented-escape",
    level=Level.WARNING,
    title="a single quote in text needs no backslash",
    why="The documentation reserves it; a later version may reject the query.",
    bad=r"""
[rule]
query = '''process where process.args : "*it«\'»s*"'''
""",
    good="""
[rule]
query = '''process where process.args : "*it's*"'''
""",
)
NULL_COMPARED = Code(
    code="RW527",
    name="eql-null-compared",
    level=Level.WARNING,
    title="a missing value is asked for by `== null`",
    why="Every other comparison with `null` is never true.",
    bad="""
[rule]
query = 'process where process.pid > «null»'
""",
    good="""
[rule]
query = 'process where process.pid != null'
""",
)
NOT_EXECUTABLE = Code(
    code="RW528",
    name="eql-not-executable",
    level=Level.NOTE,
    title="every form of EQL can be run",
    why="The query is valid, but Rulewright cannot evaluate it yet, so its cases are not tested.",
    bad="""
[rule]
query = 'process where string(«process.name like "n*"») == "true"'
""",
    good="""
[rule]
query = 'process where process.name like "n*"'
""",
)
