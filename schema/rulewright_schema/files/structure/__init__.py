"""Does a file have the shape of a rule? rule.schema.json says so, for editors and for us.

rule.schema.json  the shape: JSON Schema draft-07, one definition a rule type
accept.py         the same schema as compiled predicates: the quick yes for the many files without a mistake
problems.py       what jsonschema, the validator of record, finds wrong with the others, as diagnostics
"""

from rulewright_schema.files.structure.accept import rule_schema
from rulewright_schema.files.structure.problems import is_buildable, structure_problems

__all__ = ["is_buildable", "rule_schema", "structure_problems"]
