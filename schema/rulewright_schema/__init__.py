"""What a rule file may say.

files/                 from files to rules: where they are, what they hold, where each value stands
rule.py, checks/       the typed rule, and what is wrong with one; codes/: a page for each kind of problem
source.py, diagnostics.py   texts and problems as values; config.py: a project's settings
catalogue/, attack/    the reference data: fields and MITRE ATT&CK
wording.py             how all packages count, list, quote and shorten; durations.py: lengths of time; limits.py: bounds

Internal: `import rulewright` is the public API.
"""
