"""The kinds of problem that Rulewright reports, and the page that explains each.

code.py       Code (one kind and its page), Profile, CODES (all that are registered)
files.py      RW0xx: what keeps a file from being read as a rule
structure.py  RW1xx: what departs from rule.schema.json
              The codes of a check stand beside the check (`checks/` here and in the engine).
"""

from rulewright_schema.codes.code import CODES, Code, Profile

__all__ = ["CODES", "Code", "Profile"]
