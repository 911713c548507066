"""Texts and places in them: offsets in code points, spans half-open, lines and columns 1-based."""

from bisect import bisect_right
from dataclasses import dataclass, field

__all__ = ["NOWHERE", "Position", "Source", "Span"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of offsets (code points) in one text; `start == end` marks a place between two characters."""

    start: int
    end: int

    def shifted(self, by: int) -> "Span":
        return Span(self.start + by, self.end + by)

    def to(self, other: "Span") -> "Span":
        """The span from the start of this one to the end of `other`."""
        return Span(self.start, other.end)


NOWHERE = Span(0, 0)
"""The place of what was made and not read from a text."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Line and column, both 1-based; the column counts code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Source:
    """A text and the name it is known by: a path relative to the working directory, or `<query>`."""

    name: str
    text: str
    _starts: list[int] = field(default_factory=list, init=False, repr=False, compare=False)

    def position(self, offset: int) -> Position:
        """Line and column of `offset`; an offset past the end is the end."""
        starts = self._line_starts()
        line = bisect_right(starts, min(offset, len(self.text))) - 1
        return Position(line + 1, min(offset, len(self.text)) - starts[line] + 1)

    def offset(self, line: int, column: int) -> int:
        """The offset of a 1-based line and column; past the end of the text it is the end."""
        starts = self._line_starts()
        return min(starts[line - 1] + column - 1, len(self.text)) if line <= len(starts) else len(self.text)

    def line(self, number: int) -> str:
        """The text of a 1-based line without its line end."""
        starts = self._line_starts()
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    @property
    def line_count(self) -> int:
        return len(self._line_starts())

    def _line_starts(self) -> list[int]:
        if not self._starts:
            self._starts.append(0)
            self._starts.extend(i + 1 for i, char in enumerate(self.text) if char == "\n")
        return self._starts
