"""Diagnostics for people: with their source lines (`full`), or one line each (`concise`)."""

from collections.abc import Iterator

from rulewright._report.snippet import snippet
from rulewright._report.style import (
    LEVEL_COLOURS,
    PLAIN,
    Style,
    printable,
)
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Source

__all__ = ["as_concise", "as_full"]


def as_concise(diagnostic: Diagnostic, source: Source, style: Style = PLAIN) -> str:
    """`path:line:column: level[CODE]: message`."""
    head = style.paint(LEVEL_COLOURS[diagnostic.level], f"{diagnostic.level}[{diagnostic.code}]")
    return f"{_place(diagnostic, source)}: {head}: {printable(diagnostic.message)}"


def as_full(diagnostic: Diagnostic, source: Source, style: Style = PLAIN) -> str:
    """Header, place, marked source lines, then what to do and why."""
    return "\n".join(_full_lines(diagnostic, source, style)) + "\n"


def _full_lines(diagnostic: Diagnostic, source: Source, style: Style) -> Iterator[str]:
    head = style.paint(LEVEL_COLOURS[diagnostic.level], f"{diagnostic.level}[{diagnostic.code}]")
    lines, gutter = snippet(diagnostic, source, style)
    indent = " " * gutter
    yield f"{head}: {style.paint('bold', printable(diagnostic.message))}"
    yield f"{indent}{style.paint('blue', '-->')} {_place(diagnostic, source)}"
    yield from lines
    for word, text in (("help", diagnostic.help), ("note", diagnostic.note)):
        if text:
            yield f"{indent} {style.paint('blue', '=')} {style.paint('bold', word)}: {printable(text)}"


def _place(diagnostic: Diagnostic, source: Source) -> str:
    path = printable(diagnostic.path or source.name)
    if diagnostic.span is None or not source.text:
        return path
    position = source.position(diagnostic.span.start)
    return f"{path}:{position.line}:{position.column}"
