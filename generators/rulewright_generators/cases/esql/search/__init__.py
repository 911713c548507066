"""Sets of events that stay quiet, or that kill a mutant.

edits, proofs, near_misses     small changes of a set; for each condition one that it alone keeps quiet
adjacent_variants, group_pairs  sets that are quiet for another reason; sets of two groups
guided_search, goals           step by step to what no solver answers; what is wanted of events there
seed_values, killing_search    for the mutants that survive: values to try first, and the search
"""
