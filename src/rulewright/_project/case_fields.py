"""Fields in the events of cases by hand that nobody knows, and that read like one that is known."""

from collections.abc import Iterator, Mapping
from json import dumps
from typing import Any

from rulewright_engine.evaluate.event import Event
from rulewright_engine.rules import CompiledRule
from rulewright_generators.cases import Case, CaseFile, is_generated
from rulewright_generators.cases.format.codes import UNKNOWN_CASE_FIELD
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.similar import nearest_of
from rulewright_schema.source import Span

__all__ = ["unknown_fields"]


def unknown_fields(compiled: CompiledRule, pinned: CaseFile | None) -> Iterator[tuple[Case, Diagnostic]]:
    """Each such field once, in the first case that has it. A name that is like no other is somebody's own field."""
    if pinned is None:
        return
    read = {field.name for field in compiled.query.fields()}
    seen = set(read)
    for case, span in zip(pinned.cases, pinned.spans, strict=True):
        for name in [] if is_generated(case) else _names(case):
            if name not in seen:
                seen.add(name)
                near = _meant(compiled, name, read)
                if near is not None:
                    place = _place(pinned, span, name)
                    message = f"case `{case.name}` has an unknown field `{name}`"
                    help_ = f"did you mean `{near}`?"
                    yield case, UNKNOWN_CASE_FIELD.report(message, place, path=pinned.source.name, help=help_)


def _names(case: Case) -> Iterator[str]:
    documents: tuple[Mapping[str, Any], ...] = (*case.events, *case.history, *case.indicators)
    for document in documents:
        yield from Event(document).names()


def _meant(compiled: CompiledRule, name: str, read: set[str]) -> str | None:
    """The field that is known beside an unknown one, or that the rule reads there, and that ends almost like it."""
    if compiled.fields.lookup(name) is not None:
        return None
    parent, _, last = name.rpartition(".")
    start = f"{parent}." if parent else ""
    beside = [*sorted(read), *(compiled.fields.matching(f"{start}*") if parent else ())]
    parts = [other.removeprefix(start) for other in beside if other.startswith(start)]
    near = nearest_of(last, [part for part in parts if "." not in part])
    return None if near is None else f"{start}{near}"


def _place(pinned: CaseFile, line: Span, name: str) -> Span:
    """Where the field stands in the line of its case; the line where it comes from a base."""
    for text in (name, name.rpartition(".")[2]):
        quoted = dumps(text, ensure_ascii=False)
        start = pinned.source.text.find(f"{quoted}:", line.start, line.end)
        if start >= 0:
            return Span(start, start + len(quoted))
    return line
