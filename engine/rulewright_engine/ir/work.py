"""A budget of work, counted and not timed, so that a search ends at the same place on every machine.

Whoever does much on behalf of one rule calls `spend`; whoever answers for one rule sets a `budget` around it, and says
what was left out when `WorkExceeded` comes. Without a budget nothing is counted.

>>> with budget(100):
...     spend(60)
...     spend(60)
Traceback (most recent call last):
    ...
rulewright_engine.ir.work.WorkExceeded: the rule is too large to be searched in full
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from rulewright_schema.errors import RulewrightError

__all__ = ["TOO_LARGE", "WorkExceeded", "budget", "spend"]

TOO_LARGE = "the rule is too large to be searched in full"
"""Why something was not looked for, for people."""


class WorkExceeded(RulewrightError):
    """The budget is spent; the text of the exception is `TOO_LARGE`."""

    def __init__(self) -> None:
        super().__init__(TOO_LARGE)


@dataclass(slots=True)
class _Budget:
    left: int


_CURRENT: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def budget(amount: int) -> Iterator[None]:
    """Let the work inside spend `amount`, and no more than a budget around it has left.

    One unit is about a microsecond: one condition of one event.
    """
    outer = _CURRENT.get()
    allowed = amount if outer is None else max(min(amount, outer.left), 0)
    inner = _Budget(allowed)
    token = _CURRENT.set(inner)
    try:
        yield
    finally:
        _CURRENT.reset(token)
        if outer is not None:
            outer.left -= allowed - inner.left


def spend(amount: int) -> None:
    """Count work that is about to be done. Raises `WorkExceeded` where there is a budget and it does not allow it."""
    current = _CURRENT.get()
    if current is not None:
        current.left -= amount
        if current.left < 0:
            raise WorkExceeded
