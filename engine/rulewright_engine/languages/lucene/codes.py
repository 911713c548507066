"""The pages of RW550 to RW559: what can be wrong with a Lucene query. Fields and values: `engine.field_codes`."""

from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Level

__all__ = [
    "BRACKET",
    "FUZZY",
    "INVALID_REGEX",
    "JOINED_WORDS",
    "MISSING_OPERAND",
    "NEVER_CLOSED",
    "OPERATOR_AS_WORD",
    "SPECIAL_CHARACTER",
    "SYNTAX",
    "TOO_LARGE",
    "WITHOUT_EFFECT",
]


def _rule(query: str) -> str:
    return f"\n[rule]\ntype = \"query\"\nlanguage = \"lucene\"\nquery = '''{query}'''\n"


SYNTAX = Code(
    code="RW550",
    name="lucene-syntax",
    level=Level.ERROR,
    title="a query follows the grammar of Lucene",
    why="Elasticsearch rejects the query, so the rule never runs.",
    bad=_rule("NOT «NOT» process.name:nc"),
    good=_rule("NOT process.name:nc"),
)
BRACKET = Code(
    code="RW551",
    name="lucene-bracket",
    level=Level.ERROR,
    title="brackets come in pairs and hold something",
    why="Where a bracket is missing, nobody can say what belongs together.",
    bad=_rule("event.type:start AND «(»process.name:nc OR process.name:ncat"),
    good=_rule("event.type:start AND (process.name:nc OR process.name:ncat)"),
)
NEVER_CLOSED = Code(
    code="RW552",
    name="lucene-never-closed",
    level=Level.ERROR,
    title="quotes, ranges and regular expressions are closed",
    why="A `/` begins a regular expression and a `[` a range, also in the middle of a path.",
    bad=_rule("process.executable:\\/usr«/»bin\\/nc"),
    good=_rule("process.executable:\\/usr\\/bin\\/nc"),
)
MISSING_OPERAND = Code(
    code="RW553",
    name="lucene-missing-operand",
    level=Level.ERROR,
    title="every operator has a clause on both sides, and every field a value",
    why="Most often a line was deleted and its operator left behind.",
    bad=_rule("process.name:nc «AND»"),
    good=_rule("process.name:nc"),
)
SPECIAL_CHARACTER = Code(
    code="RW554",
    name="lucene-special-character",
    level=Level.ERROR,
    title="special characters that mean themselves are escaped",
    why="A second colon, a bracket or a lone backslash ends the value, and Elasticsearch rejects the query.",
    bad=_rule("url.original:http«:»x"),
    good=_rule("url.original:http\\:x"),
)
INVALID_REGEX = Code(
    code="RW555",
    name="lucene-invalid-regex",
    level=Level.ERROR,
    title="what stands between slashes is a regular expression",
    why="Elasticsearch fails the whole search for a pattern that it cannot read.",
    bad=_rule("process.name:«/nc(at/»"),
    good=_rule("process.name:/nc(at)?/"),
)
FUZZY = Code(
    code="RW556",
    name="lucene-fuzzy",
    level=Level.ERROR,
    title="`~` stands behind a word, with up to two edits, or behind a quoted text",
    why="Elasticsearch fails the whole search for more edits, and takes no notice of `~` behind a wildcard or a "
    "regular expression.",
    bad=_rule("process.name:«powershell~5»"),
    good=_rule("process.name:powershell~1"),
)
WITHOUT_EFFECT = Code(
    code="RW557",
    name="lucene-without-effect",
    level=Level.WARNING,
    title="`AND` and `OR` are not mixed without parentheses",
    why="`AND` only makes its neighbours required. Next to a required clause, one that is not decides nothing: "
    "`a OR b AND c` finds what meets b and c.",
    bad=_rule("«process.name:nc» OR process.name:ncat AND event.type:start"),
    good=_rule("(process.name:nc OR process.name:ncat) AND event.type:start"),
)
OPERATOR_AS_WORD = Code(
    code="RW558",
    name="lucene-operator-as-word",
    level=Level.WARNING,
    title="`AND`, `OR` and `NOT` are written in upper case, `+`, `-` and `!` without a blank",
    why="Otherwise they are words to look for. The query is accepted, and finds something else.",
    bad=_rule("process.name:(nc «or» ncat)"),
    good=_rule("process.name:(nc OR ncat)"),
)
TOO_LARGE = Code(
    code="RW559",
    name="lucene-too-large",
    level=Level.ERROR,
    title="a query is of bounded size",
    why="No rule needs brackets a hundred levels deep or a quarter of a million characters; they are a way to exhaust "
    "the tools that read them.",
    bad=_rule("(" * 100 + "«(»process.name:nc" + ")" * 101),
    good=_rule("process.name:nc"),
)
JOINED_WORDS = Code(
    code="RW547",
    name="lucene-joined-words",
    level=Level.WARNING,
    title="words side by side are quoted, or have `OR` between them",
    why="Without an operator they are one text with blanks. Only analysed text takes it apart again; a keyword is "
    "compared with the whole, so `process.name:(nc ncat)` finds neither.",
    bad=_rule("process.name:(«nc ncat»)"),
    good=_rule("process.name:(nc OR ncat)"),
)
