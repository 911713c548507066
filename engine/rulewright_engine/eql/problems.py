"""Where parsing and typing collect what is wrong."""

from rulewright_schema.diagnostics import Diagnostic, Fix, Label, Level
from rulewright_schema.source import Span

__all__ = ["MAX_ERRORS", "GiveUp", "Problems", "quoted"]

MAX_ERRORS = 50
"""Errors of one query that are worth telling."""


class GiveUp(Exception):
    """Ends the reading of a query; what is wrong is reported already."""


class Problems:
    """The diagnostics found so far, in the order they were found."""

    __slots__ = ("found", "has_errors", "is_executable")

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []
        self.has_errors = False
        self.is_executable = True
        """False where the query is wrong, or valid but of a form that evaluation does not know yet."""

    def add(
        self,
        level: Level,
        code: str,
        span: Span,
        message: str,
        *,
        label: str = "",
        help: str = "",  # noqa: A002 (the field of a diagnostic)
        note: str = "",
        secondary: tuple[Label, ...] = (),
        fix: Fix | None = None,
    ) -> None:
        if level is Level.ERROR:
            self.has_errors, self.is_executable = True, False
        self.found.append(Diagnostic(code, level, message, span, label, help, note, secondary, fix))

    def error(
        self,
        code: str,
        span: Span,
        message: str,
        *,
        label: str = "",
        help: str = "",  # noqa: A002
        note: str = "",
        secondary: tuple[Label, ...] = (),
        fix: Fix | None = None,
    ) -> None:
        """Add an error; raises `GiveUp` when there are too many."""
        self.add(Level.ERROR, code, span, message, label=label, help=help, note=note, secondary=secondary, fix=fix)
        if len(self.found) >= MAX_ERRORS:
            raise GiveUp

    def not_executable(self, code: str, span: Span, message: str, *, help: str) -> None:  # noqa: A002
        """Note that valid text cannot be run yet."""
        self.is_executable = False
        self.add(Level.NOTE, code, span, message, help=help)

    def in_order(self) -> tuple[Diagnostic, ...]:
        """By place in the text."""
        return tuple(sorted(self.found, key=lambda found: found.span or Span(0, 0)))


def quoted(text: str, limit: int = 60) -> str:
    """The user's text in backticks, shortened for a message."""
    flat = " ".join(text.split())
    return f"`{flat if len(flat) <= limit else flat[: limit - 3] + '...'}`"
