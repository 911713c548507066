"""Cases in the making: each is run before it counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import ConditionOutcome
from rulewright_generators.cases.events.documents import Document
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_generators.cases.format.case_file import Case
from rulewright_generators.cases.format.naming import named, uncapitalized

__all__ = ["ConfirmedCases", "Gap", "GeneratedCases"]

Alerts = Sequence[Sequence[int]]


@dataclass(frozen=True, slots=True)
class Gap:
    """What no case could show of a rule: `what` completes "no case shows", `reason` says why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class GeneratedCases:
    """The cases of a rule; what could be proven of each condition of its query, in the order of the text; and what else
    no case shows."""

    cases: tuple[Case, ...]
    conditions: tuple[ConditionOutcome, ...]
    gaps: tuple[Gap, ...] = ()


@dataclass(slots=True)
class ConfirmedCases:
    """The cases of a rule that raise the alerts that they were made for, and what could not be shown."""

    compiled: CompiledRule
    cases: list[Case] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    _runner: CaseRunner = field(init=False)

    def __post_init__(self) -> None:
        self._runner = CaseRunner(self.compiled)

    def add(
        self,
        kind: str,
        why: str,
        events: Sequence[Document],
        alerts: Alerts,
        *,
        covers: Iterable[str] = (),
        flips: str | None = None,
        history: Sequence[Document] = (),
        indicators: Sequence[Document] = (),
        shows: str = "",
    ) -> bool:
        """Take a case in if a run of the rule raises exactly `alerts`; says whether it does.

        A case that is about no condition is not taken in twice. `shows` is what it is called, if not by `why`.
        """
        case = Case(
            name="",
            events=tuple(events),
            alerts=tuple(tuple(alert) for alert in alerts),
            why=why,
            covers=tuple(covers),
            flips=flips,
            history=tuple(history),
            indicators=tuple(indicators),
        )
        if sorted(self._runner.alerts(case)) != sorted(case.alerts):
            return False
        if not covers and not flips and any(_same_documents(case, other) for other in self.cases):
            return True
        case = named(kind, shows or uncapitalized(why), case)
        if all(case.name != other.name for other in self.cases):  # else it shows the same of a repeated condition
            self.cases.append(case)
        return True

    def gap(self, what: str, reason: str) -> None:
        self.gaps.append(Gap(what, reason))


def _same_documents(case: Case, other: Case) -> bool:
    return (case.events, case.history, case.indicators) == (other.events, other.history, other.indicators)
