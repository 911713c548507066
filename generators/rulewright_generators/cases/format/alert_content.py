"""What a case says of its alerts beside their events: the key `alert` of its object."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from rulewright_engine.rules import AlertContent
from rulewright_engine.rules.content import SEVERITIES

__all__ = ["differences", "wrong_content"]


def differences(pinned: Mapping[str, Any], content: AlertContent) -> Iterator[str]:
    """Where an alert says something else than a case pins, a clause each; keys that are not pinned do not count."""
    said = {"original_time": None, "highlighted": {}, "enrichments": [], **content.to_json()}
    for key, wanted in pinned.items():
        if not _agrees(key, wanted, said[key]):
            field = content.overrides.get(key)
            source = f", from `{field}`" if field else ""
            yield f"{key} is {_text(said[key])}{source}, and the case says {_text(wanted)}"


def _agrees(key: str, wanted: Any, said: Any) -> bool:
    """Of highlighted fields those that are pinned; of as many enrichments each holds what one is pinned to."""
    match key:
        case "highlighted":
            return all(_listed(values) == said.get(name, []) for name, values in wanted.items())
        case "enrichments":
            return len(wanted) == len(said) and all(map(_holds, wanted, said))
        case _:
            return bool(wanted == said)


def _holds(wanted: Any, said: Any) -> bool:
    if isinstance(wanted, Mapping) and isinstance(said, Mapping):
        return all(name in said and _holds(value, said[name]) for name, value in wanted.items())
    return bool(wanted == said)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


_SHAPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "name": (lambda value: isinstance(value, str), "a text"),
    "severity": (lambda value: value in SEVERITIES, f"one of {', '.join(SEVERITIES)}"),
    "risk_score": (lambda value: isinstance(value, int | float) and not isinstance(value, bool), "a number"),
    "original_time": (lambda value: value is None or isinstance(value, str), "a time as text, or null"),
    "highlighted": (lambda value: isinstance(value, dict), "an object: field name to values"),
    "enrichments": (lambda value: isinstance(value, list), "a list of objects"),
}


def wrong_content(case: Mapping[str, Any]) -> str:
    """What is wrong with the key `alert` of a case's object; empty when nothing."""
    pinned = case.get("alert", {})
    if not isinstance(pinned, dict):
        return "`alert` is not an object"
    if pinned and not case["alerts"]:
        return "`alert` is what an alert says, and the case raises none"
    for key, value in pinned.items():
        if key not in _SHAPES:
            return f"`alert` has no key `{key}`; it may have {', '.join(_SHAPES)}"
        fits, shape = _SHAPES[key]
        if not fits(value):
            return f"`alert.{key}` is not {shape}"
    return ""
