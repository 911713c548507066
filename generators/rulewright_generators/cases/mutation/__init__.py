"""Mutants: a rule with one small change, and the events that tell it from the rule.

operators, condition_mutants    the changes that a condition may have, and what kills each mutant
rule_mutants                    changes of what a rule does with the events that it finds
candidates, boundaries, variations   events of one condition, and those just beside them that kill what is left
minimisation                    few events that do what all of them do
"""
