"""Words that the terminal and Markdown share."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rulewright._compare.entries import Entry
from rulewright._compare.parts import Change, Part, Witness
from rulewright._compare.rules import Comparison
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
    "untold_runs",
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

MAX_AROUND = 40
"""Characters on each side of what differs in two long texts."""


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
    """A sign, what is so of a change, and the event or the run that shows it, which the rule of `side` refuses."""

    sign: str
    words: str
    change: str = ""
    side: str = ""
    witness: Witness | None = None
    run: Run | None = None


def told_changes(part: Part, verb: str) -> Iterator[Told]:
    """All changes of a condition: what is lost first, then what is gained, then those that show neither."""
    lost = [(change_words(each), each.lost, each.runs.lost) for each in part.changes if each.lost or each.runs.lost]
    gained = [
        (change_words(each), each.gained, each.runs.gained) for each in part.changes if each.gained or each.runs.gained
    ]
    for sign, fate, side, found, whole in (
        ("-", "no longer", "new", lost, part.lost),
        ("+", "now", "old", gained, part.gained),
    ):
        for change, witness, run in found or ([("", whole, None)] if whole else []):
            yield Told(sign, f"{fate} {'found' if run else verb}:", change, side, witness, run)
    for each in part.changes:
        if each.runs.otherwise:
            yield Told("~", "alerts otherwise:", change_words(each), run=each.runs.otherwise)
        if each.is_of_content:
            yield Told("~", "changes only what alerts say:", change_words(each))
        elif not each.differs:
            words = f"not decided ({each.reason}):" if each.reason else "makes no difference:"
            yield Told("?" if each.reason else "=", words, change_words(each))


def change_words(change: Change) -> str:
    """`removed process.name : "nc"`."""
    if change.old and change.new:
        return "changed {} -> {}".format(*_differing(change.old, change.new))
    old, new = (shortened(text, MAX_PART_TEXT) for text in (change.old, change.new))
    return f"removed {old}" if old else f"added {new}"


def _differing(old: str, new: str) -> tuple[str, str]:
    """Two texts; of long ones that are alike, where they differ and a little around it."""
    if max(len(old), len(new)) <= MAX_PART_TEXT:
        return old, new
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    start, end = max(start - MAX_AROUND, 0), max(end - MAX_AROUND, 0)
    front, back = "..." if start else "", "..." if end else ""
    one, other = (shortened(front + text[start : len(text) - end] + back, MAX_PART_TEXT) for text in (old, new))
    return one, other


def _shared(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


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


def untold_runs(comparison: Comparison) -> Iterator[tuple[str, str, Run]]:
    """The runs of `runs_of` that no change has for its own."""
    told = [run for part in comparison.parts for each in part.changes for _, _, run in runs_of(each.runs)]
    return (found for found in runs_of(comparison.runs) if not any(found[2] is run for run in told))


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
