"""The plan of an ES|QL rule, as the generator of cases sees it.

conditions, backward_slice, null_rejection   the conditions on which a verdict may hang; those that say nothing new
column_lineage, joined_fields                what each column is made of; columns of joined rows as fields of events
distance, gauge                              how far rows are from meeting a condition; events from an alert, or none
overrides, oracle                            the query with a condition forced; what the interpreter says of events
"""
