"""What went wrong while a query ran without stopping it: a value became null. Each once, with its place."""

from rulewright_engine.esql.syntax.codes import BECOMES_NULL
from rulewright_schema.diagnostics import Diagnostic
from rulewright_schema.source import Span
from rulewright_schema.wording import quoted

__all__ = ["SEVERAL_VALUES", "Warnings", "becomes_null"]

SEVERAL_VALUES = "it got more than one value where it takes one"
MAX_WARNINGS = 20
"""Warnings that are kept; more of them say nothing new."""


def becomes_null(span: Span, text: str, reason: str, result: str = "null") -> Diagnostic:
    message = f"{quoted(text)} becomes {result}: {reason}"
    return BECOMES_NULL.report(message, span, help="a condition that is null drops the row; test the value before")


class Warnings:
    """Collects the warnings of one run."""

    def __init__(self) -> None:
        self._found: dict[tuple[Span, str], Diagnostic] = {}

    def add(self, span: Span, text: str, reason: str, result: str = "null") -> None:
        """Note that the expression at `span` (its text: `text`) gave `result` because of `reason`."""
        key = (span, reason)
        if key not in self._found and len(self._found) < MAX_WARNINGS:
            self._found[key] = becomes_null(span, text, reason, result)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(sorted(self._found.values(), key=lambda each: (each.span or Span(0, 0), each.message)))
