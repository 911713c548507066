"""The comparison as a comment for a pull request."""

import html
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rulewright._compare.entries import Entry, summary
from rulewright._compare.parts import Part
from rulewright._compare.policy import Ruling, ruling_words
from rulewright._compare.rules import Comparison
from rulewright._compare.run_lines import run_lines
from rulewright._compare.wording import (
    MEANING,
    because_words,
    event_lines,
    note_words,
    part_words,
    place_words,
    runs_of,
    told_changes,
    untold_runs,
)
from rulewright_engine.solver.analysis.relation import Relation
from rulewright_generators.writing.escaping import markdown_code, markdown_fence, markdown_text
from rulewright_schema.diff_policy import Verdict

__all__ = ["as_markdown"]

MAX_COMMENT = 60_000
"""Characters of a comment; GitHub takes 65,536."""


MAX_DOCUMENTS = 10
"""Events of a run that are written out; JSON has all of them."""


def as_markdown(found: Sequence[Entry], rulings: Sequence[Ruling]) -> str:
    """All that differs, what is refused first; what does not fit is counted at the end."""
    differing = [each for each in zip(found, rulings, strict=True) if each[0].is_worth_saying]
    differing.sort(key=lambda each: -list(Verdict).index(each[1].verdict))
    title = "### No rule changes its meaning"
    if not all(entry.is_equal for entry in found):
        title = "### What this changes in the rules"
    text = f"{title}\n\n{markdown_text(summary(found))}\n"
    for position, (entry, ruling) in enumerate(differing):
        section = "\n".join(_section(entry, ruling)) + "\n"
        if len(text) + len(section) > MAX_COMMENT:
            return f"{text}\n... and {len(differing) - position} more rules, which have no place here.\n"
        text += f"\n{section}"
    return text


def _section(entry: Entry, ruling: Ruling) -> Iterator[str]:
    yield f"#### {markdown_code(entry.name or entry.place)}: {entry.status}"  # in code, so that `@name` calls nobody
    yield ""
    yield f"{markdown_code(place_words(entry))} {MEANING[entry.status]}."
    for word, words in ruling_words(ruling):
        yield f"\n**{word}**: {markdown_text(words)}"
    comparison = entry.comparison
    if comparison is None:
        return
    yield ""
    for part in comparison.parts:
        yield from _part(part, comparison)
    for _, words, run in untold_runs(comparison):
        yield f"- **{words}**"
        yield from (f"  - {markdown_code(line)}" for line in run_lines(run, comparison.runs.fields))
    yield from (f"- {markdown_code(each.words)}" for each in comparison.attributes)
    yield from (f"- {markdown_text(note)}" for note in note_words(entry))
    for title, documents in _documents(comparison):
        yield f"\n<details><summary>{title}</summary>\n"
        indent = 1 if len(documents) == 1 else None
        lines = (json.dumps(document, ensure_ascii=False, indent=indent) for document in documents)
        yield markdown_fence("\n".join(lines), "json")
        yield "\n</details>"


def _part(part: Part, comparison: Comparison) -> Iterator[str]:
    if part.relation is Relation.EQUAL and not part.is_edited:
        return
    reason = f": {markdown_text(part.reason)}" if part.reason else ""
    yield f"- {markdown_code(part_words(part))}{reason}"
    for told in told_changes(part, "found" if comparison.is_of_events else "met"):
        named = because = ""
        if told.witness is not None:
            first, rest = event_lines(told.witness)
            named = ", ".join(map(markdown_code, first or rest[:1]))
            because = because_words(told.witness, told.side, markdown_code)
        change = markdown_code(told.change) if told.change else ""
        said = "; ".join(filter(None, (change, named, because)))
        yield f"  - **{markdown_text(told.words.removesuffix(':'))}**: {said}"
        if told.run is not None:
            yield from (f"    - {markdown_code(line)}" for line in run_lines(told.run, comparison.runs.fields))


def _documents(comparison: Comparison) -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    for part in comparison.parts:
        where = "" if comparison.is_of_events else f" ({html.escape(part.name)})"
        for fate, witnesses in (("no longer", part.losses), ("now", part.gains)):
            verb = "found" if not where else "met"
            for witness in witnesses[:MAX_DOCUMENTS]:
                yield f"event {fate} {verb}{where}", (witness.event,)
    own = [found for part in comparison.parts for each in part.changes for found in runs_of(each.runs)]
    for sign, _, run in own or runs_of(comparison.runs):
        title = {"-": "events no longer found", "+": "events now found"}.get(sign, "events on which alerts differ")
        rows = (row.document for table in run.case.outside.tables.values() for row in table.rows)
        documents = (*run.case.history, *run.case.indicators, *rows, *run.case.events)
        more = f" (the first {MAX_DOCUMENTS} of {len(documents)})" if len(documents) > MAX_DOCUMENTS else ""
        yield title + more, documents[:MAX_DOCUMENTS]
