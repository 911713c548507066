"""What follows from a rule. Each room imports only from those below it.

guides    investigation guides
exports   Sigma rules and Kibana's rule NDJSON
cases     cases that prove a rule: events, and the alerts they must raise
writing   templates, escaping, and files that are written all at once

Internal: `import rulewright` is the public API.
"""
