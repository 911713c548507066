"""The comparison as a comment for a pull request."""

import json
from collections.abc import Iterator, Sequence

from rulewright.diff.entries import Entry, summary
from rulewright.diff.wording import MEANING, fields_of_witness, part_words, witnesses
from rulewright_generators.escaping import markdown_code, markdown_fence, markdown_text

__all__ = ["as_markdown"]

LONGEST = 60_000
"""Characters of a comment; GitHub takes 65,536."""


def as_markdown(found: Sequence[Entry]) -> str:
    """All that differs; what does not fit is counted at the end."""
    differing = [entry for entry in found if not entry.is_equal]
    title = "### What this changes in the rules" if differing else "### No rule changes its meaning"
    text = f"{title}\n\n{markdown_text(summary(found))}\n"
    for position, entry in enumerate(differing):
        section = "\n".join(_section(entry)) + "\n"
        if len(text) + len(section) > LONGEST:
            return f"{text}\n... and {len(differing) - position} more rules, which have no place here.\n"
        text += f"\n{section}"
    return text


def _section(entry: Entry) -> Iterator[str]:
    yield f"#### {markdown_code(entry.name or entry.place)}: {entry.status}"  # in code, so that `@name` calls nobody
    yield ""
    moved = " → ".join(markdown_code(place) for place in dict.fromkeys((entry.old, entry.new)) if place)
    yield f"{moved} {MEANING[entry.status]}."
    if entry.comparison is None:
        return
    yield ""
    for part in entry.comparison.parts:
        doubt = f": {markdown_text(part.doubt)}" if part.doubt else ""
        yield f"- {markdown_code(part_words(part))}{doubt}"
    if entry.comparison.note:
        yield f"- {markdown_text(entry.comparison.note)}"
    for name, fate, witness in witnesses(entry):
        because = f", because of {markdown_code(witness.because)}" if witness.because else ""
        yield ""
        where = f" ({markdown_text(name)})" if name not in ("", "query") else ""
        yield f"**{fate.capitalize()} found**{where}{because}:"
        yield ""
        yield from (f"- {markdown_code(line)}" for line in fields_of_witness(witness))
        yield ""
        yield "<details><summary>events</summary>\n"
        yield markdown_fence(
            "\n".join(json.dumps(event, ensure_ascii=False, indent=1) for event in witness.events), "json"
        )
        yield "\n</details>"
