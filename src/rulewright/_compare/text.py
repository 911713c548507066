"""The comparison of one rule for the terminal."""

from collections.abc import Iterator

from rulewright._compare.entries import Entry
from rulewright._compare.parts import Part, Witness
from rulewright._compare.policy import NO_RULING, Ruling, ruling_words
from rulewright._compare.rules import Comparison
from rulewright._compare.run_lines import run_lines
from rulewright._compare.wording import (
    MEANING,
    because_words,
    event_lines,
    note_words,
    part_words,
    place_words,
    told_changes,
    untold_runs,
)
from rulewright._report import Style
from rulewright._report.style import printable
from rulewright_engine.solver.analysis.relation import Relation

__all__ = ["as_text"]

COLOURS = {
    Relation.NARROWER: "yellow",
    Relation.WIDER: "yellow",
    Relation.BOTH: "yellow",
    Relation.CHANGED: "yellow",
    Relation.UNDECIDED: "cyan",
    "added": "green",
    "removed": "red",
    "unreadable": "red",
    "refused": "red",
    "warning": "yellow",
}
SIGNS = {"-": "red", "+": "green", "~": "yellow", "?": "cyan", "=": "dim"}


def as_text(entry: Entry, style: Style, ruling: Ruling = NO_RULING) -> str:
    return "\n".join(_lines(entry, style, ruling)) + "\n"


def _lines(entry: Entry, style: Style, ruling: Ruling) -> Iterator[str]:
    status = style.paint(COLOURS.get(entry.status, "green"), str(entry.status))
    yield f"{status}: {style.paint('bold', printable(entry.name or entry.place))} {MEANING[entry.status]}"
    yield f"  {style.paint('blue', '-->')} {printable(place_words(entry))}"
    for word, words in ruling_words(ruling):
        yield f"  {style.paint('blue', '=')} {style.paint(COLOURS[word], word)}: {printable(words)}"
    comparison = entry.comparison
    if comparison is None:
        return
    for part in comparison.parts:
        yield from _part(part, comparison, style)
    for sign, words, run in untold_runs(comparison):
        yield f"  {style.paint(SIGNS[sign], f'{sign} {words}')}"
        yield from (f"      {printable(line)}" for line in run_lines(run, comparison.runs.fields))
    for each in comparison.attributes:
        yield f"  {style.paint('yellow', '~')} {printable(each.words)}"
    for note in note_words(entry):
        yield f"  {style.paint('blue', '=')} {style.paint('bold', 'note')}: {printable(note)}"


def _part(part: Part, comparison: Comparison, style: Style) -> Iterator[str]:
    if part.relation is Relation.EQUAL and not part.is_edited:
        return
    is_all = comparison.is_of_events  # then what it comes to is said above
    if not is_all:
        yield f"  {printable(part_words(part))}"
    if part.reason:
        yield f"    {style.paint('dim', printable(part.reason))}"
    for told in told_changes(part, "found" if is_all else "met"):
        yield f"  {style.paint(SIGNS[told.sign], f'{told.sign} {told.words}')} {printable(told.change)}".rstrip()
        if told.witness is not None:
            yield from _event(told.witness, told.side, style)
        if told.run is not None:
            yield from (f"      {printable(line)}" for line in run_lines(told.run, comparison.runs.fields))


def _event(witness: Witness, side: str, style: Style) -> Iterator[str]:
    first, rest = event_lines(witness)
    yield from (f"      {style.paint('bold', printable(line))}" for line in first)
    if because := because_words(witness, side):
        yield f"        {style.paint('dim', printable(because))}"
    yield from (f"      {printable(line)}" for line in rest)
