"""What tests share. `pythonpath` in pyproject.toml makes it importable: `from support.rules import rule_with`.

paths       the folders of the repository and the data files
rules       rules from a query or a short example, compiled; cases: what is generated from them
eql, kql, lucene, esql      reading queries of one language over a mapping
the rest    what a few tests need: a small world of events, the command line, z3, SQLite, published files
"""
