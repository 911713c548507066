"""Files of JSON objects, one a line: the events of a query and the cases of a rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from rulewright_schema.codes.code import Code
from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.json_text import parse_json
from rulewright_schema.source import Source, Span

__all__ = ["NOT_JSON", "UNREADABLE_JSON", "JsonLine", "parse_json_lines", "read_text"]

UNREADABLE_JSON = Code(
    code="RW010",
    name="unreadable-json",
    level=Level.ERROR,
    title="a file of events, cases or field types can be read",
    why="The file does not exist, is a folder, may not be read by this user, or is not text in UTF-8.",
    bad="$ rulewright query -l eql -e missing.ndjson 'any where true'\n",
    good="$ rulewright query -l eql -e events.ndjson 'any where true'\n",
)
NOT_JSON = Code(
    code="RW011",
    name="not-a-json-object",
    level=Level.ERROR,
    title="a file of events or cases holds one JSON object a line",
    why="A line that cannot be read would be an event that the query never saw.",
    bad='{"event": {"category": "process"}\n',
    good='{"event": {"category": "process"}}\n',
)


@dataclass(frozen=True, slots=True)
class JsonLine:
    """One object and where it stands in the file."""

    value: Mapping[str, Any]
    span: Span


def read_text(path: Path, name: str) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text of a UTF-8 file; when it cannot be read, an empty text and the one reason."""
    try:
        return Source(name, path.read_bytes().decode("utf-8-sig")), ()
    except OSError as error:
        problem = UNREADABLE_JSON.report(
            f"`{name}` cannot be read: {(error.strerror or str(error)).lower()}", path=name
        )
    except UnicodeDecodeError as error:
        message = f"`{name}` is not UTF-8: byte {error.start} does not belong to any character"
        problem = UNREADABLE_JSON.report(message, path=name, help="save the file as UTF-8")
    return Source(name, ""), (problem,)


def parse_json_lines(source: Source) -> tuple[list[JsonLine], list[Diagnostic]]:
    """Each object with its place; blank lines are skipped, every line that is no JSON object is one problem."""
    lines: list[JsonLine] = []
    problems: list[Diagnostic] = []
    start = 0
    for text in source.text.split("\n"):
        span = Span(start, start + len(text))
        start += len(text) + 1
        if not text.strip():
            continue
        found = _parse_line(text, span, source.name)
        if isinstance(found, Diagnostic):
            problems.append(found)
        else:
            lines.append(found)
    return lines, problems


def _parse_line(text: str, span: Span, name: str) -> JsonLine | Diagnostic:
    try:
        value = parse_json(text)
    except JSONDecodeError as error:
        at = span.start + error.pos
        reason = error.msg[:1].lower() + error.msg[1:]
        place, help_ = Span(at, min(at + 1, span.end)), "write each object whole, on a line of its own"
        return NOT_JSON.report(f"the line is not JSON: {reason}", place, path=name, help=help_)
    except RecursionError:
        return NOT_JSON.report("the line is nested too deeply", span, path=name, help="flatten the object")
    except ValueError:  # an integer of more digits than Python converts
        message = "the line holds a number of thousands of digits"
        return NOT_JSON.report(message, span, path=name, help="shorten it, or put it in quotes")
    if isinstance(value, dict):
        return JsonLine(value, span)
    return NOT_JSON.report("the line is JSON, but not an object", span, path=name, help="write `{...}` on each line")
