"""What a rule file may say.

files/                 from files to rules: where they are, what they hold, where each value stands
rule.py, checks/       the typed rule, and what is wrong with one; codes/: a page for each kind of problem
source.py, diagnostics.py   texts and problems as values; errors.py: the exceptions
config.py, diff_policy.py   a project's settings; stack.py: versions of the Elastic Stack
catalogue/, attack/    the reference data: fields and MITRE ATT&CK
wording.py, similar.py      how all packages count, list, quote and shorten; words that may have been meant
jsonlines.py, json_text.py, resources.py   files of JSON objects, JSON as an index takes it, files of the package
durations.py, limits.py     lengths of time; bounds

Internal: `import rulewright` is the public API.
"""
