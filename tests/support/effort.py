"""How much is tried: `RULEWRIGHT_LONG=20` in the environment has random tests and samples try 20 times as much."""

import os

__all__ = ["FACTOR", "every", "times"]

FACTOR = int(os.environ.get("RULEWRIGHT_LONG", "1"))


def times(usual: int) -> int:
    """How many examples."""
    return usual * FACTOR


def every(usual: int) -> int:
    """Of a sequence one in how many."""
    return max(1, usual // FACTOR)
