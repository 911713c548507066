"""From the syntax tree of an ES|QL query to a typed plan.

scope, plan              which columns there are after each command; the steps over them
query, versions          a query as a rule holds it; what of it came with a stack version
columns                  those that FROM enumerates
typing, signatures       what each expression is, and which signature a call fits
stats, lookups           STATS; LOOKUP JOIN and ENRICH
search, search_options   KQL, QSTR, MATCH and `:`, which ask the evaluator of the other languages; their options
commands, analyze        one command to a step; the whole of a query; warnings: what went wrong while a query ran
"""
