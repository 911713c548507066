"""JSON inside of columns."""

import json
import re
from typing import Any

from rulewright_engine.esql.functions.registry import Failure, scalar
from rulewright_engine.esql.functions.traits import Given, Traits, Within
from rulewright_engine.evaluate.functions.text import string
from rulewright_schema.json_text import parse_json

__all__ = ["json_text"]

_STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]{1,9})\]|\[(?:'([^']*)'|\"([^\"]*)\")\]")


def _at_path(call: Given, wanted: Any) -> tuple[Within, ...]:
    return (Within(call.text(1, "sample"), wanted),)


@scalar(
    "json_extract",
    "string|_source, string -> keyword",
    traits=Traits(inverse=_at_path, reads_path=True, partial=True, since="9.4"),
)
def json_extract(document: Any, path: str) -> str | None:
    """The value at `path` (`a.b[0]`, with or without `$.` in front) as text; null where there is none."""
    value = document if not isinstance(document, str) else _parsed(document)
    for step in _steps(path):
        value = _inside(value, step)
        if value is None:
            return None
    return json_text(value)


def _parsed(text: str) -> Any:
    try:
        return parse_json(text)
    except (ValueError, RecursionError) as error:
        raise Failure("the text is no JSON") from error


def _steps(path: str) -> list[str | int]:
    steps: list[str | int] = []
    position = 1 if path.startswith("$") else 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            raise Failure(f"`{path}` is no path into JSON")
        position = match.end()
        steps.append(int(match[2]) if match[2] else match[1] or match[3] or match[4] or "")
    return steps


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else None
    return value.get(step) if isinstance(value, dict) else None


def json_text(value: Any) -> str:
    """A text as it is, a number or boolean as it prints, anything else as JSON."""
    if isinstance(value, str):
        return value
    return (
        string(value)
        if isinstance(value, bool | int | float)
        else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    )
