"""What a run of a rule gives: alerts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rulewright_engine.ir.expression import Scalar

__all__ = ["Alert"]


@dataclass(frozen=True, slots=True)
class Alert:
    """`events` are the positions of the events that raised it, -1 for the missing event of a sequence.

    `keys` are the values of the group or combination it stands for, `suppressed` the events that would have raised an
    alert of their own, were it not for this one. `columns` are the cells of an ES|QL row that are not null; an
    aggregated row has no document beside them.
    """

    events: tuple[int, ...]
    keys: tuple[Scalar, ...] = ()
    suppressed: tuple[int, ...] = ()
    is_building_block: bool = False
    columns: Mapping[str, Any] = field(default_factory=dict, compare=False)
    is_aggregated: bool = False
