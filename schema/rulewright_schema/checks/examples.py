"""Whole rule files from the short examples of a code's page."""

import re
from dataclasses import dataclass

from rulewright_schema.source import Span

__all__ = ["Example", "examples_of", "without_marks"]

BASE = """\
[metadata]
creation_date = "2024/01/31"
updated_date = "2024/02/29"
maturity = "production"

[rule]
name = "Reverse Shell"
description = "A shell reads its commands from a network socket."
author = ["Rulewright"]
rule_id = "3f1b2c60-5b0e-4b39-8a43-5a86a2b6f4d1"
type = "eql"
language = "eql"
query = 'process where process.name == "nc"'
index = ["logs-endpoint.events.*"]
risk_score = 21
severity = "low"
"""
"""A rule without a mistake. What an example says of a table takes the place of what stands here."""

FILE_MARK = re.compile(r"^# file: (\S+)\n", re.MULTILINE)
HEADER = re.compile(r"^«?\[+([^\]]+)\]+»?\s*$")
KEY = re.compile(r"^«?([A-Za-z0-9_]+)»?\s*=")


@dataclass(frozen=True, slots=True)
class Example:
    """A whole rule file; `marked` is the place between `«»`, or None where the example has no marks."""

    name: str
    text: str
    marked: Span | None


def examples_of(text: str) -> list[Example]:
    """The files of an example: one, or several that begin with a line `# file: NAME`.

    An example holds only what matters; the rest is that of `BASE`, less the keys that lines `# without KEY` name.
    """
    _, *pieces = FILE_MARK.split(text) if FILE_MARK.match(text.lstrip()) else ("", "rule.toml", text)
    return [_example(name, piece) for name, piece in zip(pieces[::2], pieces[1::2], strict=True)]


def without_marks(text: str) -> str:
    """An example as it is shown to people."""
    return text.replace("«", "").replace("»", "")


def _example(name: str, piece: str) -> Example:
    text = _completed(piece)
    start, end = text.find("«"), text.find("»")
    return Example(name, without_marks(text), Span(start, end - 1) if start >= 0 else None)


def _completed(piece: str) -> str:
    """`BASE` with the tables `[metadata]` and `[rule]` of `piece` merged in, and its other tables behind."""
    sections = _sections(piece)
    merged = []
    for header, base_lines in _sections(BASE):
        own = [entry for entry in sections if _table_of(entry[0]) == _table_of(header)]
        sections = [entry for entry in sections if entry not in own]
        own_lines = [line for _, lines in own for line in lines]
        replaced = {match[1] for line in own_lines if (match := KEY.match(line))}
        replaced |= {line.removeprefix("# without ").strip() for line in own_lines if line.startswith("# without ")}
        kept = [line for line in base_lines if not ((match := KEY.match(line)) and match[1] in replaced)]
        merged.append((own[0][0] if own else header, [*(line for line in kept if line.strip()), *own_lines]))
    return "\n".join("\n".join([header, *lines]) for header, lines in [*merged, *sections]).strip() + "\n"


def _sections(text: str) -> list[tuple[str, list[str]]]:
    """The header lines of a document, each with the lines below it; lines before the first header are dropped."""
    sections: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if HEADER.match(line):
            sections.append((line, []))
        elif sections:
            sections[-1][1].append(line)
    return sections


def _table_of(header: str) -> str:
    match = HEADER.match(header)
    return match[1] if match and not header.lstrip("«").startswith("[[") else header
