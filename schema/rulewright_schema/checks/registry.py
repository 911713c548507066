"""Which checks there are."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from rulewright_schema.codes.code import Code, Profile
from rulewright_schema.diagnostics import Diagnostic

__all__ = ["Registry"]

ContextT = TypeVar("ContextT")
CheckT = TypeVar("CheckT", bound=Callable[..., Iterable[Diagnostic]])


class Registry(Generic[ContextT]):
    """The checks that are given one kind of context, in the order in which their modules define them."""

    def __init__(self) -> None:
        self._checks: list[tuple[tuple[Code, ...], Callable[[ContextT], Iterable[Diagnostic]]]] = []

    def check(self, *codes: Code) -> Callable[[CheckT], CheckT]:
        """Register the function below as a check that reports `codes`."""

        def register(function: CheckT) -> CheckT:
            self._checks.append((codes, function))
            return function

        return register

    def run(self, context: ContextT, profile: Profile) -> Iterator[Diagnostic]:
        """What all checks report that belongs to the profile; a check without a code in it does not run."""
        for codes, function in self._checks:
            wanted = {code.code for code in codes if profile is Profile.ELASTIC or code.profile is Profile.CORE}
            if wanted:
                yield from (problem for problem in function(context) if problem.code in wanted)
