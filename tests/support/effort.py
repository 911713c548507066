"""How much is tried: `RULEWRIGHT_LONG=20` in the environment has random tests and samples try 20 times as much.

And how much work something takes, counted, for time says more of the machine than of the program.
"""

import os
import sys
from collections.abc import Callable
from types import FrameType

__all__ = ["FACTOR", "calls_of", "every", "times"]

FACTOR = int(os.environ.get("RULEWRIGHT_LONG", "1"))


def times(usual: int) -> int:
    """How many examples."""
    return usual * FACTOR


def every(usual: int) -> int:
    """Of a sequence one in how many."""
    return max(1, usual // FACTOR)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions are called, those of C included."""
    count = 0

    def watch(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
