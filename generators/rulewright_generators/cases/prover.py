"""What is asked of the cases of a rule, whatever its language: the one place that tells ES|QL from the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from rulewright_engine.checks.proven import can_never_fire
from rulewright_engine.rules import CompiledRule
from rulewright_engine.solver import ConditionOutcome
from rulewright_generators.cases.alert_cases import alert_cases, is_alert_case
from rulewright_generators.cases.evidence.confirmed_cases import GeneratedCases
from rulewright_generators.cases.evidence.coverage import ConditionCoverage, coverage
from rulewright_generators.cases.evidence.score import Score
from rulewright_generators.cases.format.case_file import Case, in_order, is_generated
from rulewright_generators.cases.format.naming import settled
from rulewright_generators.cases.generate import condition_cases
from rulewright_generators.cases.mutation_score import condition_score

__all__ = ["condition_coverage", "generate", "never_alerts", "score"]


def generate(compiled: CompiledRule, *, existing: Sequence[Case] = ()) -> GeneratedCases:
    """Cases that prove the rule, each confirmed by running it. Cases of `existing` that still hold are kept."""
    of_alerts = [case for case in existing if is_generated(case) and is_alert_case(case)]
    made = _prover_of(compiled).generate([case for case in existing if case not in of_alerts])
    cases, gaps = alert_cases(compiled, made.cases, of_alerts)
    cases = settled(cases, [case.name for case in made.cases])
    return replace(made, cases=in_order((*made.cases, *cases)), gaps=(*made.gaps, *gaps)) if cases or gaps else made


def condition_coverage(
    compiled: CompiledRule, cases: Sequence[Case], outcomes: Sequence[ConditionOutcome] = ()
) -> tuple[ConditionCoverage, ...]:
    """What cases show of each condition, in the order of the text; `outcomes` are those of `generate`, to explain."""
    return _prover_of(compiled).coverage(cases, outcomes)


def score(compiled: CompiledRule, cases: Sequence[Case]) -> Score:
    """How many mutants of a rule its cases kill."""
    return _prover_of(compiled).score(cases)


def never_alerts(compiled: CompiledRule, made: GeneratedCases) -> bool:
    """Whether it is proven that no events raise an alert; that none of the cases `made` does proves nothing."""
    return not any(case.is_positive for case in made.cases) and _prover_of(compiled).never_alerts(made)


class _Prover(Protocol):
    """Makes and judges the cases of one rule, as the functions of this module say."""

    def generate(self, existing: Sequence[Case]) -> GeneratedCases: ...
    def coverage(
        self, cases: Sequence[Case], outcomes: Sequence[ConditionOutcome]
    ) -> tuple[ConditionCoverage, ...]: ...
    def score(self, cases: Sequence[Case]) -> Score: ...
    def never_alerts(self, made: GeneratedCases) -> bool: ...


def _prover_of(compiled: CompiledRule) -> _Prover:
    if compiled.esql is None:
        return _ConditionProver(compiled)
    from rulewright_generators.cases.esql import EsqlProver  # imported late: most rule sets hold no ES|QL

    return EsqlProver(compiled, compiled.esql)


@dataclass(frozen=True, slots=True)
class _ConditionProver:
    """Of a rule whose query is conditions on events."""

    compiled: CompiledRule

    def generate(self, existing: Sequence[Case]) -> GeneratedCases:
        return condition_cases(self.compiled, existing)

    def coverage(self, cases: Sequence[Case], outcomes: Sequence[ConditionOutcome]) -> tuple[ConditionCoverage, ...]:
        return coverage(self.compiled.query, cases, outcomes)

    def score(self, cases: Sequence[Case]) -> Score:
        return condition_score(self.compiled, cases)

    def never_alerts(self, made: GeneratedCases) -> bool:
        return can_never_fire(self.compiled)
