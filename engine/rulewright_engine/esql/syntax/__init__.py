"""From the text of an ES|QL query to its syntax tree.

tokens, stream, literals         text to tokens, and the means to read them
expressions, commands, parser    tokens to `ast`; traversal: every expression of it; timespans: spans of time
operators                        which function an operator or a cast calls
problems, codes                  every mistake, in words, and the page that explains it
"""
