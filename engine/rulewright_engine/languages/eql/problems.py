"""Where parsing and typing collect what is wrong."""

from rulewright_engine.ir.limits import MAX_QUERY_PROBLEMS
from rulewright_engine.languages.eql.codes import NOT_EXECUTABLE
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Fix, Level
from rulewright_schema.source import Span

__all__ = ["GiveUp", "Problems"]


class GiveUp(Exception):
    """Ends the reading of a query; what is wrong is reported already."""


class Problems:
    """The diagnostics found so far, in the order they were found.

    `is_executable` is false where the query is wrong, or valid but of a form that evaluation does not know yet.
    """

    __slots__ = ("found", "has_errors", "is_executable")

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.has_errors = False
        self.is_executable = True

    def report(
        self,
        code: Code,
        span: Span,
        message: str,
        *,
        label: str = "",
        help: str = "",  # noqa: A002 (the field of a diagnostic)
        note: str = "",
        fix: Fix | None = None,
    ) -> None:
        """Add a problem; raises `GiveUp` when there are too many."""
        self.found.append(code.report(message, span, label=label, help=help, note=note, fix=fix))
        self.has_errors |= code.level is Level.ERROR
        self.is_executable &= code.level is not Level.ERROR and code is not NOT_EXECUTABLE
        if len(self.found) >= MAX_QUERY_PROBLEMS:
            raise GiveUp

    def in_order(self) -> tuple[Diagnostic, ...]:
        """By place in the text."""
        return tuple(sorted(self.found, key=lambda found: found.span or Span(0, 0)))
