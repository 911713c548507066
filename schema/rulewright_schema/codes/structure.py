"""The pages of RW1xx: what departs from rule.schema.json. `structure/` reports them."""

from rulewright_schema.codes.code import Code
from rulewright_schema.diagnostics import Level

__all__ = [
    "FOREIGN_KEY",
    "MISSING_KEY",
    "OUT_OF_BOUNDS",
    "UNEXPECTED_VALUE",
    "UNKNOWN_KEY",
    "UNKNOWN_RULE_TYPE",
    "WRONG_FORM",
    "WRONG_TYPE",
]

UNKNOWN_KEY = Code(
    code="RW101",
    name="unknown-key",
    level=Level.ERROR,
    title="every key of a rule file is one of the rule format",
    why="A misspelled key is silently without effect: the rule runs, but not as its author believes.",
    bad="""
[rule]
«descripton» = "A shell reads from a network socket."
""",
    good="""
[rule]
description = "A shell reads from a network socket."
""",
)
MISSING_KEY = Code(
    code="RW102",
    name="missing-key",
    level=Level.ERROR,
    title="a rule has every key that its type requires",
    why="Without it the SIEM refuses the rule, or nobody can tell what an alert means.",
    bad="""
«[rule]»
type = "threshold"
language = "kuery"
query = "event.category : authentication"
""",
    good="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : authentication"
threshold = { field = ["source.ip"], value = 20 }
""",
)
WRONG_TYPE = Code(
    code="RW103",
    name="wrong-type",
    level=Level.ERROR,
    title="a value has the type that its key takes",
    why="Tools that read the rule would stop at it, or read something else than was meant.",
    bad="""
[rule]
tags = «"OS: Linux"»
""",
    good="""
[rule]
tags = ["OS: Linux"]
""",
)
UNEXPECTED_VALUE = Code(
    code="RW104",
    name="unexpected-value",
    level=Level.ERROR,
    title="a key with a fixed set of values has one of them",
    why="Any other value has no meaning to the SIEM, which refuses the rule.",
    bad="""
[rule]
severity = «"severe"»
risk_score = 73
""",
    good="""
[rule]
severity = "high"
risk_score = 73
""",
)
OUT_OF_BOUNDS = Code(
    code="RW105",
    name="out-of-bounds",
    level=Level.ERROR,
    title="numbers, texts and lists keep within the bounds of their key",
    why="The SIEM refuses a value beyond them.",
    bad="""
[rule]
risk_score = «730»
""",
    good="""
[rule]
risk_score = 21
""",
)
WRONG_FORM = Code(
    code="RW106",
    name="wrong-form",
    level=Level.ERROR,
    title="dates, durations and versions are written in the form that their key takes",
    why="In another form they cannot be read, and the rule would not run when its author expects.",
    bad="""
[rule]
from = «"yesterday"»
""",
    good="""
[rule]
from = "now-9m"
""",
)
FOREIGN_KEY = Code(
    code="RW107",
    name="key-of-another-type",
    level=Level.ERROR,
    title="a rule has only keys that its type uses",
    why="The key has no effect in this type of rule, so part of what its author meant is lost.",
    bad="""
[rule]
type = "eql"
language = "eql"
query = "process where true"
«threshold» = { field = ["host.id"], value = 5 }
""",
    good="""
[rule]
type = "threshold"
language = "kuery"
query = "event.category : process"
threshold = { field = ["host.id"], value = 5 }
""",
)
UNKNOWN_RULE_TYPE = Code(
    code="RW108",
    name="unknown-rule-type",
    level=Level.ERROR,
    title="a rule has one of the seven types",
    why="The type decides what the other keys mean; without a known one the rule cannot be read further.",
    bad="""
[rule]
type = «"eqll"»
""",
    good="""
[rule]
type = "eql"
""",
)
