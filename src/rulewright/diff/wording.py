"""Words that the terminal and Markdown share."""

import json
from collections.abc import Iterator

from rulewright.diff.entries import Entry
from rulewright.diff.parts import Part, Witness
from rulewright.diff.relation import Relation

__all__ = ["MEANING", "fields_of_witness", "part_words", "witnesses"]

MEANING = {
    Relation.EQUAL: "finds the same",
    Relation.NARROWER: "finds less",
    Relation.WIDER: "finds more",
    Relation.BOTH: "finds something new, and something no longer",
    Relation.CHANGED: "is changed, in a direction that cannot be told",
    Relation.UNDECIDED: "may be changed: the search for a difference was given up",
    "added": "is new",
    "removed": "is gone",
    "unreadable": "cannot be read",
}
SHOWN = 8
"""Fields of an event that are shown."""


def part_words(part: Part) -> str:
    """`maxspan: 5m -> 1m (narrower)`."""
    change = f"{part.old or 'none'} -> {part.new or 'none'} " if part.old != part.new else ""
    return f"{part.name}: {change}({part.relation})" if change else f"{part.name}: {part.relation}"


def witnesses(entry: Entry) -> Iterator[tuple[str, str, Witness]]:
    """The part, what becomes of the events, and the events."""
    assert entry.comparison is not None
    comparison = entry.comparison
    for name, lost, gained in [
        *((part.name, part.lost, part.gained) for part in comparison.parts),
        ("", comparison.lost, comparison.gained),
    ]:
        if lost is not None:
            yield name, "no longer", lost
        if gained is not None:
            yield name, "now", gained


def fields_of_witness(witness: Witness) -> list[str]:
    """`process.name = "nc"` for the fields that the conditions read; of a run, how many events it has."""
    if not witness.shown:
        return [f"a run of {len(witness.events)} events"]
    lines = [
        f"{name} is missing" if value is None else f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name, value in witness.shown.items()
        if value is not None or name in witness.because
    ]
    more = len(lines) - SHOWN
    if more > 1:
        return [*lines[:SHOWN], f"and {more} more fields"]
    return lines or ["an event without the fields that are asked for"]
