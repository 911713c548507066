"""EQL, the Event Query Language, in Elasticsearch's dialect.

tokens.py, cursor.py                               text to tokens, and the current one among them
expressions.py, filters.py, stages.py, parser.py   tokens to what was written (`ast.py`; `printer.py` writes it back)
literals.py, values.py, comparisons.py             what stands on the sides of a condition, and its types
conditions.py, lower.py                            what was written to the typed `Query` that evaluation knows
problems.py, codes.py                              mistakes in words, and the pages that explain them
"""
