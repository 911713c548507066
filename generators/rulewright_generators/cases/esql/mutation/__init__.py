"""Mutants of ES|QL rules.

operators, mutants   small changes of a test, and of a query
kill_matrix          which of them cases tell from the query
equivalence          what tells a mutant from its query, and the proof that nothing does
"""
