"""EQL, the Event Query Language, in Elasticsearch's dialect.

tokens.py   text to tokens; strings and their escapes
ast.py      what was written; printer.py writes it back
parser.py   tokens to a query (events, sequences, samples, pipes); expressions.py to an expression
lower.py    the typed `Query` that evaluation knows; values.py types what stands on the sides of a condition
"""
