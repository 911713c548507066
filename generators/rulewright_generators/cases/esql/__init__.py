"""Cases that prove an ES|QL rule.

conditions, relevance, strictness   the conditions on which a verdict may hang, and which of them say nothing new
switches, judge   the query with a condition settled; what the interpreter says of events
origins   what each column of a plan is made of
lowering, asking   conditions as conditions of one event, for the solver; what has no inverse becomes a stand-in
inverse, templates   from the value of a stand-in to the fields that give it
makers, values, population   events of one kind: solved, inverted, filled in; many of them, and the bench to try them on
crowd, variation, timing, positives   what aggregates demand of the events; populations that raise an alert
edits, proofs, near_misses, beside   small changes of a population; for each condition one that it alone keeps quiet
mutations, mutants   small changes of a test, and of a query; kills: which of them cases tell from the query
hunting, probes, grouping   populations for the mutants that are still alive; two groups of events
equivalence   what tells a mutant from its query, and the proof that nothing does
evidence   what cases show of each condition, and which of them are kept
writing, generate   populations as cases; `esql_cases`: the cases of a rule
"""

from rulewright_generators.cases.esql.generate import EsqlCases, esql_cases, esql_coverage

__all__ = ["EsqlCases", "esql_cases", "esql_coverage"]
