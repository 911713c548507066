"""The rules that a command works on.

project        found, loaded and checked once, with their settings
run            a rule over events
proof          whether a rule is proven; proof_problems: what it lacks; coverage: how much its cases prove
case_problems  what is wrong with a case; case_fields: fields in it that nobody knows
case_changes   what a new text of a file of cases does to the cases in it
outputs        the files that are made of rules: cases, guides, exports
codes          the pages of all codes
atomic_files   files that are replaced as a whole
"""
