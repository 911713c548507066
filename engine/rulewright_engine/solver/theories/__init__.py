"""Theories: which atoms about one field, or about fields that a condition relates, can be true together.

protocol                  what a theory is asked and answers
field_atoms, field_theory the atoms about one field; what theories of one field share: absence, arrays, pairs
interval, string, token   numbers, dates and addresses; texts; analysed texts
relational                fields that a condition relates to each other
combination               which theory decides a variable
automata_intersection, text_automata, candidate_texts, plain_tests   how texts are found
"""
