"""The pages of RW0xx: what keeps a file from being read as a rule. `load.py` and `discover.py` report them."""

from rulewright_schema.codes.code import Code
from rulewright_schema.diagnostics import Level

__all__ = [
    "BYTE_ORDER_MARK",
    "EMPTY",
    "NOT_TEXT",
    "NOT_TOML",
    "NO_RULE_TABLE",
    "TOO_DEEP",
    "TOO_LARGE",
    "UNREADABLE",
]

_GOOD = '[metadata]\ncreation_date = "2024/01/31"\n# ...\n\n[rule]\nname = "Reverse Shell"\n# ...\n'

UNREADABLE = Code(
    code="RW001",
    name="unreadable-file",
    level=Level.ERROR,
    title="a rule file can be read",
    why="The file does not exist, is a folder, or may not be read by this user, so nothing can be said about the rule.",
    bad="$ chmod 000 rule.toml\n",
    good="$ chmod 644 rule.toml\n",
)
EMPTY = Code(
    code="RW002",
    name="empty-file",
    level=Level.ERROR,
    title="a rule file holds a rule",
    why="A file without content is most often a write that was cut short.",
    bad="",
    good=_GOOD,
)
NOT_TEXT = Code(
    code="RW003",
    name="not-text",
    level=Level.ERROR,
    title="a rule file is text in UTF-8",
    why="TOML is defined over UTF-8 only. Text in another encoding would change its meaning from machine to machine.",
    bad='[rule]\nname = "caf\\xe9"   # one byte of Latin-1\n',
    good='[rule]\nname = "café"\n',
)
BYTE_ORDER_MARK = Code(
    code="RW004",
    name="byte-order-mark",
    level=Level.ERROR,
    title="a rule file does not start with a byte order mark",
    why="The mark is invisible, TOML does not allow it, and other tools stop at it with a confusing message.",
    bad="\\xef\\xbb\\xbf[metadata]\n",
    good="[metadata]\n",
)
TOO_LARGE = Code(
    code="RW005",
    name="file-too-large",
    level=Level.ERROR,
    title="a rule file is at most 4 MiB",
    why="Rules come from strangers' pull requests; a bound keeps a single file from exhausting the machine.",
    bad='[rule]\nquery = "...five million characters..."\n',
    good='[rule]\nquery = "process where true"\n',
)
TOO_DEEP = Code(
    code="RW006",
    name="nested-too-deeply",
    level=Level.ERROR,
    title="tables and arrays nest at most 100 levels",
    why="No rule needs more, and deeper nesting is a way to exhaust the stack of the tools that read it.",
    bad="[rule]\nfilters = [[[[[[...]]]]]]\n",
    good="[rule]\nfilters = []\n",
)
NOT_TOML = Code(
    code="RW007",
    name="invalid-toml",
    level=Level.ERROR,
    title="a rule file is valid TOML",
    why="Until the syntax is right, nothing else in the file can be trusted.",
    bad='[rule]\nname = "Reverse Shell\n',
    good='[rule]\nname = "Reverse Shell"\n',
)
NO_RULE_TABLE = Code(
    code="RW008",
    name="no-rule-table",
    level=Level.ERROR,
    title="a rule file has a `[rule]` table",
    why="The table is what makes a TOML file a rule.",
    bad='[metadata]\ncreation_date = "2024/01/31"\n',
    good=_GOOD,
)
