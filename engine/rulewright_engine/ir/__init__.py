"""The form that EQL, KQL, Lucene and filters lower to.

expression   what is asked of one event: conditions, leaves, tests, values
query        one condition, a sequence or a sample, and how a query is read
fields       the types of fields
operators    the operators of all languages; signatures: how the signature of a function is written
tree_paths   where a node stands in a condition; limits: how large a query may be
"""
