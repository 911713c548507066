"""Sigma rules (specification 2.1) in the ECS taxonomy, with a list of what Sigma could not say.

codes.py      why a rule is refused
patterns.py   texts with wildcards, and Lucene's regular expressions in Sigma's dialect
items.py      conditions as search items, with what is lost; detection.py arranges them as named selections
logsource.py  which log source a rule reads; metadata.py the other keys
export.py     `to_sigma`: a whole rule; `write_sigma`: a folder of them; `export_rules`: what `rulewright export` does
"""

from rulewright_generators.exports.sigma.items import Loss, Profile

__all__ = ["Loss", "Profile"]
