"""Say which rules find only what others find: duplicates, and implied ones.

Compared are rules that alert on single events (EQL, KQL, Lucene) and read
indices in common. What is said is proven, and shown by an event that both find.

Exit codes: 0 no overlap, 1 some, 2 misuse.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

from rulewright._compare.overlap import (
    Overlap,
    candidates,
    overlaps,
)
from rulewright._compare.overlap import (
    OverlapKind as Kind,
)
from rulewright._compare.wording import event_lines, single_words
from rulewright._report import Style, print_json, show, style_for
from rulewright._report.style import printable
from rulewright.cli._shared import CLEAN, FINDINGS, add_paths, the_project
from rulewright_schema.wording import counted

VERBS = {
    Kind.DUPLICATE: "finds the same as",
    Kind.IMPLIED: "finds only what is found by",
    Kind.UNDECIDED: "may find only what is found by",
}
WITHIN = "holds for the indices that both read"


def configure(parser: argparse.ArgumentParser) -> None:
    add_paths(parser)
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="json: one pair a line (default: text)"
    )


def run(arguments: argparse.Namespace) -> int:
    project = the_project(arguments)
    style = style_for(sys.stdout)
    compared = candidates(project.rules)
    found = []
    for overlap in overlaps(compared):
        found.append(overlap)
        if arguments.format == "json":
            print_json(_as_data(overlap), flush=True)
        else:
            print("\n".join(_lines(overlap, style)) + "\n", flush=True)
    if arguments.format == "text":
        show(project.unreadable, project.sources)
    kinds = Counter(overlap.kind for overlap in found)
    parts = [f"{counted(len(compared), 'rule')} compared", counted(kinds[Kind.DUPLICATE], "duplicate")]
    implied = {overlap.rule.file.name for overlap in found if overlap.kind is Kind.IMPLIED}
    parts.append(f"{counted(len(implied), 'rule')} implied by another")
    parts += [f"{counted(kinds[Kind.UNDECIDED], 'pair')} undecided"] if kinds[Kind.UNDECIDED] else []
    left_out = len(project.files) - len(compared)
    print(", ".join(parts) + (f"; {counted(left_out, 'rule')} not compared" if left_out else ""), file=sys.stderr)
    return FINDINGS if found else CLEAN


def _lines(overlap: Overlap, style: Style) -> Iterator[str]:
    one, other = (style.paint("bold", printable(rule.rule.name)) for rule in (overlap.rule, overlap.other))
    yield f"{style.paint('yellow', overlap.kind)}: {one} {VERBS[overlap.kind]} {other}"
    for rule in (overlap.rule, overlap.other):
        yield f"  {style.paint('blue', '-->')} {printable(rule.file.name)}"
    for note in _notes(overlap):
        yield f"  {style.paint('blue', '=')} {style.paint('bold', 'note')}: {printable(note)}"
    if overlap.both is not None:
        yield f"  {style.paint('green', '+')} both find:"
        yield from (f"      {printable(line)}" for line in event_lines(overlap.both)[1])
    if overlap.beyond is not None:
        yield f"  {style.paint('yellow', '~')} only the second finds:"
        first, rest = event_lines(overlap.beyond)
        yield from (f"      {printable(line)}" for line in first or rest)


def _notes(overlap: Overlap) -> list[str]:
    notes = [WITHIN] if overlap.within else []
    return [*notes, single_words(overlap.single)] if overlap.single else notes


def _as_data(overlap: Overlap) -> dict[str, Any]:
    data: dict[str, Any] = {
        "relation": overlap.kind,
        "rule": overlap.rule.file.name,
        "other": overlap.other.file.name,
    }
    data |= {"note": "; ".join(_notes(overlap))} if _notes(overlap) else {}
    data |= {"event": overlap.both.event} if overlap.both else {}
    data |= {"beyond": overlap.beyond.event} if overlap.beyond else {}
    return data
