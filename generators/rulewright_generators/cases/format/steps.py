"""What counts up from one event of a run to the next: numbers, the number at the end of a text, times."""

import re
from typing import Any

from rulewright_engine.values.dates import format_instant, parse_date, parse_duration
from rulewright_schema.durations import duration_text

__all__ = ["Step", "advanced", "step_between"]

Step = int | str
"""What is added each time: a number, or a length of time such as `1s`."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
MAX_COUNTED_TEXT = 1_000
"""Characters of a text that may count up."""


def advanced(value: Any, step: Step, times: int) -> Any:
    """The value so many steps on; None where it is nothing that counts up.

    >>> advanced(443, 1, 2), advanced("10.0.0.9", 1, 2), advanced("user-007.log", 1, 2)
    (445, '10.0.0.11', 'user-009.log')
    >>> advanced("2026-01-01T11:55:59.000Z", "1s", 2)
    '2026-01-01T11:56:01.000Z'
    """
    match value, step:
        case (bool(), _) | (_, bool()):
            return None
        case int(), int():
            return value + step * times
        case str(), int():
            return _counted(value, step * times)
        case str(), str():
            length = _length(step)
            if length is None or not _INSTANT.fullmatch(value):
                return None
            return _moved(value, length * times)
        case [only], _:
            item = advanced(only, step, times)
            return None if item is None else [item]
        case _:
            return None


def step_between(first: Any, second: Any) -> Step | None:
    """The step that leads from one value to another; None where none does."""
    match first, second:
        case (bool(), _) | (_, bool()):
            return None
        case int(), int():
            step: Step | None = second - first
        case str(), str():
            step = _step_of_texts(first, second)
        case [one], [other]:
            return step_between(one, other)
        case _:
            return None
    return step if step and advanced(first, step, 1) == second else None


def _step_of_texts(first: str, second: str) -> Step | None:
    if _INSTANT.fullmatch(first) and _INSTANT.fullmatch(second):
        before, after = parse_date(first), parse_date(second)
        if before is None or after is None:
            return None
        return duration_text(after - before) if after > before else f"-{duration_text(before - after)}"
    numbers = _split(first), _split(second)
    return int(numbers[1][1]) - int(numbers[0][1]) if numbers[0] and numbers[1] else None


def _length(step: str) -> int | None:
    """The milliseconds of `1s` or `-1s`."""
    length = parse_duration(step.removeprefix("-"))
    return -length if length is not None and step.startswith("-") else length


def _moved(instant: str, milliseconds: int) -> str | None:
    start = parse_date(instant)
    try:
        return None if start is None else format_instant(start + milliseconds)
    except OverflowError:
        return None


def _counted(text: str, more: int) -> str | None:
    """The text with the last number in it counted up; its width stays."""
    parts = _split(text)
    if parts is None:
        return None
    head, digits, tail = parts
    number = int(digits) + more
    return f"{head}{number:0{len(digits)}}{tail}" if number >= 0 else None


def _split(text: str) -> tuple[str, str, str] | None:
    """What stands before the last number of a text, the number, and what stands behind it."""
    if len(text) > MAX_COUNTED_TEXT:
        return None
    end = len(text)
    while end and text[end - 1] not in "0123456789":
        end -= 1
    start = end
    while start and end - start < 15 and text[start - 1] in "0123456789":
        start -= 1
    return (text[:start], text[start:end], text[end:]) if start < end else None
