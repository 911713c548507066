"""From the text of an ES|QL query to its syntax tree.

tokens, stream, literals         text to tokens, and the means to read them
operands, expressions            tokens to `ast`, from the small
commands, pipeline, parser       to the whole
traversal, timespans             every expression of a tree; spans of time
operators                        which function an operator or a cast calls
problems, codes                  every mistake, in words, and the page that explains it
"""
