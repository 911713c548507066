"""The cases of each rule type but ES|QL.

event_query                                      rules that judge single events
sequences, samples                               with joined_cases, joined_events, joint_condition
threshold, new_terms, threat_match, suppression  with single_condition
stage_conditions                                 every leaf, in a case that is otherwise complete
"""
