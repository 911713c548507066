"""Where the reading of a query collects what is wrong with it, whatever its language."""

from collections.abc import Callable

from rulewright_engine.ir.limits import MAX_QUERY_PROBLEMS
from rulewright_schema.codes import Code
from rulewright_schema.diagnostics import Diagnostic, Fix, Level
from rulewright_schema.source import NOWHERE, Span

__all__ = ["GiveUp", "Problems"]


class GiveUp(Exception):
    """Ends the reading of a query, or of a part behind which ES|QL reads on; what is wrong is reported already."""


class Problems(list[Diagnostic]):
    """The problems of one query, in the order they were found."""

    __slots__ = ()

    @property
    def has_errors(self) -> bool:
        return any(problem.level is Level.ERROR for problem in self)

    @property
    def are_enough(self) -> bool:
        """Whether there are as many as are worth telling, and the last is an error: a query without one still runs."""
        return len(self) >= MAX_QUERY_PROBLEMS and self[-1].level is Level.ERROR

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
        """Those that are told, each once, by place in the text; of too many, the errors before the others."""
        found = sorted(dict.fromkeys(self), key=_place)
        if len(found) <= MAX_QUERY_PROBLEMS:
            return tuple(found)
        weightiest = sorted(found, key=lambda problem: problem.level is not Level.ERROR)[:MAX_QUERY_PROBLEMS]
        return tuple(sorted(weightiest, key=_place))


def _place(problem: Diagnostic) -> Span:
    return problem.span or NOWHERE
