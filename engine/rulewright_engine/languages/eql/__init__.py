"""EQL, the Event Query Language, in Elasticsearch's dialect.

tokens.py, cursor.py                               text to tokens, and a place among them
expressions.py, filters.py, stages.py, parser.py   tokens to what was written (`ast.py`; `printer.py` writes it back)
values.py, conditions.py, lower.py                 what was written to the typed `Query` that evaluation knows
codes.py                                           the pages that explain what can be wrong
"""
