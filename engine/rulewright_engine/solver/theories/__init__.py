"""Which values one field, or several that are related, can have.

protocol                                what a theory is asked and answers; field_theory: what those of one field share
interval, string, token, relational     numbers, dates and addresses; texts; analysed texts; fields that a leaf relates
combination                             which theory a variable belongs to
automata_intersection, test_automata, candidate_texts, plain_tests   how texts are found
"""
