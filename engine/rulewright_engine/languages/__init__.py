"""From the text of a query to the common form.

parse                                the one door, whatever the language
problems                             what the reading of a query collects, and how it gives up
eql/, kql/, lucene/, filters/        a folder a language: tokens, ast, parser, lower
event_query                          from a condition to a query: for KQL and Lucene
index_semantics, field_resolution    how an index compares a value with a field, and which fields a name stands for
word_search                          a text of several words looked for in one field
field_codes, field_problems          what can be wrong with a field in any of them
"""
