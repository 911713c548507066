"""What makes a solution plausible: ordinary values of fields, and what a wildcard ordinarily stands for.

The solver prefers what it is offered here and needs none of it: with other hints it finds other values, and never
another answer to whether there are any.
"""

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from rulewright_engine.ir.expression import Field, Scalar

__all__ = ["NO_HINTS", "ValueHints"]


def _no_values(field: Field) -> Sequence[Scalar]:
    return ()


def _no_text(field: Field, before: str, after: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class ValueHints:
    """`values`: ordinary values of a field, the best first; `fill`: the text of a `*` between two literal texts.

    `cache` holds what searches for texts have found, and is to be shared by solvers of one rule alone: what they find
    must not depend on the rules before.
    """

    values: Callable[[Field], Sequence[Scalar]] = _no_values
    fill: Callable[[Field, str, str], str] = _no_text
    cache: MutableMapping[Any, Any] | None = None


NO_HINTS = ValueHints()
