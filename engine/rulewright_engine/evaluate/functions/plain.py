"""What is said of a call, said as a plain test of one of its arguments."""

from collections.abc import Callable
from dataclasses import dataclass

from rulewright_engine.ir.expression import Test, Value

__all__ = ["PlainTest", "Preimage"]


@dataclass(frozen=True, slots=True)
class PlainTest:
    """The call meets what was asked of it exactly when its argument meets `test` (`holds`), or does not meet it."""

    test: Test
    holds: bool = True


Preimage = Callable[[tuple[Value, ...], Test, bool], PlainTest | None]
"""From the arguments of a call, a test of its result and whether it ignores case: the test of its only field that means
the same for every value that is there; None where there is none."""
