"""How large a query may be: rules come from strangers, and no rule comes near these."""

__all__ = ["MAXIMUM_DEPTH", "MAXIMUM_LEAVES", "MAXIMUM_LENGTH", "MAXIMUM_PROBLEMS"]

MAXIMUM_LENGTH = 250_000
"""Characters of a query."""

MAXIMUM_DEPTH = 100
"""Brackets inside one another."""

MAXIMUM_LEAVES = 50_000
"""Conditions of a query, when names with wildcards and values without a field are spread over all known fields."""

MAXIMUM_PROBLEMS = 50
"""Problems of one query that are worth telling."""
