"""What cases show of the conditions of a rule, whoever wrote them, and which of them stay when cases are made anew.

A case shows a condition if its verdict depends on it; the interpreter is asked again, so that nothing is believed.
"""

from collections.abc import Iterable, Iterator, Sequence

from rulewright_engine.esql.analysis.plan import Plan
from rulewright_engine.evaluate.event import Event
from rulewright_engine.ir.expression import (
    Exists,
    Field,
    FieldType,
    Leaf,
)
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import ConditionOutcome
from rulewright_generators.cases.esql.plan.conditions import Atom, atoms_of
from rulewright_generators.cases.esql.plan.oracle import Oracle
from rulewright_generators.cases.evidence.coverage import ConditionCoverage
from rulewright_generators.cases.evidence.results import CaseRunner
from rulewright_generators.cases.format.case_file import Case, is_generated, kind_of
from rulewright_generators.cases.format.conditions import names_of
from rulewright_generators.cases.format.naming import settled

__all__ = ["CoverageMatrix"]

Claim = tuple[str, str]
"""What a case says that it shows: an alert, or a near miss, that depends on the condition of a name; or a sentence."""


class CoverageMatrix:
    """The conditions of a rule by name, and what cases show of them."""

    def __init__(self, compiled: CompiledRule, plan: Plan) -> None:
        self.atoms = atoms_of(plan)
        self.oracle = Oracle(compiled.rule, plan, self.atoms)
        self.conditions = [Leaf(Field("", FieldType.BOOLEAN), Exists(), atom.text, atom.span) for atom in self.atoms]
        self.names = dict(zip(self.atoms, names_of(self.conditions), strict=True))
        self._by_name = {name: atom for atom, name in self.names.items()}
        self._unknown = [None] * len(self.atoms)
        self._runner = CaseRunner(compiled)

    def coverage(self, cases: Iterable[Case], outcomes: Sequence[ConditionOutcome]) -> tuple[ConditionCoverage, ...]:
        """The coverage of each condition, in order; `outcomes` are those of generation, or none: they explain."""
        cases = list(cases)
        shown = {claim for case in cases for claim in self._shown(case, self._named(case))}
        silent = [case for case in cases if case.flips]
        for atom, name in self.names.items():  # one near miss may show more than the condition that it names
            if ("near miss", name) not in shown and any(True for case in silent for _ in self._shown(case, [atom])):
                shown.add(("near miss", name))
        found = []
        for (atom, name), leaf, outcome in zip(
            self.names.items(), self.conditions, outcomes or self._unknown, strict=True
        ):
            alert, near_miss = ("alert", name) in shown, ("near miss", name) in shown
            held, failed = (alert, near_miss) if True in atom.wanted else (near_miss, alert)
            found.append(ConditionCoverage(name, leaf, held, failed, held and failed, outcome))
        return tuple(found)

    def merge(self, fresh: Sequence[Case], existing: Sequence[Case]) -> list[Case]:
        """Cases by hand, generated ones of `existing` that still show what they say, and what is missing of `fresh`."""
        own = [case for case in existing if not is_generated(case)]
        generated = [case for case in existing if is_generated(case) and self._runner.holds(case)]
        news = {claim for case in fresh for claim in _claims(case)}
        stay = [case for case in generated if self._is_current(case, news)]
        known = {claim for case in (*own, *stay) for claim in (*_claims(case), *self._shown(case, self._named(case)))}
        come = []
        for case in fresh:
            if not known.issuperset(_claims(case)):
                come.append(case)
                known |= {*_claims(case), *self._shown(case, self._named(case))}
        if not any(case.is_positive for case in (*own, *stay, *come)):
            come += [case for case in fresh if case.is_positive][:1]
        return [*own, *stay, *settled(come, [case.name for case in (*own, *stay)])]

    def _is_current(self, case: Case, news: set[Claim]) -> bool:
        """Whether a case shows all that it says; of what is about no condition, whether a fresh one says it, too."""
        named = set(_claims(case))
        return named <= set(self._shown(case, self._named(case))) if case.covers or case.flips else named <= news

    def _shown(self, case: Case, atoms: Iterable[Atom]) -> Iterator[Claim]:
        """Those of the conditions on which a case depends."""
        events = list(filter(self.oracle.sees, map(Event, case.events)))
        fired = self.oracle.fires(events, case.outside)
        if fired != case.is_positive:
            return
        for atom in atoms:
            if self.oracle.decides(atom, events, case.outside, fired=fired):
                yield ("alert" if fired else "near miss"), self.names[atom]

    def _named(self, case: Case) -> Iterable[Atom]:
        """The conditions that a case names, and those of the lists they stand in; all, if somebody wrote it."""
        names = case.covers or ((case.flips,) if case.flips else ())
        if not names:
            return () if is_generated(case) else self.atoms
        named = [self._by_name[name] for name in names if name in self._by_name]
        nodes = {id(occurrence.node) for atom in named for occurrence in atom.occurrences}
        return (
            named
            if case.covers
            else [a for a in self.atoms if any(id(occurrence.node) in nodes for occurrence in a.occurrences)]
        )


def _claims(case: Case) -> list[Claim]:
    if case.covers:
        return [("alert", name) for name in case.covers]
    return [("near miss", case.flips)] if case.flips else [(kind_of(case), case.why)]
