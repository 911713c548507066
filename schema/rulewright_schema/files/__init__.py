"""From files to rules.

discover      which files hold rules
load          a file becomes a RuleFile: text, data, typed rule, diagnostics; build: data to the classes of rule.py
structure/    what departs from the JSON Schema; toml_errors: what is no TOML
positions     where each key and value stands
"""
