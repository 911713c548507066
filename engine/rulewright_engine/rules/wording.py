"""What sentences about events say alike: values, numbers of events, spans of time."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from rulewright_schema.durations import duration_ms, time_words
from rulewright_schema.wording import shortened

__all__ = ["MAX_SHOWN", "MAX_VALUE_LENGTH", "look_back_text", "numbers_text", "span_text", "value_text"]

MAX_SHOWN = 10
"""Events and groups that are told of one by one."""
MAX_VALUE_LENGTH = 160
"""Characters of a value that are shown."""
MAX_VALUES = 6
"""Values of a field that are shown."""


def value_text(values: Iterable[Any]) -> str:
    """`"a", "b"`, or `missing`."""
    shown = [shortened(json.dumps(value, ensure_ascii=False), MAX_VALUE_LENGTH) for value in values]
    if len(shown) > MAX_VALUES:
        shown[MAX_VALUES:] = [f"... ({len(shown):,} values)"]
    return ", ".join(shown) or "missing"


def numbers_text(numbers: Sequence[int]) -> str:
    """`event 1`, or `events 1-3, 5`; events are counted from 1."""
    known = set(numbers)
    starts = [number for number in numbers if number - 1 not in known]
    ends = [number for number in numbers if number + 1 not in known]
    runs = [str(start) if start == end else f"{start}-{end}" for start, end in zip(starts, ends, strict=True)]
    return f"event{'s' if len(numbers) > 1 else ''} {', '.join(runs)}" if numbers else "no event"


def look_back_text(text: str) -> str:
    """`now-6m` as `6 minutes`; anything else as it stands."""
    return span_text(text.removeprefix("now-")) if text.startswith("now-") else text


def span_text(text: str) -> str:
    """`5m` as `5 minutes`; months and years, whose lengths differ, and anything else as they stand."""
    length = None if text.endswith(("M", "y")) else duration_ms(text)
    return text if length is None else time_words(length)
