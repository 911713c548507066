"""Where each key and value of a TOML document stands in its text.

`scan` is for documents that the TOML loader has accepted: it finds places and judges nothing. It runs only when
something has to be reported.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

from rulewright_schema.source import Span

__all__ = ["Entry", "KeyPath", "Positions", "last_key", "scan"]

KeyPath = tuple[str | int, ...]
"""Keys and array indices from the root of a document: `("rule", "threat", 0, "tactic")`."""

BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
BARE_KEY = re.compile(r"[A-Za-z0-9_-]++")
STRING = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"{3,5}'
    r"|'''(?:[^']++|'(?!''))*+'{3,5}"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
SCALAR = re.compile(r"[^,\]}#\r\n]+")
# One step in the content of a string that does not stand for itself; group 1 stands for nothing at all.
ESCAPED = re.compile(r"\\([ \t]*\r?\n[ \t\r\n]*)|\\u.{4}|\\U.{8}|\\x..|\\.|\r\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of a key and of its value. Both are the header for a table with a header, `[a.b]` or `[[a.b]]`."""

    key: Span
    value: Span


@dataclass(frozen=True, slots=True)
class Positions:
    """The places of one document."""

    text: str
    entries: dict[KeyPath, Entry]

    def span_of(self, path: KeyPath, *, key: bool = False) -> Span:
        """The place of the value (or key) at `path`, else of the nearest table around it; the root is the start."""
        while path and path not in self.entries:
            path, key = path[:-1], False
        if not path:
            return Span(0, 0)
        entry = self.entries[path]
        return entry.key if key else entry.value

    def place(self, path: KeyPath) -> Callable[[Span], Span]:
        """A function from spans in the string value at `path` to spans in the document."""
        starts, ends = _character_places(self.text, self.span_of(path))

        def to_document(span: Span) -> Span:
            last = len(starts) - 1  # where the closing quote stands
            start = starts[min(span.start, last)]
            return Span(start, ends[min(span.end, last) - 1] if span.end > span.start and last else start)

        return to_document


def scan(text: str) -> Positions:
    """The places of all keys and values of a valid TOML document."""
    return Positions(text, _Scanner(text).scan())


def last_key(text: str, before: int) -> Span:
    """The last key or header that begins before an offset, up to which the document is valid."""
    scanner = _Scanner(text)
    with suppress(AssertionError, IndexError, RecursionError):  # what stands behind the offset may be anything
        scanner.scan()
    return max((key for key in scanner.keys if key.start < before), default=Span(before, before))


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.keys: list[Span] = []
        self.entries: dict[KeyPath, Entry] = {}
        self.table_counts: dict[KeyPath, int] = {}

    def scan(self) -> dict[KeyPath, Entry]:
        table: KeyPath = ()
        self.skip_blank()
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.key_value(table)
            self.skip_blank()
        return self.entries

    def skip_blank(self) -> None:
        match = BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, pattern: re.Pattern[str]) -> Span:
        match = pattern.match(self.text, self.at)
        # Invariant: the loader accepted the document, so what must come here does come.
        assert match is not None, f"no {pattern.pattern!r} at offset {self.at}"
        self.at = match.end()
        return Span(match.start(), match.end())

    def header(self) -> KeyPath:
        """Read `[a.b]` or `[[a.b]]` and return the path of the table that it opens."""
        start = self.at
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        parts = self.dotted_key()
        self.at += brackets
        whole = Span(start, self.at)
        self.keys.append(whole)
        entry = Entry(whole, whole)
        path: KeyPath = ()
        for name, _ in parts[:-1]:
            path = self.latest((*path, name))
            self.entries.setdefault(path, entry)
        path = (*path, parts[-1][0])
        if brackets == 2:
            self.entries.setdefault(path, entry)
            self.table_counts[path] = self.table_counts.get(path, 0) + 1
            path = self.latest(path)
        self.entries[path] = entry
        return path

    def latest(self, path: KeyPath) -> KeyPath:
        """The last table of the array of tables at `path`, or `path` itself."""
        count = self.table_counts.get(path)
        return path if count is None else (*path, count - 1)

    def dotted_key(self) -> list[tuple[str, Span]]:
        """Read `a."b".c` with the blanks around it."""
        parts = []
        while True:
            self.skip_blank()
            is_quoted = self.text[self.at] in "\"'"
            span = self.take(STRING if is_quoted else BARE_KEY)
            name = _decoded(self.text, span) if is_quoted else self.text[span.start : span.end]
            parts.append((name, span))
            self.skip_blank()
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def key_value(self, table: KeyPath) -> None:
        parts = self.dotted_key()
        self.keys.append(parts[0][1].to(parts[-1][1]))
        self.step()  # over the `=`
        paths = [(*table, *(name for name, _ in parts[: count + 1])) for count in range(len(parts))]
        value = self.value(paths[-1])
        for path, (_, span) in zip(paths, parts, strict=True):
            self.entries.setdefault(path, Entry(span, value))

    def value(self, path: KeyPath) -> Span:
        match self.text[self.at]:
            case '"' | "'":
                return self.take(STRING)
            case "[":
                return self.array(path)
            case "{":
                return self.inline_table(path)
        span = self.take(SCALAR)
        return Span(span.start, span.start + len(self.text[span.start : span.end].rstrip()))

    def array(self, path: KeyPath) -> Span:
        start, index = self.at, 0
        self.step()
        while self.text[self.at] != "]":
            span = self.value((*path, index))
            self.entries[(*path, index)] = Entry(span, span)
            index += 1
            self.end_element()
        self.at += 1
        return Span(start, self.at)

    def inline_table(self, path: KeyPath) -> Span:
        start = self.at
        self.step()
        while self.text[self.at] != "}":
            self.key_value(path)
            self.end_element()
        self.at += 1
        return Span(start, self.at)

    def step(self) -> None:
        """Over one character and the blanks behind it."""
        self.at += 1
        self.skip_blank()

    def end_element(self) -> None:
        """To the next element of an array or inline table, or to its closing bracket."""
        self.skip_blank()
        if self.text[self.at] == ",":
            self.step()


@lru_cache(maxsize=8)  # many problems of one query ask for the same
def _character_places(text: str, literal: Span) -> tuple[list[int], list[int]]:
    """For each character of a string's value, where it starts and ends in `text`; last, the place of the end."""
    start, end, escapes = _content(text, literal)
    starts, ends = [], []
    while start < end:
        match = ESCAPED.match(text, start) if text[start] == "\r" or (escapes and text[start] == "\\") else None
        following = match.end() if match else start + 1
        if match is None or match.group(1) is None:
            starts.append(start)
            ends.append(following)
        start = following
    return [*starts, end], [*ends, end]


def _content(text: str, literal: Span) -> tuple[int, int, bool]:
    """Start and end of what stands between the quotes, and whether backslashes escape."""
    quote = text[literal.start]
    if not text.startswith(quote * 3, literal.start) or literal.end - literal.start < 6:
        return literal.start + 1, literal.end - 1, quote == '"'
    start = literal.start + 3
    if text.startswith("\r\n", start):
        start += 2
    elif text.startswith("\n", start):
        start += 1
    return start, literal.end - 3, quote == '"'


def _decoded(text: str, literal: Span) -> str:
    """The value of a quoted key."""
    start, end, escapes = _content(text, literal)
    if not escapes or "\\" not in text[start:end]:
        return text[start:end]
    import tomli

    value: str = tomli.loads(f"k={text[literal.start : literal.end]}")["k"]
    return value
