"""KQL, by Kibana's grammar and its translation to Elasticsearch queries (semantics B2).

tokens     literals, keywords and operators: what a blank, a quote and a backslash mean
words      literals with the mistakes that people make in them
ast        what a query says, before any field has a type
parser     text -> ast, with a diagnostic for each mistake
lower      ast + field types -> the typed query
problems   every mistake, one function each; codes: their pages
"""
