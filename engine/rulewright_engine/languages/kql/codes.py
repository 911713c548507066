"""The pages of RW530 to RW542: what can be wrong with a KQL query. Fields and values: `engine.field_codes`."""

from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Level

__all__ = [
    "BAD_ESCAPE",
    "BLANK_IN_WILDCARD",
    "BRACKET",
    "FOREIGN_OPERATOR",
    "MISPLACED_NOT",
    "MISSING_BLANK",
    "MISSING_OPERAND",
    "MISSING_OPERATOR",
    "NOT_NESTED",
    "NULL_VALUE",
    "QUOTE",
    "SPECIAL_CHARACTER",
    "SYNTAX",
    "TOO_LARGE",
]


def _rule(query: str) -> str:
    return f"\n[rule]\ntype = \"query\"\nlanguage = \"kuery\"\nquery = '''{query}'''\n"


SYNTAX = Code(
    code="RW530",
    name="kql-syntax",
    level=Level.ERROR,
    title="a query follows the grammar of KQL",
    why="Kibana rejects the query, so the rule never runs.",
    bad=_rule('process.name:("nc" or "ncat") «> 5»'),
    good=_rule('process.name:("nc" or "ncat") and process.args_count > 5'),
)
MISSING_BLANK = Code(
    code="RW531",
    name="kql-missing-blank",
    level=Level.ERROR,
    title="`and` and `or` have a blank on both sides",
    why="Without it the word belongs to the value beside it, or to nothing: Kibana rejects the query.",
    bad=_rule('process.name:"nc" «and»(process.args:"-e" or process.args:"-c")'),
    good=_rule('process.name:"nc" and (process.args:"-e" or process.args:"-c")'),
)
MISSING_OPERATOR = Code(
    code="RW532",
    name="kql-missing-operator",
    level=Level.ERROR,
    title="`and` or `or` stands between two conditions",
    why="A blank belongs to an unquoted value, so two conditions side by side are one value and a stray colon.",
    bad=_rule('process.name:nc\n«process.args»:"-e"'),
    good=_rule('process.name:nc and\nprocess.args:"-e"'),
)
BRACKET = Code(
    code="RW533",
    name="kql-bracket",
    level=Level.ERROR,
    title="brackets come in pairs",
    why="Where a bracket is missing, nobody can say what belongs together.",
    bad=_rule('event.type:start and «(»process.name:"nc" or process.name:"ncat"'),
    good=_rule('event.type:start and (process.name:"nc" or process.name:"ncat")'),
)
QUOTE = Code(
    code="RW534",
    name="kql-quote",
    level=Level.ERROR,
    title="quotes come in pairs",
    why="What follows a quote that is never closed would all be one value.",
    bad=_rule('process.name:«"nc»'),
    good=_rule('process.name:"nc"'),
)
BAD_ESCAPE = Code(
    code="RW535",
    name="kql-bad-escape",
    level=Level.ERROR,
    title="a backslash in an unquoted value is doubled, or escapes a special character",
    why="Kibana knows a few escapes only and rejects the query for any other.",
    bad=_rule(r"file.path:*«\T»emp\\*.exe"),
    good=_rule(r"file.path:*\\Temp\\*.exe"),
)
MISSING_OPERAND = Code(
    code="RW536",
    name="kql-missing-operand",
    level=Level.ERROR,
    title="every operator has a condition on both sides, and every field a value",
    why="Most often a line was deleted and its operator left behind.",
    bad=_rule('process.name:"nc" «and»  '),
    good=_rule('process.name:"nc"'),
)
MISPLACED_NOT = Code(
    code="RW537",
    name="kql-misplaced-not",
    level=Level.ERROR,
    title="`not` has a blank after it, and stands in parentheses where it negates a value",
    why="Elsewhere the word is a part of a value, or ends one: Kibana rejects the query.",
    bad=_rule('process.name: «not» "nc"'),
    good=_rule('not process.name:"nc"'),
)
FOREIGN_OPERATOR = Code(
    code="RW538",
    name="kql-foreign-operator",
    level=Level.ERROR,
    title="a query uses the operators of KQL",
    why="`=`, `!=`, `&&` and `in` belong to other languages. Kibana rejects them, or searches every field for them.",
    bad=_rule('process.name «==» "nc"'),
    good=_rule('process.name:"nc"'),
)
SPECIAL_CHARACTER = Code(
    code="RW539",
    name="kql-special-character",
    level=Level.ERROR,
    title=r'an unquoted value escapes `\ ( ) : < > " { }`',
    why="These characters mean something to KQL and end the value.",
    bad=_rule("url.original:http«:»//*/login"),
    good=_rule("url.original:http\\://*/login"),
)
NULL_VALUE = Code(
    code="RW540",
    name="kql-null",
    level=Level.ERROR,
    title="a missing field is asked for by `not field:*`",
    why="No field holds null: Elasticsearch refuses to search for it.",
    bad=_rule("user.id:«null»"),
    good=_rule("not user.id:*"),
)
NOT_NESTED = Code(
    code="RW541",
    name="kql-nested",
    level=Level.ERROR,
    title="`field:{ ... }` names a nested field, and fields inside one are asked for there",
    why="Elasticsearch stores nested objects apart from their document and finds them in no other way.",
    bad=_rule('«process.name»:{ text:"nc" }'),
    good=_rule('process.name.text:"nc"'),
)
TOO_LARGE = Code(
    code="RW542",
    name="kql-too-large",
    level=Level.ERROR,
    title="a query is of bounded size",
    why="No rule needs brackets a hundred levels deep or a quarter of a million characters; they are a way to exhaust "
    "the tools that read them.",
    bad=_rule("(" * 100 + "«(»process.name:nc" + ")" * 101),
    good=_rule("process.name:nc"),
)
BLANK_IN_WILDCARD = Code(
    code="RW548",
    name="kql-blank-in-wildcard",
    level=Level.WARNING,
    title="a value with wildcards has no blank, on a field of type wildcard",
    why="Kibana sends such a value to `query_string`, where a blank separates alternatives: `*net user*` finds what "
    "ends with net or begins with user, and misses `cmd /c net user bob`.",
    bad=_rule("process.command_line:«*net user*»"),
    good=_rule("process.command_line:*net*user*"),
)
