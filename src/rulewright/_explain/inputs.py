"""What is explained: the events of a file, by themselves or as the cases that they belong to."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rulewright_engine.evaluate.event import Event
from rulewright_generators.cases import Case, parse_cases
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.errors import UsageError
from rulewright_schema.json_text import parse_json
from rulewright_schema.jsonlines import parse_json_lines, read_text
from rulewright_schema.source import Source

__all__ = ["Input", "read_inputs"]


@dataclass(frozen=True, slots=True)
class Input:
    """Events that a rule sees together. `name` is empty for those of a plain file."""

    name: str
    events: tuple[Event, ...]
    history: tuple[Event, ...] = ()
    indicators: tuple[Event, ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    lookups: Mapping[str, Any] = field(default_factory=dict)

    def name_of(self, position: int) -> str:
        """What one of the events is called: counted from 1, as lines are."""
        number = f"event {position + 1}"
        return number if not self.name else self.name if len(self.events) == 1 else f"{self.name}, {number}"


def read_inputs(path: Path, case: str | None = None) -> list[Input]:
    """The events of a file: one JSON document, a list of them, or one a line; or the cases in it, or one of them.

    `-` is standard input. Raises UsageError where there is nothing to explain.
    """
    source = _read(path)
    documents = _documents(source)
    cases = parse_cases(source) if any("case" in document and "events" in document for document in documents) else None
    if cases is not None:
        if cases.diagnostics:
            raise UsageError(_placed(cases.diagnostics[0], source))
        found = [_of_case(each) for each in cases.cases if case in (None, each.name)]
    else:
        found = [Input("", tuple(map(Event, documents)))] if documents and case is None else []
    if not found:
        raise UsageError(f"no case named `{case}` in `{path}`" if case else f"no event in `{path}`")
    return found


def _read(path: Path) -> Source:
    if str(path) == "-":
        try:
            return Source("<stdin>", sys.stdin.buffer.read().decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise UsageError("the events on standard input are not UTF-8") from error
    source, problems = read_text(path, str(path))
    if problems:
        raise UsageError(problems[0].message)
    return source


def _documents(source: Source) -> Sequence[Mapping[str, Any]]:
    """The objects of a text: one a line, else one document or a list of them over several lines."""
    lines, problems = parse_json_lines(source)
    if not problems:
        return [line.value for line in lines]
    try:
        whole = parse_json(source.text)
    except (ValueError, RecursionError):
        whole = None
    items: list[Any] = whole if isinstance(whole, list) else [whole]
    documents = [item for item in items if isinstance(item, dict)]
    if len(documents) < len(items):
        raise UsageError(_placed(problems[0], source))
    return documents


def _placed(problem: Diagnostic, source: Source) -> str:
    """`events.ndjson:3: the line is not JSON: ...`."""
    line = source.position(problem.span.start).line if problem.span else 1
    return f"{source.name}:{line}: {problem.message}"


def _of_case(case: Case) -> Input:
    return Input(
        case.name,
        tuple(map(Event, case.events)),
        tuple(map(Event, case.history)),
        tuple(map(Event, case.indicators)),
        case.answers,
        case.lookups,
    )
