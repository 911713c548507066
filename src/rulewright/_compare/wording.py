"""Words that the terminal and Markdown share."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rulewright._compare.entries import Entry
from rulewright._compare.parts import Change, Part, Witness
from rulewright._compare.runs import Run, Runs
from rulewright_engine.rules.wording import numbers_text, value_text
from rulewright_engine.solver.analysis.relation import Relation
from rulewright_schema.wording import listed, shortened

__all__ = [
    "MAX_SHOWN_FIELDS",
    "MEANING",
    "Told",
    "because_words",
    "event_lines",
    "note_words",
    "part_words",
    "place_words",
    "runs_of",
    "single_words",
    "told_changes",
]

MEANING = {
    Relation.EQUAL: "finds the same",
    Relation.NARROWER: "finds less",
    Relation.WIDER: "finds more",
    Relation.BOTH: "finds something new, and something no longer",
    Relation.CHANGED: "finds something else; in which direction is not decided",
    Relation.UNDECIDED: "may find something else",
    "added": "is new",
    "removed": "is gone",
    "unreadable": "cannot be read",
}
MAX_SHOWN_FIELDS = 6
"""Fields of an event that a line shows."""

MAX_PART_TEXT = 200
"""Characters of a part's old and new text."""


def place_words(entry: Entry) -> str:
    """The file; where it has another name now, both."""
    is_moved = entry.old and entry.new and entry.old.rpartition("/")[2] != entry.new.rpartition("/")[2]
    return f"{entry.old} -> {entry.new}" if is_moved else entry.place


def part_words(part: Part) -> str:
    """`maxspan: 5m -> 1m (narrower)`."""
    if part.old == part.new:
        return f"{part.name}: {part.relation}"
    old, new = (shortened(text or "none", MAX_PART_TEXT) for text in (part.old, part.new))
    return f"{part.name}: {old} -> {new} ({part.relation})"


def note_words(entry: Entry) -> Iterator[str]:
    if entry.comparison is None:
        return
    if entry.comparison.note:
        yield entry.comparison.note
    if entry.comparison.single:
        yield single_words(entry.comparison.single)


def single_words(names: Sequence[str]) -> str:
    """What a proof relies on."""
    return f"holds as long as {listed(names, limit=2)} {'has' if len(names) == 1 else 'have'} one value in an event"


# Single events


@dataclass(frozen=True, slots=True)
class Told:
    """A sign, what is so of a change, and the event that shows it, which the rule of `side` refuses."""

    sign: str
    words: str
    change: str = ""
    side: str = ""
    witness: Witness | None = None


def told_changes(part: Part, verb: str) -> Iterator[Told]:
    """All changes of a condition: what is lost first, then what is gained, then those that show neither."""
    lost = [(change_words(each), each.lost) for each in part.changes if each.lost]
    gained = [(change_words(each), each.gained) for each in part.changes if each.gained]
    for sign, words, side, found, whole in (
        ("-", f"no longer {verb}:", "new", lost, part.lost),
        ("+", f"now {verb}:", "old", gained, part.gained),
    ):
        for change, witness in found or ([("", whole)] if whole else []):
            yield Told(sign, words, change, side, witness)
    for each in part.changes:
        if not each.lost and not each.gained:
            words = f"not decided ({each.reason}):" if each.reason else "makes no difference:"
            yield Told("?" if each.reason else "=", words, change_words(each))


def change_words(change: Change) -> str:
    """`removed process.name : "nc"`."""
    old, new = (shortened(text, MAX_PART_TEXT) for text in (change.old, change.new))
    if old and new:
        return f"changed {old} -> {new}"
    return f"removed {old}" if old else f"added {new}"


def because_words(witness: Witness, side: str, code: Callable[[str], str] = "`{}`".format) -> str:
    """Why the other side refuses: ``in the new rule `a == 1` does not hold``; empty where nobody knows."""
    told = [f"{code(text)} {'does not hold' if wanted else 'holds'}" for text, wanted in witness.because]
    return f"in the {side} rule {' and '.join(told)}" if told else ""


def event_lines(witness: Witness) -> tuple[list[str], list[str]]:
    """`process.name = "nc"` for the fields that decide, and for some of the others that the conditions read."""
    lines = {name: f"{name} = {value_text(values)}" for name, values in witness.shown.items()}
    first = [line for name, line in lines.items() if name in witness.deciding]
    rest = [line for name, line in lines.items() if name not in witness.deciding and witness.shown[name]]
    room = max(MAX_SHOWN_FIELDS - len(first), 1)
    more = len(rest) - room
    return first, [*rest[:room], f"and {more} more fields"] if more > 1 else rest


# Runs of several


def runs_of(runs: Runs) -> Iterator[tuple[str, str, Run]]:
    """A sign, what is so of a run, and the run."""
    for sign, fate, who, run, alerts in (
        ("-", "no longer found", "the old rule alerts", runs.lost, runs.lost.old if runs.lost else ()),
        ("+", "now found", "the new rule alerts", runs.gained, runs.gained.new if runs.gained else ()),
    ):
        if run is not None:
            yield sign, f"{fate}: {who} on {_alerted(alerts)}", run
    if runs.otherwise is not None:
        both = runs.otherwise
        yield "~", f"the old rule alerts on {_alerted(both.old)}, the new rule on {_alerted(both.new)}", both


def _alerted(alerts: Iterable[Sequence[int]]) -> str:
    """`events 1-3`, for several alerts `event 1; event 2`."""
    told = [numbers_text(sorted(position + 1 for position in alert if position >= 0)) for alert in alerts]
    return "; ".join(told[:MAX_SHOWN_FIELDS]) + (
        f" and {len(told) - MAX_SHOWN_FIELDS} times more" if len(told) > MAX_SHOWN_FIELDS else ""
    )
