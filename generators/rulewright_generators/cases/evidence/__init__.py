"""What cases show.

results           the alerts of each case, and where it fails, the condition that decided
coverage, score   which outcomes of each condition the cases show; what came of the mutants
confirmed_cases   cases in the making: each is run before it counts
"""
