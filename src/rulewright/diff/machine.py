"""The comparison of one rule for programs: one JSON object a line."""

import json
from typing import Any

from rulewright.diff.entries import Entry
from rulewright.diff.parts import Part, Witness

__all__ = ["as_json"]


def as_json(entry: Entry) -> str:
    data: dict[str, Any] = {"relation": str(entry.status), "name": entry.name, "old": entry.old, "new": entry.new}
    if entry.comparison is not None:
        data["parts"] = [_part(part) for part in entry.comparison.parts]
        data |= _sides(entry.comparison.lost, entry.comparison.gained)
        if entry.comparison.note:
            data["note"] = entry.comparison.note
    return json.dumps(data, ensure_ascii=False)


def _part(part: Part) -> dict[str, Any]:
    data: dict[str, Any] = {"part": part.name, "relation": str(part.relation)}
    data |= {key: text for key in ("old", "new", "doubt") if (text := getattr(part, key))}
    return data | _sides(part.lost, part.gained)


def _sides(lost: Witness | None, gained: Witness | None) -> dict[str, Any]:
    """Events that only the old, and that only the new rule finds."""
    return {
        key: {"events": list(witness.events), **({"because": witness.because} if witness.because else {})}
        for key, witness in (("lost", lost), ("gained", gained))
        if witness is not None
    }
