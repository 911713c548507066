"""From sets of events to cases.

case_writer       documents, the alerts that a run of the rule raises, and a sentence
coverage_matrix   what cases show of each condition, and which of them are kept
"""
