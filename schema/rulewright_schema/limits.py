"""How large a rule file may be, and how much of what is wrong with it is told: files come from strangers."""

__all__ = ["DEFAULT_MAX_SIGNALS", "MAX_FILE_DEPTH", "MAX_FILE_SIZE", "MAX_SAME_PROBLEMS"]

MAX_FILE_SIZE = 4 * 1024 * 1024
"""Bytes of a rule file; the largest public rule has 60 thousand."""

MAX_FILE_DEPTH = 100
"""Levels of tables and arrays in a rule file; the public rules reach 8."""

MAX_SAME_PROBLEMS = 100
"""Problems with the same code that are told of one file; whoever mends a hundred has seen what is wrong."""

DEFAULT_MAX_SIGNALS = 100
"""Alerts of one run where the rule has no `max_signals`, as in Kibana."""
