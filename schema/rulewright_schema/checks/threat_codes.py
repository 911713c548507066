"""The pages of RW4xx: how a rule's threat mapping departs from MITRE ATT&CK. `threat.py` reports them."""

from rulewright_schema.codes.code import Code
from rulewright_schema.diagnostics import Level

__all__ = [
    "DEPRECATED_TECHNIQUE",
    "FOREIGN_SUBTECHNIQUE",
    "FOREIGN_TECHNIQUE",
    "REPEATED_TACTIC",
    "REVOKED_TECHNIQUE",
    "UNKNOWN_FRAMEWORK_VERSION",
    "UNKNOWN_TACTIC",
    "UNKNOWN_TECHNIQUE",
    "WRONG_REFERENCE",
    "WRONG_TACTIC_NAME",
    "WRONG_TECHNIQUE_NAME",
]

_EXECUTION = """
[rule.threat.tactic]
id = "TA0002"
name = "Execution"
reference = "https://attack.mitre.org/tactics/TA0002/"
"""
_UNIX_SHELL = """
[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = "T1059"
name = "Command and Scripting Interpreter"
reference = "https://attack.mitre.org/techniques/T1059/"
[[rule.threat.technique.subtechnique]]
id = "T1059.004"
name = "Unix Shell"
reference = "https://attack.mitre.org/techniques/T1059/004/"
"""
_SOUND = _UNIX_SHELL + _EXECUTION

UNKNOWN_TACTIC = Code(
    code="RW401",
    name="unknown-tactic",
    level=Level.ERROR,
    title="a tactic is one of ATT&CK's",
    why="Coverage maps and the SIEM's ATT&CK view leave the rule out.",
    bad=_UNIX_SHELL + _EXECUTION.replace('"TA0002"', '«"TA0102"»', 1),
    good=_SOUND,
)
WRONG_TACTIC_NAME = Code(
    code="RW402",
    name="wrong-tactic-name",
    level=Level.ERROR,
    title="a tactic has the name that ATT&CK gives it",
    why="The id says one thing and the name another: one of them misleads.",
    bad=_UNIX_SHELL + _EXECUTION.replace('"Execution"', '«"Discovery"»'),
    good=_SOUND,
)
UNKNOWN_TECHNIQUE = Code(
    code="RW403",
    name="unknown-technique",
    level=Level.ERROR,
    title="a technique is one of ATT&CK's",
    why="Coverage maps and the SIEM's ATT&CK view leave the rule out.",
    bad=_UNIX_SHELL.replace('"T1059.004"', '«"T1059.404"»') + _EXECUTION,
    good=_SOUND,
)
WRONG_TECHNIQUE_NAME = Code(
    code="RW404",
    name="wrong-technique-name",
    level=Level.ERROR,
    title="a technique has the name that ATT&CK gives it",
    why="The id says one thing and the name another: one of them misleads.",
    bad=_UNIX_SHELL.replace('"Unix Shell"', '«"Bash"»') + _EXECUTION,
    good=_SOUND,
)
REVOKED_TECHNIQUE = Code(
    code="RW405",
    name="revoked-technique",
    level=Level.ERROR,
    title="a technique is in force",
    why="ATT&CK has replaced it; current coverage maps do not show it any more.",
    bad="""
[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = «"T1086"»
name = "PowerShell"
reference = "https://attack.mitre.org/techniques/T1086/"
"""
    + _EXECUTION,
    good=_SOUND,
)
DEPRECATED_TECHNIQUE = Code(
    code="RW406",
    name="deprecated-technique",
    level=Level.WARNING,
    title="a technique is not deprecated by ATT&CK",
    why="ATT&CK has given it up without a replacement; another technique describes the behaviour better.",
    bad="""
[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = «"T1064"»
name = "Scripting"
reference = "https://attack.mitre.org/techniques/T1064/"
"""
    + _EXECUTION,
    good=_SOUND,
)
FOREIGN_TECHNIQUE = Code(
    code="RW407",
    name="technique-of-another-tactic",
    level=Level.ERROR,
    title="a technique stands under a tactic that it serves",
    why="In coverage maps the technique has no cell below that tactic, so the rule does not appear.",
    bad="""
[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = «"T1046"»
name = "Network Service Discovery"
reference = "https://attack.mitre.org/techniques/T1046/"
"""
    + _EXECUTION,
    good="""
[[rule.threat]]
framework = "MITRE ATT&CK"
[[rule.threat.technique]]
id = "T1046"
name = "Network Service Discovery"
reference = "https://attack.mitre.org/techniques/T1046/"
[rule.threat.tactic]
id = "TA0007"
name = "Discovery"
reference = "https://attack.mitre.org/tactics/TA0007/"
""",
)
FOREIGN_SUBTECHNIQUE = Code(
    code="RW408",
    name="subtechnique-of-another-technique",
    level=Level.ERROR,
    title="a sub-technique stands under its technique",
    why="The mapping contradicts itself: nobody can tell which of the two was meant.",
    bad=_UNIX_SHELL.replace('"T1059.004"', '«"T1053.003"»')
    .replace("Unix Shell", "Cron")
    .replace("T1059/004", "T1053/003")
    + _EXECUTION,
    good=_SOUND,
)
WRONG_REFERENCE = Code(
    code="RW409",
    name="wrong-reference",
    level=Level.ERROR,
    title="a reference leads to the page of its tactic or technique",
    why="The analyst who follows the link reads about something else.",
    bad=_UNIX_SHELL.replace(
        '"https://attack.mitre.org/techniques/T1059/"', '«"https://attack.mitre.org/techniques/T1095/"»'
    )
    + _EXECUTION,
    good=_SOUND,
)
REPEATED_TACTIC = Code(
    code="RW410",
    name="repeated-tactic",
    level=Level.WARNING,
    title="a rule names each tactic once",
    why="Readers and tools look for all techniques of a tactic in one place.",
    bad=_SOUND
    + _SOUND.replace('"TA0002"', '«"TA0002"»', 1)
    .replace("T1059.004", "T1059.006")
    .replace("Unix Shell", "Python")
    .replace("T1059/004", "T1059/006"),
    good=_SOUND,
)
UNKNOWN_FRAMEWORK_VERSION = Code(
    code="RW411",
    name="unknown-framework-version",
    level=Level.WARNING,
    title="a threat mapping declares a version of ATT&CK that is known here",
    why="Against an unknown version the mapping cannot be checked.",
    bad="""
[[rule.threat]]
framework = "MITRE ATT&CK"
framework_version = «"3.0"»
"""
    + _EXECUTION,
    good="""
[[rule.threat]]
framework = "MITRE ATT&CK"
framework_version = "18.1"
"""
    + _EXECUTION,
)
