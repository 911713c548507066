"""Backtracking regular expressions: Java's (REPLACE) and Oniguruma's (GROK). RLIKE is Lucene's: see `patterns`.

syntax      what an expression is made of
parser      text to syntax; a dialect is a table of what its escapes, flags and anchors mean
classes     the sets of characters behind `\\w`, `[:alpha:]`, `\\p{L}`
emit        syntax to a pattern of Python's `re`, and how long that may take to match
bounded     a matcher of its own in time bounded by length of text times length of pattern, for what `re` could hang on
search      one `Regex` over both
java        `replaceAll`
"""
