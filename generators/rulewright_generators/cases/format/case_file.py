"""A case: events and the alerts they must raise; `<rule>.cases.jsonl` holds one a line."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from rulewright_engine.evaluate.outside import Outside, outside_of, wrong_lookups
from rulewright_generators.cases.format.alert_content import wrong_content
from rulewright_generators.cases.format.codes import CASE_SHAPE, DUPLICATE_CASE
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.jsonlines import JsonLine, parse_json_lines, read_text
from rulewright_schema.source import Source, Span

__all__ = [
    "Case",
    "CaseFile",
    "dump_cases",
    "in_order",
    "is_generated",
    "kind_of",
    "natural_key",
    "parse_cases",
    "read_cases",
    "renumbered",
]

GENERATED = re.compile(r"(?:positive|near-miss|boundary|order|runs|span|group|history|indicator|alert)-\d+")
"""The names of cases that are made anew when a rule changes; every other case is somebody's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`alerts` lists, for each alert, the positions of the events that raised it (-1: a missing event).

    `covers` (of a positive) and `flips` (of a near miss) name conditions by their text. `answers` holds what a query
    gets from outside (ES|QL COMPLETION), `lookups` the rows that it joins (LOOKUP JOIN, ENRICH). `alert` is what each
    of the alerts says, as far as the case is about that.
    """

    name: str
    events: tuple[Mapping[str, Any], ...]
    alerts: tuple[tuple[int, ...], ...]
    why: str
    covers: tuple[str, ...] = ()
    flips: str | None = None
    history: tuple[Mapping[str, Any], ...] = ()
    indicators: tuple[Mapping[str, Any], ...] = ()
    answers: Mapping[str, Any] = field(default_factory=dict)
    lookups: Mapping[str, Any] = field(default_factory=dict)
    alert: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_positive(self) -> bool:
        return bool(self.alerts)

    @property
    def outside(self) -> Outside:
        """What an ES|QL query gets beside the events."""
        return outside_of(self.answers, self.lookups)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of a file, where each stands in it, and what is wrong with the rest."""

    source: Source
    cases: tuple[Case, ...]
    spans: tuple[Span, ...]
    diagnostics: tuple[Diagnostic, ...]


def is_generated(case: Case) -> bool:
    return GENERATED.fullmatch(case.name) is not None


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Orders names as a person would: `positive-2` before `positive-10`."""
    pieces = re.split(r"(\d{1,18})", name)
    return tuple((1, int(piece), piece) if piece.isdecimal() else (0, 0, piece) for piece in pieces)


def in_order(cases: Iterable[Case]) -> tuple[Case, ...]:
    """The cases in the order of the file."""
    return tuple(sorted(cases, key=lambda case: natural_key(case.name)))


def kind_of(case: Case) -> str:
    """`near-miss` of `near-miss-3`."""
    return case.name.rpartition("-")[0]


def renumbered(cases: Iterable[Case], taken: Iterable[str]) -> list[Case]:
    """The cases under the first free numbers of their kinds."""
    used = set(taken)
    result = []
    for case in sorted(cases, key=lambda case: natural_key(case.name)):
        kind = kind_of(case)
        number = next(number for number in range(len(used) + 1) if f"{kind}-{number}" not in used)
        used.add(f"{kind}-{number}")
        result.append(replace(case, name=f"{kind}-{number}"))
    return result


def dump_cases(cases: Iterable[Case]) -> str:
    """The text of a cases file: the same cases give the same bytes."""
    return "".join(f"{json.dumps(_object(case), ensure_ascii=False)}\n" for case in in_order(cases))


def _object(case: Case) -> dict[str, Any]:
    written: dict[str, Any] = {"case": case.name, "alerts": [list(alert) for alert in case.alerts], "why": case.why}
    if case.alert:
        written["alert"] = case.alert
    if case.covers:
        written["covers"] = list(case.covers)
    if case.flips is not None:
        written["flips"] = case.flips
    if case.history:
        written["history"] = list(case.history)
    if case.indicators:
        written["indicators"] = list(case.indicators)
    if case.answers:
        written["answers"] = case.answers
    if case.lookups:
        written["lookups"] = case.lookups
    written["events"] = list(case.events)
    return written


def read_cases(path: Path, name: str = "") -> CaseFile:
    """The cases of a file; what cannot be read is a diagnostic, never an exception."""
    source, problems = read_text(path, name or str(path))
    return CaseFile(source, (), (), problems) if problems else parse_cases(source)


def parse_cases(source: Source) -> CaseFile:
    lines, problems = parse_json_lines(source)
    cases: dict[str, Case] = {}
    spans: list[Span] = []
    for line in lines:
        found = _case_of(line, source.name)
        if isinstance(found, Diagnostic):
            problems.append(found)
        elif found.name in cases:
            message = f"there are two cases named `{found.name}`"
            problems.append(DUPLICATE_CASE.report(message, line.span, path=source.name, help="rename one of them"))
        else:
            cases[found.name] = found
            spans.append(line.span)
    return CaseFile(source, tuple(cases.values()), tuple(spans), tuple(problems))


def _case_of(line: JsonLine, name: str) -> Case | Diagnostic:
    value = line.value
    wrong = _wrong(value)
    if wrong:
        return CASE_SHAPE.report(wrong, line.span, path=name, help="see the page of this code for a complete case")
    return Case(
        name=value["case"],
        events=tuple(value["events"]),
        alerts=tuple(tuple(alert) for alert in value["alerts"]),
        why=value.get("why", ""),
        covers=tuple(value.get("covers", ())),
        flips=value.get("flips"),
        history=tuple(value.get("history", ())),
        indicators=tuple(value.get("indicators", ())),
        answers=value.get("answers", {}),
        lookups=value.get("lookups", {}),
        alert=value.get("alert", {}),
    )


_KEYS = ("case", "alerts", "why", "alert", "covers", "flips", "history", "indicators", "answers", "lookups", "events")


def _wrong(value: Mapping[str, Any]) -> str:
    """What a case's object lacks or has wrong; empty when nothing."""
    for key in ("case", "alerts", "events"):
        if key not in value:
            return f"the case has no `{key}`"
    unknown = next((key for key in value if key not in _KEYS), None)
    if unknown is not None:
        return f"a case has no key `{unknown}`"
    if not isinstance(value["case"], str) or not value["case"]:
        return "`case` is not a name"
    for key in ("why", "flips"):
        if not isinstance(value.get(key, ""), str):
            return f"`{key}` is not a text"
    for key in ("events", "history", "indicators"):
        if not _is_list_of(value.get(key, []), dict):
            return f"`{key}` is not a list of objects"
    if not _is_list_of(value.get("covers", []), str):
        return "`covers` is not a list of texts"
    if not isinstance(value.get("answers", {}), dict):
        return "`answers` is not an object"
    if wrong := wrong_lookups(value.get("lookups", {})):
        return wrong
    return _wrong_alerts(value["alerts"], len(value["events"])) or wrong_content(value)


def _wrong_alerts(alerts: Any, count: int) -> str:
    if not _is_list_of(alerts, list) or not all(_is_list_of(alert, int) for alert in alerts):
        return "`alerts` is not a list of lists of positions"
    outside = next((position for alert in alerts for position in alert if not -1 <= position < count), None)
    if outside is not None:
        return f"`alerts` names the event {outside}, and there are {count} (the first is 0)"
    return ""


def _is_list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) and not isinstance(item, bool) for item in value)
