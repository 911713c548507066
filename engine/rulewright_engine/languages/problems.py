"""Where the reading of a query in EQL, KQL or Lucene collects what is wrong with it."""

from collections.abc import Callable

from rulewright_engine.ir.limits import MAX_QUERY_PROBLEMS
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Fix, Level
from rulewright_schema.source import Span

__all__ = ["GiveUp", "Problems"]


class GiveUp(Exception):
    """Ends the reading of a query; what is wrong is reported already."""


class Problems(list[Diagnostic]):
    """The problems of one query, in the order they were found."""

    __slots__ = ()

    @property
    def has_errors(self) -> bool:
        return any(problem.level is Level.ERROR for problem in self)

    @property
    def are_enough(self) -> bool:
        """Whether there are as many as are worth telling."""
        return len(self) >= MAX_QUERY_PROBLEMS

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
        """Add a problem; raises `GiveUp` when that makes them enough."""
        self.append(code.report(message, span, label=label, help=help, note=note, fix=fix))
        if self.are_enough:
            raise GiveUp

    def withdraw(self, start: int, is_needless: Callable[[Diagnostic], bool]) -> None:
        """Leave out those that are needless of all from number `start` on."""
        self[start:] = [problem for problem in self[start:] if not is_needless(problem)]

    def in_order(self) -> tuple[Diagnostic, ...]:
        """Those that are told, by place in the text."""
        return tuple(sorted(self, key=lambda problem: problem.span or Span(0, 0))[:MAX_QUERY_PROBLEMS])
