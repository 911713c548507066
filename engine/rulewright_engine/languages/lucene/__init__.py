"""Lucene query strings, as Elasticsearch's `query_string` reads them (semantics B3).

tokens     words, phrases, regular expressions, ranges and operators
ast        what a query says, before any field has a type
parser     text -> ast, with a diagnostic for each mistake
lower      ast + field types -> the typed query
problems   every mistake, one function each; codes: their pages
"""
