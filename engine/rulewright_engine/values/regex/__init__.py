"""Backtracking regular expressions: Java's (REPLACE) and Oniguruma's (GROK). RLIKE is Lucene's: see `patterns`.

syntax      what an expression is made of
dialects    what Java and Oniguruma mean by escapes, flags and anchors
sets        text to sets of characters: escapes and classes
parser      text to syntax: branches, repetition, groups, anchors, references
classes     the sets of characters behind `\\w`, `[:alpha:]`, `\\p{L}`
emit, cost  syntax to a pattern of Python's `re`, and how long that may take to match
program     a matcher of its own in time bounded by length of text times length of pattern, for what `re` could hang on
bounded     syntax to such a program
search      one `Regex` over both
java        `replaceAll`
"""
