"""Diagnostics for programs, as JSON; positions are 1-based."""

from typing import Any

from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Source, Span

__all__ = ["as_data"]


def as_data(diagnostic: Diagnostic, source: Source) -> dict[str, Any]:
    """`start` and `end` (exclusive) are absent where the diagnostic is about the whole file."""
    data: dict[str, Any] = {
        "code": diagnostic.code,
        "level": diagnostic.level,
        "message": diagnostic.message,
        "path": diagnostic.path or source.name,
    }
    if diagnostic.span is not None and source.text:
        data |= _range(source, diagnostic.span)
    data |= {key: text for key in ("label", "help", "note") if (text := getattr(diagnostic, key))}
    if diagnostic.secondary:
        data["secondary"] = [{**_range(source, label.span), "text": label.text} for label in diagnostic.secondary]
    if diagnostic.fix:
        edits = [{**_range(source, edit.span), "text": edit.text} for edit in diagnostic.fix.edits]
        data["fix"] = {"safe": diagnostic.fix.safe, "edits": edits}
    return data


def _range(source: Source, span: Span) -> dict[str, Any]:
    start, end = source.position(span.start), source.position(span.end)
    return {
        "start": {"line": start.line, "column": start.column},
        "end": {"line": end.line, "column": end.column},
    }
