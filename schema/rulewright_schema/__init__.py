"""What a rule file may say.

load.py, discover.py   a file becomes a RuleFile: text, data, typed rule (rule.py, build.py), diagnostics
positions.py           where each key and value stands; source.py, diagnostics.py: places and problems
structure/, checks/    what is wrong with a rule, each kind with its page (codes/); config.py: a project's settings
catalogue/, attack/    the reference data: fields and MITRE ATT&CK
wording.py             how all packages count, list, quote and shorten; durations.py: lengths of time; limits.py: bounds

Internal: `import rulewright` is the public API.
"""
