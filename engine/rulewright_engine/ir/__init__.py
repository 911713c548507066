"""The form that EQL, KQL, Lucene and filters lower to.

tree         what every tree of nodes answers: walk, find, replace, transform, fold
expression   what is asked of one event: conditions, tests, values
search_options what a search asks for beyond its text: fuzziness, how many words, time zone
query        one condition, a sequence or a sample, the parts of each, and how a query is read
fields       the types of fields; limits: how large a query may be; work: how much may be done for one rule
operators    the operators of all languages; signatures: how the signature of a function is written
"""
