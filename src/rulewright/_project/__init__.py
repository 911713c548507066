"""The rules that a command works on.

project        found, loaded and checked once, with their settings
proof          whether a rule is proven; coverage: how much its cases prove
codes          the pages of all codes
atomic_files   files that are replaced as a whole
"""
