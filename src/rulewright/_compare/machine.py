"""The comparison of one rule for programs, as JSON."""

from typing import Any

from rulewright._compare.entries import Entry
from rulewright._compare.parts import Change, Part
from rulewright._compare.policy import Ruling
from rulewright._compare.runs import Run, Runs
from rulewright._compare.wording import because_words

__all__ = ["as_data"]


def as_data(entry: Entry, ruling: Ruling) -> dict[str, Any]:
    """`refused` and `warned` are kinds of change, by the policy of the settings."""
    data: dict[str, Any] = {"relation": str(entry.status), "verdict": str(ruling.verdict)}
    data |= {key: list(names) for key in ("refused", "warned") if (names := getattr(ruling, key))}
    data |= {"name": entry.name, "old": entry.old, "new": entry.new}
    comparison = entry.comparison
    if comparison is not None:
        data["parts"] = [_part(part) for part in comparison.parts]
        data |= _runs(comparison.runs)
        data |= {"single_valued": list(comparison.single)} if comparison.single else {}
        if comparison.attributes:
            data["attributes"] = [{"key": it.name, "old": it.old, "new": it.new} for it in comparison.attributes]
        data |= {"note": comparison.note} if comparison.note else {}
    return data


def _part(part: Part) -> dict[str, Any]:
    """`lost` and `gained` are events that only the old, or only the new condition is met by."""
    data: dict[str, Any] = {"part": part.name, "relation": str(part.relation)}
    data |= {key: text for key in ("old", "new", "reason") if (text := getattr(part, key))} | _witnesses(part)
    return data | ({"changes": [_change(each) for each in part.changes]} if part.changes else {})


def _change(change: Change) -> dict[str, Any]:
    """`difference` is null where it is not decided whether the change makes any."""
    data = {key: text for key in ("old", "new", "reason") if (text := getattr(change, key))}
    difference = None if change.reason else change.differs
    kind = "changed" if change.old and change.new else "removed" if change.old else "added"
    data |= {"only_content": True} if change.is_of_content else {}
    return {"change": kind, **data, "difference": difference, **_witnesses(change), **_runs(change.runs)}


def _witnesses(of: Part | Change) -> dict[str, Any]:
    return {
        key: {"event": witness.event, "because": because_words(witness, side)}
        for key, side, witness in (("lost", "new", of.lost), ("gained", "old", of.gained))
        if witness is not None
    }


def _runs(runs: Runs) -> dict[str, Any]:
    found = {key: getattr(runs, key) for key in ("lost", "gained", "otherwise")}
    return {key: _run(run) for key, run in found.items() if run is not None}


def _run(run: Run) -> dict[str, Any]:
    """Events, and the alerts of both rules as the positions of their events."""
    data: dict[str, Any] = {"alerts": {"old": run.old, "new": run.new}, "events": run.case.events}
    case = run.case
    beside = {
        "history": case.history,
        "indicators": case.indicators,
        "answers": case.answers,
        "lookups": case.lookups,
    }
    return data | {key: documents for key, documents in beside.items() if documents}
