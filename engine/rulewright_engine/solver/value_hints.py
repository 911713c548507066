"""What makes a solution believable: ordinary values of fields, and what a wildcard ordinarily stands for.

The solver prefers what it is offered here and needs none of it; nor what solvers of other conditions have found.
"""

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulewright_engine.ir.expression import Field, Scalar

__all__ = ["NO_HINTS", "Hints"]


def _no_values(field: Field) -> Sequence[Scalar]:
    return ()


def _no_text(field: Field, before: str, after: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Hints:
    """`values`: ordinary values of a field, the best first; `fill`: the text of a `*` between two literal texts.

    `searched` holds what searches for texts have found, and is to be shared by solvers of one rule alone: what they
    find must not depend on the rules before.
    """

    values: Callable[[Field], Sequence[Scalar]] = _no_values
    fill: Callable[[Field, str, str], str] = _no_text
    searched: MutableMapping[Any, Any] | None = None


NO_HINTS = Hints()
