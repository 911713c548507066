"""The rules that a command works on.

project        found, loaded and checked once, with their settings
run            a rule over events
proof          whether a rule is proven; proof_problems: what it lacks; coverage: how much its cases prove
outputs        the files that are made of rules: cases, guides, exports
codes          the pages of all codes
atomic_files   files that are replaced as a whole
"""
