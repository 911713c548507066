"""What went wrong while a query ran without stopping it: a value became null. Each once, with its place."""

from rulewright_schema.diagnostics import Diagnostic, Level
from rulewright_schema.source import Span

__all__ = ["SEVERAL_VALUES", "Warnings"]

SEVERAL_VALUES = "it got more than one value where it takes one"
MOST = 20
"""Warnings that are kept; more of them say nothing new."""


class Warnings:
    """Collects the warnings of one run."""

    def __init__(self) -> None:
        self._found: dict[tuple[Span, str], Diagnostic] = {}

    def add(self, span: Span, text: str, reason: str, result: str = "null") -> None:
        """Note that the expression at `span` (its text: `text`) gave `result` because of `reason`."""
        key = (span, reason)
        if key not in self._found and len(self._found) < MOST:
            shown = text if len(text) <= 80 else text[:77] + "..."
            self._found[key] = Diagnostic("RW589", Level.WARNING, f"`{shown}` became {result}: {reason}", span)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(sorted(self._found.values(), key=lambda each: (each.span or Span(0, 0), each.message)))
