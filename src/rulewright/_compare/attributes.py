"""The keys of two rules that change what an analyst sees and not what the rule finds."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rulewright_schema.durations import DEFAULT_FROM, DEFAULT_INTERVAL, DEFAULT_TO
from rulewright_schema.rule import Rule
from rulewright_schema.wording import counted

__all__ = ["Attribute", "attributes"]

ELSEWHERE = frozenset({"query", "index", "data_view_id", "type", "filters", "alert_suppression", "rule_id"})
"""What rules find by, which is compared by its meaning, and what they belong together by."""

FIRST = ("severity", "risk_score", "from", "to", "interval", "enabled", "exceptions_list", "threat")
"""What decides whether and how urgently somebody looks."""

DEFAULTS: Mapping[str, Any] = {"from": DEFAULT_FROM, "to": DEFAULT_TO, "interval": DEFAULT_INTERVAL}

MAX_TEXT = 80
"""Characters of a text that is shown; of a longer one it is said how many lines came and went."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """`old` and `new` are the values as the file has them, None on the side that says nothing."""

    name: str
    old: Any
    new: Any

    @property
    def words(self) -> str:
        """`severity: high -> low`; of a list what came and went."""
        if isinstance(self.old or self.new, list) and isinstance(self.new or self.old, list):
            return f"{self.name}: {_of_lists(_elements(self.old or []), _elements(self.new or []))}"
        old, new = ("none" if value is None else _text(value) for value in (self.old, self.new))
        if max(len(old), len(new)) <= MAX_TEXT and "\n" not in old + new:
            return f"{self.name}: {old} -> {new}"
        gone, came = _lines(self.old) - _lines(self.new), _lines(self.new) - _lines(self.old)
        return f"{self.name}: {counted(gone.total(), 'line')} gone, {counted(came.total(), 'line')} new"


def attributes(old: Rule, new: Rule) -> tuple[Attribute, ...]:
    """The keys that differ, the most urgent first, then in alphabetical order."""
    sides = _keys(old), _keys(new)
    names = sorted({*sides[0], *sides[1]}, key=lambda name: (name not in FIRST, name))
    names.sort(key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
    found = (Attribute(name, *(keys.get(name) for keys in sides)) for name in names)
    return tuple(each for each in found if each.old != each.new)


def _keys(rule: Rule) -> dict[str, Any]:
    """The keys of a rule, what it leaves out as Kibana takes it."""
    table = rule.raw.get("rule", {})
    by_type = set(rule.keys_of_type())
    keys = {**DEFAULTS, **{key: table[key] for key in table if key not in ELSEWHERE and key not in by_type}}
    suppression = table.get("alert_suppression")
    if isinstance(suppression, Mapping) and "duration" in suppression:
        keys["alert suppression duration"] = suppression["duration"]
    keys["maturity"] = rule.metadata.maturity
    return keys | {"transform": rule.raw["transform"]} if "transform" in rule.raw else keys


def _elements(value: list[Any]) -> list[str]:
    return [text for element in value for text in _texts(element)]


def _texts(element: Any) -> Iterator[str]:
    """An element of a list; of a threat its tactic and techniques."""
    if not (isinstance(element, Mapping) and isinstance(element.get("tactic"), Mapping)):
        yield _text(element)
        return
    tactic = _named(element["tactic"])
    yield tactic
    for technique in element.get("technique", ()):
        yield f"{_named(technique)} ({tactic})"
        yield from (f"{_named(below)} ({tactic})" for below in technique.get("subtechnique", ()))


def _named(entry: Mapping[str, Any]) -> str:
    return f"{entry.get('id', '')} {entry.get('name', '')}".strip()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _of_lists(old: list[str], new: list[str]) -> str:
    gone, came = Counter(old) - Counter(new), Counter(new) - Counter(old)
    told = [f"without {text}" for text in gone] + [f"with {text}" for text in came]
    return ", ".join(told) or "in another order, or with other details"


def _lines(value: Any) -> Counter[str]:
    return Counter(("" if value is None else _text(value)).splitlines())
