"""A file of cases is read: each line a case or a base document, or one problem at its line and column."""

import re
from collections.abc import Iterable, Iterator, Mapping
from json import dumps
from pathlib import Path
from typing import Any

from rulewright_engine.evaluate.outside import wrong_lookups
from rulewright_generators.cases.format.alert_content import wrong_content
from rulewright_generators.cases.format.case_file import Base, Case, CaseFile
from rulewright_generators.cases.format.codes import CASE_SHAPE, DUPLICATE_CASE
from rulewright_generators.cases.format.patches import Document, Flattened, Run
from rulewright_generators.cases.format.steps import advanced
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.jsonlines import JsonLine, parse_json_lines, read_text
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Source, Span

__all__ = ["parse_cases", "read_cases"]

MAX_COUNTED_EVENTS = 10_000
"""Events of one case that are written as counts; a threshold is seldom a tenth of it."""

_KEYS = ("case", "alerts", "why", "alert", "covers", "flips", "history", "indicators", "answers", "lookups", "events")
_ENTRY_KEYS = ("base", "set", "unset", "count", "step")
RANGE = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)


class _Wrong(Exception):
    """What is wrong with a line: a message, what to do, and the text at which it stands."""

    def __init__(self, message: str, at: str = "", help_: str = "") -> None:
        super().__init__(message)
        self.message, self.at, self.help = message, at, help_


def read_cases(path: Path, name: str = "") -> CaseFile:
    """The cases of a file; what cannot be read is a diagnostic, never an exception."""
    source, problems = read_text(path, name or str(path))
    return CaseFile(source, (), (), problems) if problems else parse_cases(source)


def parse_cases(source: Source) -> CaseFile:
    lines, problems = parse_json_lines(source)
    reader = _Reader(source)
    for is_base in (True, False):  # a case may stand before its base
        problems += (
            problem
            for line in lines
            if ("case" not in line.value and "base" in line.value) == is_base
            if (problem := reader.read(line, is_base=is_base)) is not None
        )
    problems.sort(key=lambda problem: problem.span.start if problem.span else 0)
    return CaseFile(source, tuple(reader.cases.values()), tuple(reader.spans), tuple(problems), reader.bases)


class _Reader:
    """The cases and bases of a file so far."""

    def __init__(self, source: Source) -> None:
        self.bases: dict[str, Base] = {}
        self.cases: dict[str, Case] = {}
        self.spans: list[Span] = []
        self._source = source

    def read(self, line: JsonLine, *, is_base: bool) -> Diagnostic | None:
        """Take a line in; what is wrong with it is returned."""
        try:
            if is_base:
                return self._base(line)
            return self._case(line)
        except _Wrong as wrong:
            help_ = wrong.help or "see the page of this code for a complete case"
            return CASE_SHAPE.report(wrong.message, self._place(line, wrong.at), path=self._source.name, help=help_)

    def _base(self, line: JsonLine) -> Diagnostic | None:
        name = line.value["base"]
        unknown = next((key for key in line.value if key not in ("base", "event")), None)
        if unknown is not None:
            raise _Wrong(f"a base has no key `{unknown}`", unknown)
        if not isinstance(name, str) or not name:
            raise _Wrong("`base` is not a name", "base")
        if not isinstance(line.value.get("event"), dict):
            raise _Wrong(f"the base `{name}` has no `event`", name, 'a base is `{"base": NAME, "event": {...}}`')
        if name in self.bases:
            return self._twice(line, f"there are two bases named `{name}`", name)
        self.bases[name] = Base(Flattened.of(line.value["event"]), line.span)
        return None

    def _case(self, line: JsonLine) -> Diagnostic | None:
        case = _case_of(line.value, self.bases)
        if case.name in self.cases:
            return self._twice(line, f"there are two cases named `{case.name}`", case.name)
        self.cases[case.name] = case
        self.spans.append(line.span)
        return None

    def _twice(self, line: JsonLine, message: str, name: str) -> Diagnostic:
        place = self._place(line, name)
        return DUPLICATE_CASE.report(message, place, path=self._source.name, help="rename one of them")

    def _place(self, line: JsonLine, at: str) -> Span:
        """Where a text stands in a line; the whole line where that is not known."""
        quoted = (dumps(at, ensure_ascii=ascii_) for ascii_ in (False, True))
        for text in quoted if at else ():
            start = self._source.text.find(text, line.span.start, line.span.end)
            if start >= 0:
                return Span(start, start + len(text))
        return line.span


def _case_of(value: Mapping[str, Any], bases: Mapping[str, Base]) -> Case:
    _check(value)
    events, history, indicators = (
        tuple(_documents(key, value.get(key, []), bases)) for key in ("events", "history", "indicators")
    )
    case = Case(
        name=value["case"],
        events=events,
        alerts=_alerts(value["alerts"], len(events)),
        why=value.get("why", ""),
        covers=tuple(value.get("covers", ())),
        flips=value.get("flips"),
        history=history,
        indicators=indicators,
        answers=value.get("answers", {}),
        lookups=value.get("lookups", {}),
        alert=value.get("alert", {}),
    )
    wrong = wrong_content(value)
    if wrong:
        raise _Wrong(wrong, "alert")
    return case


