"""The kinds of problem that Rulewright reports, and the page that explains each.

code.py       Code (one kind and its page), Profile, CODES (all that are registered)
files.py      RW0xx: what keeps a file from being read as a rule
isolation.py  RW012: a defect of Rulewright itself, which stays with the rule that meets it
structure.py  RW1xx: what departs from rule.schema.json
              The codes of a check stand beside the check (`checks/` here and in the engine).
"""

from rulewright_schema.codes.code import CODES, Code, Profile

__all__ = ["CODES", "Code", "Profile"]
