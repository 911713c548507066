"""The source lines of a diagnostic with marks under the text that it is about."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from unicodedata import combining, east_asian_width

from rulewright._report.style import LEVEL_COLOURS, Style, printable
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Source, Span

__all__ = ["snippet"]

WIDTH = 120
CONTEXT = 1
TAB = "    "


@dataclass(frozen=True, slots=True)
class _Mark:
    """One underline: a span cut to its first line, as 0-based columns."""

    line: int
    start: int
    end: int
    sign: str
    text: str


def snippet(diagnostic: Diagnostic, source: Source, style: Style) -> tuple[list[str], int]:
    """The marked lines with one line of context about the primary mark, and the width of their line numbers."""
    if diagnostic.span is None or not source.text:
        return [], 1
    primary = _mark(source, diagnostic.span, "^", diagnostic.label)
    marks = [primary, *(_mark(source, label.span, "-", label.text) for label in diagnostic.secondary)]
    shown = {mark.line for mark in marks}
    shown |= set(range(max(1, primary.line - CONTEXT), min(source.line_count, primary.line + CONTEXT) + 1))
    gutter = len(str(max(shown)))
    colour = LEVEL_COLOURS[diagnostic.level]
    bar = style.paint("blue", f"{' ' * gutter} |")
    lines = [bar]
    previous = None
    for number in sorted(shown):
        if previous is not None and number > previous + 1:
            lines.append(style.paint("blue", "..."))
        lines += _line(source, number, [mark for mark in marks if mark.line == number], gutter, style, colour)
        previous = number
    return [*lines, bar], gutter


def _mark(source: Source, span: Span, sign: str, text: str) -> _Mark:
    start = source.position(span.start)
    end = source.position(max(span.end, span.start))
    last = end.column - 1 if end.line == start.line else len(source.line(start.line))
    return _Mark(start.line, start.column - 1, max(last, start.column), sign, text)


def _line(source: Source, number: int, marks: Iterable[_Mark], gutter: int, style: Style, colour: str) -> Iterator[str]:
    marks = sorted(marks, key=lambda mark: mark.start)
    text = source.line(number)
    offset = _window(text, marks[0].start if marks else 0)
    shown = text[offset : offset + WIDTH]
    left, right = "…" * (offset > 0), "…" * (len(text) > offset + WIDTH)
    yield f"{style.paint('blue', f'{number:>{gutter}} |')} {left}{_visible(shown)}{right}".rstrip()
    bar = style.paint("blue", f"{' ' * gutter} |")
    for mark in marks:
        before = len(left) + _columns(text[offset : mark.start])
        under = max(1, _columns(text[mark.start : min(mark.end, offset + WIDTH)]))
        words = f"{mark.sign * under} {printable(mark.text)}".rstrip()
        paint = colour if mark.sign == "^" else "blue"
        yield f"{bar} {' ' * before}{style.paint(paint, words)}"


def _window(text: str, column: int) -> int:
    """Where the shown part of a long line begins, so that the mark is in it."""
    return 0 if column < WIDTH - 20 else min(column - WIDTH // 3, len(text))


def _visible(text: str) -> str:
    return printable(text.replace("\t", TAB))


def _columns(text: str) -> int:
    """Terminal columns of `text` as it is shown: wide characters take two, combining ones none."""
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in _visible(text))
