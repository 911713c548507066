"""What a value is and how it compares; knows no query.

addresses, dates, versions   text to numbers that compare, and back
case_folding, text_analyzer  texts that ignore case, and the tokens of analysed text
patterns/                    globs and Lucene's regular expressions as matchers and automata
regex/                       regular expressions with captures, for REPLACE, GROK and RLIKE
"""
