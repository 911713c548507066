"""From the plan of an ES|QL query and some events to rows, and to alerts.

documents, compile, aggregation   events to rows, expressions to closures, groups
lookups                           the rows of other tables that LOOKUP JOIN and ENRICH add
execute, run                      the steps of a plan; a query as a user calls it
alerts                            which rows alert, and of which events
explain                           what each command made of each event
"""
