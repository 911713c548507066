"""EQL, the Event Query Language, in Elasticsearch's dialect. `reader.read` goes from text to a typed query.

tokens.py, cursor.py                               text to tokens, and a place among them
expressions.py, filters.py, stages.py, parser.py   tokens to what was written (`ast.py`; `printer.py` writes it back)
values.py, conditions.py, lower.py                 what was written to the typed `Query` that evaluation knows
problems.py, codes.py                              what can be wrong, and the page that explains each
"""
