"""One line of a table of cases: what the case is for, and the values that decide it."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import Leaf
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.guides.highlight import Piece
from rulewright_generators.writing.output import FileNames

__all__ = ["CaseRow", "FieldValue", "case_rows"]

_MOST_CONDITIONS = 3
_LONGEST_VALUE = 400
_FIRST, _LAST = 3, 1
"""Of many runs of events that differ: how many of the first and of the last are shown."""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What one field of some events in a row holds; `text` is empty when they have no such field, `name` for events
    that are not shown. `first` and `last` are positions."""

    name: str
    text: str
    first: int = 0
    last: int = 0

    @property
    def where(self) -> str:
        """Which events these are."""
        one = self.first == self.last
        return f"event {self.first + 1}" if one else f"events {self.first + 1} to {self.last + 1}"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case. `conditions` are the first that decide it, `more` how many others do; `values` are those of their fields.

    `why` comes in pieces: what stands in backticks is `code`.
    """

    anchor: str
    name: str
    is_positive: bool
    why: tuple[Piece, ...]
    conditions: tuple[str, ...]
    more: int
    values: tuple[FieldValue, ...]


def case_rows(
    cases: Iterable[Case], deciding: Mapping[str, tuple[str, ...]], conditions: Mapping[str, Leaf]
) -> dict[str, CaseRow]:
    """The rows by the names of the cases; `conditions` holds every single condition by its name."""
    anchors = FileNames()
    common = Counter(name for names in deciding.values() for name in names)
    rows: dict[str, CaseRow] = {}
    for case in cases:
        special_first = sorted(deciding.get(case.name, ()), key=common.__getitem__)
        rows[case.name] = _row(case, anchors.take(case.name), special_first, conditions)
    return rows


def _row(case: Case, anchor: str, deciding: Sequence[str], conditions: Mapping[str, Leaf]) -> CaseRow:
    """`deciding` begins with what is special to this case."""
    first = tuple(deciding[:_MOST_CONDITIONS])
    values = tuple(_values(case, [conditions[name] for name in first if name in conditions]))
    why = tuple(_pieces(case.why))
    return CaseRow(anchor, case.name, case.is_positive, why, first, len(deciding) - len(first), values)


def _values(case: Case, conditions: Iterable[Leaf]) -> Iterator[FieldValue]:
    """The values of the fields that the conditions read; events in a row that have the same one are named once."""
    events = [Event(document) for document in case.events]
    for name in dict.fromkeys(field.name for leaf in conditions for field in leaf.value.fields()):
        held = [_shown(event.raw(name)) for event in events]
        runs = [list(run) for _, run in groupby(range(len(held)), key=held.__getitem__)]
        hidden = range(_FIRST, len(runs) - _LAST)
        for number, run in enumerate(runs):
            if len(hidden) < 2 or number not in hidden:
                yield FieldValue(name, held[run[0]], run[0], run[-1])
            elif number == hidden[0]:
                yield FieldValue("", "", run[0], runs[hidden[-1]][-1])


def _shown(values: list[Any]) -> str:
    if not values:
        return ""
    text = json.dumps(values[0] if len(values) == 1 else values, ensure_ascii=False)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _pieces(text: str) -> Iterator[Piece]:
    for number, part in enumerate(re.split(r"`([^`]*)`", text)):
        if part:
            yield Piece("code" if number % 2 else "", part)
