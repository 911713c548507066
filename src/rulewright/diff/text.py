"""The comparison of one rule for the terminal."""

from collections.abc import Iterator

from rulewright.diff.entries import Entry
from rulewright.diff.relation import Relation
from rulewright.diff.wording import MEANING, fields_of_witness, part_words, witnesses
from rulewright.report import Style
from rulewright.report.style import printable

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
}


def as_text(entry: Entry, style: Style) -> str:
    return "\n".join(_lines(entry, style)) + "\n"


def _lines(entry: Entry, style: Style) -> Iterator[str]:
    status = style.paint(COLOURS.get(entry.status, "green"), str(entry.status))
    yield f"{status}: {style.paint('bold', printable(entry.name or entry.place))} {MEANING[entry.status]}"
    arrow = style.paint("blue", "-->")
    moved = f"{entry.old} -> {entry.new}" if entry.old and entry.new and entry.old != entry.new else entry.place
    yield f"  {arrow} {printable(moved)}"
    comparison = entry.comparison
    if comparison is None:
        return
    for part in comparison.parts:
        yield f"  {printable(part_words(part))}"
        if part.doubt:
            yield f"    {style.paint('dim', printable(part.doubt))}"
    for name, fate, witness in witnesses(entry):
        mark = style.paint("red", "-") if fate == "no longer" else style.paint("green", "+")
        where = f" ({name})" if name not in ("", "query") else ""
        yield f"  {mark} {fate} found{where}:"
        yield from (f"      {printable(line)}" for line in fields_of_witness(witness))
        if witness.because:
            yield f"      {style.paint('dim', printable(f'because of `{witness.because}`'))}"
    if comparison.note:
        yield f"  {style.paint('blue', '=')} {style.paint('bold', 'note')}: {comparison.note}"
