"""Sets of events that an ES|QL rule alerts on.

lowering, value_tests, case_changes            conditions as conditions of one event, for the solver
variables                                      the fields that they ask about, and what stands for other values
inverse, text_templates, values                from the value of a column to the fields that give it
event_builder, event_set                       events of one kind; many of them, and the trial runs to try them on
lookup_rows                                    the rows that they are joined with
multiplicity, distinct_values, timing, positives   what aggregates demand of the events; sets that raise an alert
contradiction                                  whether it is proven that there are none
"""
