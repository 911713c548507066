"""JSON as an index takes it."""

import json
import re
from typing import Any

__all__ = ["parse_json", "whole_characters"]

_HALF = re.compile(r"\\u[dD][89a-fA-F]")


def parse_json(text: str) -> Any:
    """The value of a JSON text; `ValueError` or `RecursionError` where it is none."""
    value = json.loads(text)
    return json.loads(whole_characters(json.dumps(value, ensure_ascii=False))) if _HALF.search(text) else value


def whole_characters(text: str) -> str:
    """Two `\\u` escapes can spell one character; half of one is no character, and U+FFFD stands for it."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
