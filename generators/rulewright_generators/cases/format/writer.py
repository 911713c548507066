"""A file of cases is written: base documents once, and of each event what it changes.

The same cases give the same bytes. Lines that somebody wrote stay as and where they are; the bases of a file stay while
something needs them, so that a change of the rule touches the lines that it is about.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from json import dumps
from typing import Any

from rulewright_generators.cases.format.bases import base_of, chosen_bases
from rulewright_generators.cases.format.case_file import GENERATED, Case, CaseFile, in_order, is_generated, natural_key
from rulewright_generators.cases.format.patches import Document, Run, runs_of
from rulewright_schema.json_text import parse_json

__all__ = ["dump_cases", "updated_text"]

MIN_RANGE = 4
"""Positions of events that are written as a range."""


def dump_cases(cases: Iterable[Case]) -> str:
    """The text of a new file of cases."""
    writer = _Writer(in_order(cases), {}, ())
    return "".join(f"{line}\n" for line in (*map(writer.base_line, writer.bases), *writer.lines.values()))


def updated_text(file: CaseFile, cases: Sequence[Case]) -> str:
    """The text of a file that shall hold these cases."""
    at = {case.name: span for case, span in zip(file.cases, file.spans, strict=True)}
    own = {case.name: file.text_of(at[case.name]) for case in cases if not is_generated(case) and case.name in at}
    used = {name for line in own.values() for name in _bases_in(line)}
    known = {name: base.event.document for name, base in file.bases.items()}
    writer = _Writer(in_order(case for case in cases if case.name not in own), known, used)
    lines = {**writer.lines, **own}
    placed = _placed(file, writer.bases, lines)
    return "".join(f"{writer.base_line(name) if is_base else lines[name]}\n" for is_base, name in placed)


def _placed(file: CaseFile, bases: Mapping[str, Document], names: Iterable[str]) -> list[tuple[bool, str]]:
    """What stands on each line, a base or a case by name: what is known where it was, the rest in order among it."""
    at = {(True, name): base.span.start for name, base in file.bases.items()}
    at |= {(False, case.name): span.start for case, span in zip(file.cases, file.spans, strict=True)}
    wanted = dict.fromkeys((*((True, name) for name in bases), *((False, name) for name in names)))
    lines = sorted((line for line in wanted if line in at), key=at.__getitem__)
    for line in wanted:
        if line not in at:
            lines.insert(_place(lines, *line), line)
    return lines


def _place(lines: Sequence[tuple[bool, str]], is_base: bool, name: str) -> int:
    """Behind the last base; among the generated cases by name, and behind all lines where there are none."""
    if is_base:
        return 1 + max((at for at, line in enumerate(lines) if line[0]), default=-1)
    generated = [(at, line[1]) for at, line in enumerate(lines) if not line[0] and GENERATED.fullmatch(line[1])]
    if not generated or not GENERATED.fullmatch(name):
        return len(lines)
    before = [at for at, other in generated if natural_key(other) < natural_key(name)]
    return 1 + before[-1] if before else generated[0][0]


# Lines


class _Writer:
    """Writes cases, and the bases that they need."""

    def __init__(self, cases: Sequence[Case], known: Mapping[str, Document], used: Collection[str]) -> None:
        runs = {
            case.name: [list(runs_of(events)) for events in (case.events, case.history, case.indicators)]
            for case in cases
        }
        ordered = sorted(cases, key=lambda case: not case.is_positive)
        self._bases = chosen_bases([run for case in ordered for some in runs[case.name] for run in some], known, used)
        self.bases = {name: base.document for name, base in self._bases.items()}
        self.lines = {case.name: self._line(case, *runs[case.name]) for case in cases}

    def base_line(self, name: str) -> str:
        return dumps({"base": name, "event": self.bases[name]}, ensure_ascii=False)

    def _line(self, case: Case, *runs: Sequence[Run]) -> str:
        events, history, indicators = ([entry for run in some for entry in self._entry(run)] for some in runs)
        said = {
            "alert": case.alert,
            "covers": case.covers,
            "flips": case.flips,
            "history": history,
            "indicators": indicators,
            "answers": case.answers,
            "lookups": case.lookups,
        }
        alerts = [_ranges(alert) for alert in case.alerts]
        written: dict[str, Any] = {"case": case.name, "alerts": alerts, "why": case.why}
        written |= {key: value for key, value in said.items() if value or (key == "flips" and value is not None)}
        return dumps({**written, "events": events}, ensure_ascii=False)

    def _entry(self, run: Run) -> list[Any]:
        """A run as changes of a base; the events themselves where there is none like them."""
        name = base_of(run.first, self._bases)
        patch = None if name is None else self._bases[name].patch(run.first)
        if patch is None:
            return list(run.events())
        if run.count == 1:
            return [{"base": name, **patch}]
        values = {
            field: value for field, value in patch.get("set", {}).items() if not isinstance(run.step.get(field), list)
        }
        written = {"base": name, "set": values, "unset": patch.get("unset"), "count": run.count, "step": run.step}
        return [{key: value for key, value in written.items() if value}]


def _ranges(alert: Sequence[int]) -> list[int | str]:
    """`[0, 1, 2, 3, 7]` as `["0-3", 7]`."""
    written: list[int | str] = []
    start = 0
    while start < len(alert):
        end = start + 1
        while end < len(alert) and alert[end] == alert[end - 1] + 1:
            end += 1
        is_range = end - start >= MIN_RANGE and alert[start] >= 0
        written += [f"{alert[start]}-{alert[end - 1]}"] if is_range else alert[start:end]
        start = end
    return written


def _bases_in(line: str) -> Iterator[str]:
    """The bases that a line of a file names."""
    case = parse_json(line)
    for entry in (entry for key in ("events", "history", "indicators") for entry in case.get(key, ())):
        if "base" in entry:
            yield entry["base"]
