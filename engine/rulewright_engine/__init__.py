"""What a query means, in eight rooms. Each imports only from those below it.

checks     what is wrong with the query of a rule
rules      a rule as it runs, and when it alerts
solver     whether a condition can be true, and what follows from what
esql       ES|QL, a language of its own: from text to table
languages  EQL, KQL, Lucene and filters: from text to the common form
evaluate   what the common form means over events
ir         the common form: conditions, queries, field types
values     what a value is and how it compares: addresses, dates, case, versions, patterns

Internal: `import rulewright` is the public API.
"""
