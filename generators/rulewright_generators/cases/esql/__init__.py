"""Cases that prove an ES|QL rule.

prover     `EsqlProver`: what is asked of the cases of a rule
generate   `esql_cases`: the cases of a rule
writing/   event sets as cases, and which of them are kept
search/    event sets that stay quiet, or kill a mutant
mutation/  small changes of a query, which cases kill them, and the proof that one means the same
events/    event sets that raise an alert
plan/      the conditions on which a verdict may depend, what columns are made of, the query with a condition forced
"""

from rulewright_generators.cases.esql.prover import EsqlProver

__all__ = ["EsqlProver"]
