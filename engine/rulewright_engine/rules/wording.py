"""What sentences about events say alike: values, numbers of events, spans of time."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from rulewright_schema.wording import counted

__all__ = ["MOST_SHOWN", "look_back_text", "numbers_text", "shorten", "span_text", "value_text"]

MOST_SHOWN = 10
"""Events and groups that are told of one by one."""
LONGEST = 160
"""Characters of a value that are shown."""
MOST_VALUES = 6

_UNITS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}


def shorten(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def value_text(values: Iterable[Any]) -> str:
    """`"a", "b"`, or `missing`."""
    shown = [shorten(json.dumps(value, ensure_ascii=False)) for value in values]
    if len(shown) > MOST_VALUES:
        shown[MOST_VALUES:] = [f"… ({len(shown)} values)"]
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
    """`5m` as `5 minutes`; anything else as it stands."""
    found = re.fullmatch(r"(\d+)([smhdw])", text)
    return text if found is None else counted(int(found[1]), _UNITS[found[2]])
