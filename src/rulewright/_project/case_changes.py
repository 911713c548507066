"""What a new text of a file of cases does to the cases in it: which are lost, new or changed."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from json import dumps

from rulewright_engine.rules import CompiledRule
from rulewright_generators.cases import Case, run_cases
from rulewright_schema.wording import counted

__all__ = ["CaseChanges", "changes_of"]

MAX_NEW_TOLD = 10
"""New firing cases of a rule that are told one by one; of those that are lost or change, each is."""


@dataclass(frozen=True, slots=True)
class CaseChanges:
    """The cases, by name, that are lost, new, or have other documents under their name.

    `silenced`: those firing ones among the changed whose events of before no longer raise their alerts. `idle`: those
    among the lost whose events still do.
    """

    lost: tuple[Case, ...]
    changed: tuple[Case, ...]
    new: tuple[Case, ...]
    silenced: frozenset[str]
    idle: frozenset[str]

    @property
    def loses(self) -> bool:
        """Whether something is no longer shown to fire."""
        return bool(self.silenced) or any(case.is_positive for case in self.lost)

    def lines(self) -> Iterator[str]:
        """A sentence of all, and a line for each firing case."""
        parts = []
        for kind, is_firing in (("firing", True), ("quiet", False)):
            numbers = [
                f"{count:,} {what}"
                for what, cases in (("lost", self.lost), ("changed", self.changed), ("new", self.new))
                if (count := sum(case.is_positive == is_firing for case in cases))
            ]
            parts += [f"{kind} cases: {', '.join(numbers)}"] if numbers else []
        yield "; ".join(parts) or "the same cases, written otherwise"
        for case in _firing(self.lost):
            reason = (
                "nothing depends on it any more" if case.name in self.idle else "its events raise no such alert now"
            )
            yield f"  lost     {case.name} ({reason})"
        for case in _firing(self.changed):
            reason = " (its events of before raise no such alert now)" if case.name in self.silenced else ""
            yield f"  changed  {case.name}{reason}"
        new = list(_firing(self.new))
        yield from (f"  new      {case.name}" for case in new[:MAX_NEW_TOLD])
        if len(new) > MAX_NEW_TOLD:
            yield f"  new      and {counted(len(new) - MAX_NEW_TOLD, 'other')}"


def changes_of(compiled: CompiledRule, before: Sequence[Case], after: Sequence[Case]) -> CaseChanges:
    """A case that only got another name or other words is none of them."""
    documents = {_documents(case) for case in after}
    names = {case.name for case in after}
    gone = [case for case in before if _documents(case) not in documents]
    known, old = {_documents(case) for case in before}, {case.name for case in before}
    lost = [case for case in gone if case.name not in names]
    changed = [case for case in gone if case.name in names]
    new = [case for case in after if case.name not in old and _documents(case) not in known]
    holds = {result.case.name: result.passed for result in run_cases(compiled, _firing(gone))}
    silenced = frozenset(case.name for case in _firing(changed) if not holds[case.name])
    idle = frozenset(case.name for case in _firing(lost) if holds[case.name])
    return CaseChanges(tuple(lost), tuple(changed), tuple(new), silenced, idle)


def _firing(cases: Iterable[Case]) -> Iterator[Case]:
    return (case for case in cases if case.is_positive)


def _documents(case: Case) -> str:
    """What a run of a case sees, and what it must find."""
    held = [case.events, case.history, case.indicators, case.answers, case.alerts, case.alert]
    return dumps(held, sort_keys=True, default=str)