def _check(value: Mapping[str, Any]) -> None:
    """Raises where a case's object lacks something or has it wrong, but for its events and alerts."""
    for key in ("case", "alerts", "events"):
        if key not in value:
            raise _Wrong(f"the case has no `{key}`")
    unknown = next((key for key in value if key not in _KEYS), None)
    if unknown is not None:
        raise _Wrong(f"a case has no key `{unknown}`", unknown, _meant(unknown, _KEYS))
    if not isinstance(value["case"], str) or not value["case"]:
        raise _Wrong("`case` is not a name", "case")
    for key in ("why", "flips"):
        if not isinstance(value.get(key, ""), str):
            raise _Wrong(f"`{key}` is not a text", key)
    if not _is_list_of(value.get("covers", []), str):
        raise _Wrong("`covers` is not a list of texts", "covers")
    if not isinstance(value.get("answers", {}), dict):
        raise _Wrong("`answers` is not an object", "answers")
    if wrong := wrong_lookups(value.get("lookups", {})):
        raise _Wrong(wrong, "lookups")


# Events


def _documents(key: str, entries: Any, bases: Mapping[str, Base]) -> Iterator[Document]:
    if not _is_list_of(entries, dict):
        raise _Wrong(f"`{key}` is not a list of objects", key)
    counted = sum(count for entry in entries if _is_number(count := entry.get("count")) and "base" in entry)
    if counted > MAX_COUNTED_EVENTS:
        raise _Wrong(f"`{key}` holds more than {MAX_COUNTED_EVENTS:,} counted events", "count", "fewer show the same")
    for entry in entries:
        if "base" in entry:
            yield from _changed(entry, bases)
        else:
            yield entry


def _changed(entry: Mapping[str, Any], bases: Mapping[str, Base]) -> Iterable[Document]:
    """The events that an entry says by what they change of a base."""
    unknown = next((key for key in entry if key not in _ENTRY_KEYS), None)
    if unknown is not None:
        help_ = _meant(unknown, _ENTRY_KEYS) or "an event with a field `base` is written as a base of its own"
        raise _Wrong(f"a changed event has no key `{unknown}`", unknown, help_)
    name = entry["base"]
    if not isinstance(name, str) or name not in bases:
        raise _Wrong(f"there is no base {dumps(name, ensure_ascii=False)}", str(name), _meant(str(name), bases))
    values, unset = entry.get("set", {}), entry.get("unset", [])
    if not isinstance(values, dict) or any(value is None for value in values.values()):
        raise _Wrong("`set` is not an object of values", "set", "take a field out with `unset`")
    if not _is_list_of(unset, str):
        raise _Wrong("`unset` is not a list of field names", "unset")
    base = bases[name].event
    absent = next((field for field in unset if field not in base.leaves), None)
    if absent is not None:
        raise _Wrong(f"the base `{name}` has no field `{absent}` to be taken out", absent, _meant(absent, base.leaves))
    first = base.patched(values, unset)
    return _counted(Flattened.of(first), entry) if "count" in entry or "step" in entry else (first,)


def _counted(first: Flattened, entry: Mapping[str, Any]) -> Iterator[Document]:
    """The events of an entry with a count."""
    count, step = entry.get("count", 1), entry.get("step", {})
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise _Wrong("`count` is not a number of events", "count")
    if not isinstance(step, dict):
        raise _Wrong("`step` is not an object", "step", 'such as {"@timestamp": "1s", "source.port": 1}')
    for name, each in step.items():
        if isinstance(each, list):
            if not each or None in each:
                raise _Wrong(
                    f"`step` has no list of values for `{name}`", name, "an event without a field stands alone"
                )
        elif name not in first.leaves:
            raise _Wrong(f"`step` counts up `{name}`, which the event does not have", name, _meant(name, first.leaves))
        elif not (isinstance(each, str) or _is_number(each)) or advanced(first.leaves[name], each, count - 1) is None:
            help_ = "numbers, texts with a number in them, and times like `2026-01-01T11:55:00.000Z` count up"
            raise _Wrong(f"`{name}` can not be counted up by {dumps(each)}", name, help_)
    return Run(first, count, step).events()


# Alerts


def _alerts(alerts: Any, count: int) -> tuple[tuple[int, ...], ...]:
    """The positions of events of each alert; `"0-9"` are ten of them."""
    if not _is_list_of(alerts, list):
        raise _Wrong("`alerts` is not a list of lists of positions", "alerts")
    return tuple(tuple(position for item in alert for position in _positions(item, count)) for alert in alerts)


def _positions(item: Any, count: int) -> range:
    match item:
        case str() if found := RANGE.fullmatch(item):
            positions = range(int(found[1]), int(found[2]) + 1)
        case int() if not isinstance(item, bool):
            positions = range(item, item + 1)
        case _:
            raise _Wrong("`alerts` is not a list of lists of positions", "alerts")
    outside = next((end for end in (positions.start, positions.stop - 1) if not -1 <= end < count), None)
    if outside is not None:
        raise _Wrong(f"`alerts` names the event {outside}, and there are {count} (the first is 0)", "alerts")
    return positions


def _is_list_of(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(item, kind) and not isinstance(item, bool) for item in value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _meant(word: str, words: Iterable[str]) -> str:
    near = nearest_of(word, words)
    return f"did you mean `{near}`?" if near else ""
