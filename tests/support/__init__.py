"""What tests share. `pythonpath` in pyproject.toml makes it importable: `from support.rules import rule_with`.

paths, effort   the folders of the repository and the data files; how much random tests try
rules, cases    rules from a query, a short example or a file, compiled; the cases that are generated from them
ruleset         our own rules, opened once; style: the style of every diagnostic; command_line: `run`, in process
eql, kql, lucene, esql      reading queries of one language over a mapping
the rest        what a few tests need: a small world of events, random conditions, z3, SQLite, published files
"""
