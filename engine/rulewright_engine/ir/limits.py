"""How large a query and its events may be: rules come from strangers, and no rule comes near these."""

__all__ = [
    "MAX_EVENT_DEPTH",
    "MAX_FIELDS_APART",
    "MAX_QUERY_CONDITIONS",
    "MAX_QUERY_DEPTH",
    "MAX_QUERY_LENGTH",
    "MAX_QUERY_PROBLEMS",
]

MAX_QUERY_LENGTH = 250_000
"""Characters of a query; the longest of the public rules has 46,906. ES|QL has a bound of its own."""

MAX_QUERY_DEPTH = 100
"""Levels of brackets and operators inside one another: well below what recursion may take."""

MAX_QUERY_CONDITIONS = 50_000
"""Conditions of a query, when names with wildcards and values without a field are spread over all known fields."""

MAX_QUERY_PROBLEMS = 50
"""Problems of one query that are told; whoever mends fifty has seen what is wrong."""

MAX_FIELDS_APART = 100
"""Fields that a value is looked for in one by one; of more, all but a few are one condition."""

MAX_EVENT_DEPTH = 100
"""Levels of objects and arrays of an event: well below what recursion may take."""
